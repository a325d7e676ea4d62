//! Every kind of error, as it is shown.

use std::fmt::Write as _;

use miscount::language::{SourceFile, read, render};

use super::checked;

/// Returns what is said of each of these programs.
fn said(programs: &[&str]) -> String {
    let mut said = String::new();
    for program in programs {
        writeln!(said, "{}", said_of(program, &[])).unwrap();
    }
    said
}

fn said_of(program: &str, set: &[(&str, i64)]) -> String {
    let source = SourceFile::new("my.race", program);
    let set: Vec<_> = set
        .iter()
        .map(|(name, value)| (String::from(*name), *value))
        .collect();
    let errors = checked(&source, &set).expect_err(program);
    for error in &errors {
        assert!(!error.message.starts_with(char::is_uppercase), "{error:?}");
        assert!(!error.message.ends_with('.'), "{error:?}");
    }
    let text = render(&errors, &source);
    // Its blank margins would end in spaces.
    text.lines()
        .map(|line| format!("{}\n", line.trim_end()))
        .collect()
}

macro_rules! snapshots {
    ($($name:ident: [$($program:expr,)*])*) => {$(
        #[test]
        fn $name() {
            insta::with_settings!({omit_expression => true}, {
                insta::assert_snapshot!(said(&[$($program,)*]));
            });
        }
    )*};
}

snapshots! {
    characters_and_texts: [
        "shared x = 1 @ 2\nthreads 2 { x = 1 }",
        "title 'a'\nthreads 2 { fence }",
        "shared x\nthreads 2 { if x & 1 { } }",
        "shared x = 99999999999999999999\nthreads 2 { x = 1 }",
        "shared x = 2x\nthreads 2 { x = 1 }",
        "title \"no end\nthreads 2 { fence }",
        "story \"\"\"no\nend\nthreads 2 { fence }",
        "title \"a\\tb\"\nthreads 2 { fence }",
    ]
    names: [
        "shared account\nthreads 2 { acount += 1 }",
        "threads 2 { local seen = 1\nsen = 2 }",
        "shared x\nthreads 2 { while true { x = false } }",
        "threads 2 { zzz = 2 }",
        "shared x\nmutex m\nshared x\nthreads 2 { x = 1 }",
        "shared x\nthreads 2 { local x = 1\nx = 2 }",
        "thread A { local r\nlocal r }",
        "thread a { fence }\nthread a { fence }",
        "thread B { fence }\nthread A { fence }",
        "shared read\nthreads 2 { fence }",
        "mutex lock\nthreads 2 { fence }",
        "shared x\nthread first { local r = x }\nexpect r == 1",
        "shared x\nthread first { local r = x }\nexpect A.s == 1",
        "shared x\nthread first { local r = x }\nexpect B.r == 1",
        "shared x\nthread first { local r = x }\nexpect firts.r == 1",
        "shared x\nthread many * 3 { local r = x }\nexpect many.r == 1",
        "shared x\nthreads 2 { x = A.r }",
        "title \"a\"\ntitle \"b\"\nthreads 2 { fence }",
    ]
    types_mixed: [
        "shared x\nmutex m\nthreads 2 { x = m + 1 }",
        "shared x\nthreads 2 { lock x { } }",
        "rwlock l\nthreads 2 { lock l { } }",
        "mutex m\nthreads 2 { read m }",
        "mutex m\nthreads 2 { wait m }",
        "condition c on x\nshared x\nthreads 2 { wait c }",
        "shared x\ncondition c on x\nthreads 2 { wait c }",
        "threads 2 { local r\nlock r }",
        "threads 2 { local r\nr = fetch_add(r, 1) }",
        "threads 2 { local r\natomic r += 1 }",
        "param N = 2\nthreads N { N = 1 }",
        "mutex m = 1\nthreads 2 { lock m { } }",
        "semaphore s\nthreads 2 { acquire s }",
        "barrier b = 0\nthreads 2 { arrive b }",
        "mutex m\nthreads 2 { fence }\nexpect m == 1",
        "mutex m\nthreads 2 { fence }\nshow m",
        "shared x\nthreads 2 { x = cas(x, 1) }",
        "shared x\nthreads 2 { x = self }\nexpect self == 1",
        "shared x\nthreads 2 { fence }\nexpect swap(x, 1) == 1",
        "shared x\nthreads 2 { x = 1 }\nshow x + 1",
    ]
    arrays_and_numbers: [
        "shared a[0]\nthreads 2 { a[0] = 1 }",
        "shared a[1000000000]\nthreads 2 { a[0] = 1 }",
        "shared a[3000], b[3000]\nthreads 2 { a[0] = 1 }",
        "shared x\nthreads 2 { x[1] = 1 }",
        "shared a[3]\nthreads 2 { a = 1 }",
        "shared a[3]\nthreads 2 { a[3] = 1 }",
        "shared a[3] = [1, 2]\nthreads 2 { a[0] = 1 }",
        "shared a[x], x\nthreads 2 { a[0] = 1 }",
        "shared x\nthreads 2 { repeat x { fence } }",
        "shared x\nthreads 2 { repeat self { fence } }",
        "shared x\nthreads 2 { repeat -1 { fence } }",
        "shared x\nthreads 2 { x = 1 / 0 }",
        "param N = 0\nshared x\nthreads 2 { x = 7 % N }",
        "shared x\nthreads 2 { x = 1 }\nexpect x[0] == 1",
        "shared a[2]\nthreads 2 { lock a { fence } }",
    ]
    statements: [
        "shared x\nx = 1\nthreads 2 { x = 1 }",
        "shared x\nthreads 2 { x++ }",
        "shared x\nthreads 2 { x == 1 }",
        "shared x\nthreads 2 { if x = 1 { x = 2 } }",
        "shared x\nthreads 2 { if x == 1 and x == 2 { x = 2 } }",
        "shared x\nthreads 2 { if 1 < x < 3 { x = 2 } }",
        "shared x\nthreads 2 { x = 1 x = 2 }",
        "shared x\nthreads 2 { x = }",
        "shared x\nthreads 2 { x = (1 + 2\n x = 3 }",
        "mutex m\nthreads 2 { lok m }",
        "threads 2 { for i in 1 { fence } }",
        "threads 2 { else { fence } }",
        "threads 2 { break }",
        "shared x\nthreads 2 { while x { lock m { continue } }\ncontinue }\nmutex m",
        "shared x\nthreads 2 { fetch_add(x, 1) + 1 }",
        "shared x = 2\nthreads 2 { atomic x *= 2 }",
        "shared x\nthreads 2 { atomic x = x + 1 }",
        "shared x, y\nthreads 2 { await x == y }",
        "shared x, a[3]\nthreads 2 { await a[x] == 1 }",
        "shared x\nthreads 2 { await swap(x, 1) == 0 }",
        "threads 2 { local r\nawait r == 1 }",
        "threads 2 { while 1 { } }",
        "spurious\nthreads 2 { fence }",
        "rwlock l writers\nthreads 2 { fence }",
        "shared x\nthreads 2 { fence }\nalways x == 1 under arm",
        "shared x\nthreads 2 { fence }\ngoal x == 1",
        "treads 2 { fence }",
        "condition c\nthreads 2 { fence }",
    ]
    braces: [
        "shared x\nthreads 2 {\n    x = 1\n",
        "shared x\nthreads 2 {\n    while x {\n        x = 1\n    x = 2\n}\nshow x\n",
        "shared x\nthread A {\n    x = 1\n\nthread B {\n    x = 2\n}\n",
        "shared x\nthreads 2 {\n    x = 1\n}\n}\n",
        "shared x\nthreads 2\n",
    ]
    threads: [
        "",
        "# nothing\n",
        "shared x\n",
        "threads 0 { fence }",
        "threads 1025 { fence }",
        "threads 1000 { fence }\nthreads 100 { fence }",
        "shared n\nthreads n { fence }",
    ]
    several_at_once: [
        "shared acount = 1\nmutex m\n\nthreads 2 {\n    account = 1\n    lock account {\n        x = 1\n    }\n    break\n}\nexpect accout == 1\n",
        "threads 2 {\n    x ++\n    if 1 = 2 { }\n    y y\n    )\n}\n",
        "threads 2 { a=1;b=1;c=1;d=1;e=1;f=1;g=1;h=1;i=1;j=1;k=1;l=1 }",
    ]
}

