//! What is not in the subset is refused with its place and its word.

use std::fmt::Write as _;
use std::fs;

use miscount::language::{SourceFile, read};

use super::files;

fn said(tests: &[&str]) -> String {
    let mut said = String::new();
    for text in tests {
        let refused = read(SourceFile::new("my.litmus", *text), &[], None);
        let errors = refused.map(drop).expect_err(text);
        for error in &errors.errors {
            assert!(!error.message.ends_with('.'), "{error:?}");
        }
        for line in errors.render().lines() {
            writeln!(said, "{}", line.trim_end()).unwrap();
        }
        said.push('\n');
    }
    said
}

macro_rules! snapshots {
    ($($name:ident: [$($text:expr,)*])*) => {$(
        #[test]
        fn $name() {
            insta::with_settings!({omit_expression => true}, {
                insta::assert_snapshot!(said(&[$($text,)*]));
            });
        }
    )*};
}

snapshots! {
    headers: [
        "",
        "AArch64 MP\n{}\n",
        "shared x\n",
        "X86\n{}\n",
        "X86 T\n P0 ;\n",
    ]
    instructions: [
        "X86 T\n{}\n P0 ;\n MVO EAX,$1 ;\nexists (x=1)",
        "X86 T\n{}\n P0 ;\n CLFLUSH [x] ;\nexists (x=1)",
        "X86 T\n{}\n P0 ;\n MOV EAK,$1 ;\nexists (x=1)",
        "X86 T\n{}\n P0 ;\n MOV $1,EAX ;\nexists (x=1)",
        "X86 T\n{}\n P0 ;\n MOV [x],[y] ;\nexists (x=1)",
        "X86 T\n{}\n P0 ;\n LOCK MOV [x],$1 ;\nexists (x=1)",
        "X86 T\n{}\n P0 ;\n MOV EAX ;\nexists (x=1)",
        "X86 T\n{}\n P0 ;\n MOV [ESI],$1 ;\nexists (x=1)",
        "X86 T\n{}\n P0 ;\n JE L ;\nexists (x=1)",
        "X86 T\n{}\n P0 | P2 ;\n",
        "X86 T\n{}\n P0 ;\n MFENCE | MFENCE ;\nexists (x=1)",
        "X86 T\n{}\n P0 ;\n MOV [x],$1 MFENCE ;\nexists (x=1)",
        "X86 T\n{}\n P0 ;\n MOV [x],@1 ;\nexists (x=1)",
    ]
    values_and_conditions: [
        "X86 T\n{ x=y; }\n P0 ;\n MFENCE ;\nexists (x=1)",
        "X86 T\n{ 0:FOO=1; }\n P0 ;\n MFENCE ;\nexists (x=1)",
        "X86 T\n{ x=1 y=2 }\n P0 ;\n MFENCE ;\nexists (x=1)",
        "X86 T\n{}\n P0 ;\n MFENCE ;\nexists (x=1 /\\ )",
        "X86 T\n{}\n P0 ;\n MFENCE ;\nexists (1:EAX=1)",
        "X86 T\n{}\n P0 ;\n MFENCE ;\nexists (0:FOO=1)",
        "X86 T\n{}\n P0 ;\n MFENCE ;\nexists (x=y)",
        "X86 T\n{}\n P0 ;\n MFENCE ;\n~forall (x=1)",
        "X86 T\n{}\n P0 ;\n MFENCE ;\nexists (x=1) and more",
        "X86 T\n{}\n P0 ;\n MFENCE (* no end",
    ]
    c_forms: [
        "C T\n{}\nP0(int *x) { rcu_read_lock(); }\nexists (x=1)",
        "C T\n{}\nP0(int *x) { WRITE_TWICE(*x, 1); }\nexists (x=1)",
        "C T\n{}\nP0(int *x) { int r0 = x; }\nexists (x=1)",
        "C T\n{}\nP0(int *x) { int r0 = READ_ONCE(*y); }\nexists (x=1)",
        "C T\n{}\nP0(int *x) { int *r0; }\nexists (x=1)",
        "C T\n{}\nP0(int *x) { for (;;) { } }\nexists (x=1)",
        "C T\n{}\nP0(int *x) { int r0 = *x & 1; }\nexists (x=1)",
        "C T\n{}\nP0(int *x) { int r0 = smp_mb(); }\nexists (x=1)",
        "C T\n{}\nP0(int *x) { WRITE_ONCE(*x, 1) }\nexists (x=1)",
        "C T\n{}\nP0(int *x) { WRITE_ONCE(*x, 1);\nexists (x=1)",
        "C T\n{}\nP1(int *x) { }\nexists (x=1)",
        "C T\n{}\nP0(int *x) { int r0; }\nexists (0:r1=1)",
        "C T\n{}\nP0(int *x) { int r0 = cmpxchg(x, 0, 1); }\nexists (x=1)",
        "C T\n{}\nP0(int *x) { spin_lock(x); *x = 1; spin_unlock(x); }\nexists (x=1)",
    ]
}