#[test]
fn parameters_that_are_not_there() {
    let program = "param threads = 2\nparam N = 3\nthreads threads { repeat N { fence } }";
    let said = [
        said_of(program, &[("thread", 3)]),
        said_of(program, &[("M", 3), ("x", 1)]),
        said_of(program, &[("threads", 0)]),
        said_of("threads 2 { fence }", &[("N", 3)]),
    ];
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn tabs_wide_characters_and_long_lines() {
    let long = format!(
        "shared x\nthreads 2 {{ x = {} y }}",
        "1 + ".repeat(90) + "z"
    );
    let said = [
        said_of("shared x\r\nthreads 2 {\r\n\t\tx = y\r\n}\r\n", &[]),
        said_of(
            "shared \u{6570}, e\u{301}\nthreads 2 { \u{6570} = \u{6570}\u{6570} }",
            &[],
        ),
        said_of(&long, &[]),
        said_of("shared x\nthreads 2 { x = \u{1b}[31m }", &[]),
    ];
    insta::assert_snapshot!(said.join("\n"));
}

/// A condition belongs to one mutex: to no other object, and to no array of them.
#[test]
fn a_condition_belongs_to_a_single_mutex() {
    for other in ["rwlock m", "semaphore m = 1", "barrier m = 2", "mutex m[2]"] {
        let said = said_of(
            &format!("{other}\ncondition c on m\nthreads 2 {{ notify c }}"),
            &[],
        );
        assert!(said.contains("a single mutex"), "{other}: {said}");
    }
}

/// Texts, comments and lines of a program are shown as they are.
#[test]
fn what_would_steer_a_terminal_is_refused_wherever_it_is() {
    for program in [
        "title \"a\u{1b}[31m\"\nshared x\nthread { x = 1 }",
        "shared x # \u{7}\nthread { x = 1 }",
        "shared x // \u{7f}\nthread { x = 1 }",
        "shared x\nthread { x = 1 \u{9b}31m }",
        "X86 SB\u{1b}[2J\n{ }\n P0 ;\n MOV [x],$1 ;\nexists (x=1)",
    ] {
        let source = SourceFile::new("my.race", program);
        let errors = read(source, &[], None).unwrap_err().render();
        assert!(errors.contains("unexpected character '\\u{"), "{errors}");
        assert!(
            !errors.contains(['\u{1b}', '\u{7}', '\u{7f}', '\u{9b}']),
            "{errors}"
        );
    }
    let source = SourceFile::new("my.race", "shared x\r\n\tthread { x = 1 }\r\n");
    assert!(read(source, &[], None).is_ok(), "other editors");
}