/// Whatever is cut off, left out or put in, there is an answer.
#[test]
fn broken_tests_are_answered() {
    let mut random = fastrand::Rng::with_seed(7);
    let mut texts = Vec::new();
    for entry in fs::read_dir(files()).unwrap() {
        texts.push(fs::read_to_string(entry.unwrap().path()).unwrap());
    }
    texts.sort();
    let pieces = [
        "|", ";", "{", "}", "(", ")", "[", "]", "(*", "*)", "\"", "0:", "$", "-", "\\/", "/\\",
        "~", "exists", "P0", "LOCK ", "L: ", "JMP L ", "0x", "\u{e9}", ",", "=", "if (", "*",
    ];
    let mut read_well = 0;
    for round in 0..4000 {
        let mut text = texts[round % texts.len()].clone();
        for _ in 0..=random.usize(..3) {
            let mut places = [random.usize(..=text.len()), random.usize(..=text.len())];
            places.sort_unstable();
            let [from, to] = places.map(|place| text.floor_char_boundary(place));
            let to = text.floor_char_boundary(to.min(from + random.usize(..9)));
            let piece = pieces[random.usize(..pieces.len())];
            text.replace_range(from..to, piece);
        }
        match read(SourceFile::new("broken.litmus", &*text), &[], None) {
            Ok(_) => read_well += 1,
            Err(errors) => assert!(!errors.render().is_empty()),
        }
    }
    assert!(read_well > 0);
}

#[test]
fn what_is_nested_too_deeply_is_refused() {
    let deep = "(".repeat(5000);
    for text in [
        format!("X86 T\n{{}}\n P0 ;\n MFENCE ;\nexists {deep}"),
        format!(
            "X86 T\n{{}}\n P0 ;\n MFENCE ;\nexists {}x=1",
            "~".repeat(5000)
        ),
        format!("C T\n{{}}\nP0(int *x) {{ int r0 = {deep} }}"),
        format!("C T\n{{}}\nP0(int *x) {{ {} }}", "{".repeat(5000)),
        format!("C T\n{{}}\nP0(int *x) {{ {} }}", "if (1) ".repeat(5000)),
        format!(
            "C T\n{{}}\nP0(int *x) {{ int r0 = {}1; }}",
            "!".repeat(5000)
        ),
        format!(
            "X86 T\n{{}}\n P0 ;\n {} ;\nexists (x=1)",
            "L: ".repeat(5000)
        ),
    ] {
        let _ = read(SourceFile::new("deep.litmus", &*text), &[], None);
    }
    // Generated conditions are long, not deep.
    let long = vec!["x=1 /\\ 0:EAX=0"; 2000].join(" \\/ ");
    let text = format!("X86 T\n{{}}\n P0 ;\n MOV [x],$1 ;\nforall {long}");
    assert!(read(SourceFile::new("long.litmus", &*text), &[], None).is_ok());
}
