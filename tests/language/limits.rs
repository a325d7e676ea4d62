//! Large and deep programs end in an error, not in a crash, and in little time and memory.

use miscount::language::{MOST_BYTES, SourceFile, parse, render};

use super::{checked, right};

/// Returns what is said of a program, which is wrong.
fn said(text: String) -> String {
    let source = SourceFile::new("large.race", text);
    let errors = checked(&source, &[]).unwrap_err();
    let said = render(&errors, &source);
    assert!(said.len() < 20_000, "{} bytes are said", said.len());
    said
}

/// A thread whose body is this, and a variable.
fn around(body: &str) -> String {
    format!("shared x, a[3]\nmutex m\nthreads 2 {{\n{body}\n}}\n")
}

#[test]
fn a_program_of_ten_megabytes_is_refused() {
    let said = said("(".repeat(10_000_000));
    assert!(said.contains("too large: 10000000 bytes"), "{said}");
    assert!(said.contains(&MOST_BYTES.to_string()), "{said}");
}

#[test]
fn what_is_nested_too_deep_is_refused_wherever_it_is() {
    let many = |piece: &str| piece.repeat(300_000 / piece.len());
    for body in [
        format!("x = {}", many("(")),
        format!("x = {}1", many("-")),
        format!("x = {}1", many("!")),
        format!("x = {}1", many("1+")),
        format!("x = {}1", many("1 || ")),
        format!("x = {}", many("a[")),
        format!("x = {}", many("swap(x,")),
        format!("x = {}", many("(1+a[cas(x,1,")),
        many("if x {"),
        many("while x {\n"),
        many("lock m { "),
        format!("if x {{ }} {}", many("else if x { } ")),
    ] {
        let said = said(around(&body));
        assert!(said.contains("nested more than 200 levels deep"), "{said}");
        assert_eq!(said.matches("error").count(), 1, "{said}");
    }
}

#[test]
fn what_is_nested_less_deep_is_understood() {
    let nested = |opening: &str, inside: &str, closing: &str, times: usize| {
        around(&(opening.repeat(times) + inside + &closing.repeat(times)))
    };
    right("deep", &nested("if x { ", "fence", "}", 190));
    right("deep", &nested("lock m { while x {", "fence", "} }", 16));
    right(
        "deep",
        &around(&format!("x = {}x{}", "(".repeat(190), ")".repeat(190))),
    );
    right("deep", &around(&format!("x = {}x", "x + ".repeat(190))));
    right("deep", &around(&format!("x = {}1", "!".repeat(190))));
    right(
        "deep",
        &around(&format!("x = {}1{}", "a[".repeat(95), "]".repeat(95))),
    );
}

#[test]
fn a_large_program_is_understood() {
    let body = "x = x + a[1] * 2\n".repeat(MOST_BYTES / 20);
    let program = right("large", &around(&body));
    assert!(program.groups[0].body.len() > 50_000);
}

#[test]
fn errors_in_a_line_of_a_megabyte_are_shown() {
    let said = said(around(&"x = y; ".repeat(MOST_BYTES / 8)));
    assert_eq!(said.matches("unknown name 'y'").count(), 10, "{said}");
    let word = "y".repeat(MOST_BYTES / 2);
    for body in [
        format!("x = {word}"),
        word.clone(),
        format!("x = 1 {word}"),
        format!("x = \"{word}"),
    ] {
        let source = SourceFile::new("large.race", around(&body));
        assert!(parse(&source).is_err() || checked(&source, &[]).is_err());
    }
    let said = super::limits::said(around(&format!("x = {word}")));
    assert!(said.contains("the name is too long"), "{said}");
}

/// Returns a program of nearly the largest size, made of these pieces with their numbers.
fn repeated(before: &str, piece: impl Fn(usize) -> String, after: &str) -> String {
    let mut text = String::from(before);
    for at in 0.. {
        let next = piece(at);
        if text.len() + next.len() + after.len() > MOST_BYTES {
            break;
        }
        text += &next;
    }
    text + after
}

#[test]
fn much_of_anything_is_refused_or_understood() {
    let threads = "threads 2 { fence }";
    let nested = "shared x\nmutex m\nthreads 2 {".to_string() + &"lock m {".repeat(16);
    let closed = "}".repeat(17);
    for (text, expected) in [
        (
            repeated("threads 1 {", |at| format!("local r{at}\n"), "}"),
            "more than 256 locals",
        ),
        (
            repeated("", |at| format!("shared x{at}\n"), threads),
            "more than 4096 elements",
        ),
        (
            repeated("shared x", |at| format!(",x{at}=q"), ""),
            "unknown name 'q'",
        ),
        (
            repeated("shared x", |at| format!(",x{at}[q]"), ""),
            "unknown name 'q'",
        ),
        (
            repeated("", |at| format!("param p{at} = q\n"), threads),
            "unknown name 'q'",
        ),
        (
            repeated("", |_| "threads 1 { }\n".into(), ""),
            "more than 1024 threads",
        ),
        (
            repeated("", |at| format!("thread t{at} {{ }}\n"), ""),
            "more than 1024 threads",
        ),
        (
            repeated(threads, |_| "\nshow q".into(), ""),
            "unknown name 'q'",
        ),
        (
            repeated("shared a[4096]\nthreads 1 { }\nshow a", |_| ",a".into(), ""),
            "more than 4096 values",
        ),
        (
            repeated("mutex m\nthreads 1 {", |_| "lock m { ".into(), "}"),
            "nested more than 200",
        ),
        (
            repeated(
                "mutex m\nthreads 1 {",
                |_| "lock m { lock m { } }\n".into(),
                "}",
            ),
            "",
        ),
        (
            repeated(&nested, |_| "if x { return }\n".into(), &closed),
            "",
        ),
        (
            repeated(&nested, |_| "lock m { }\n".into(), &closed),
            "more than 16 locks",
        ),
        (
            repeated(
                "shared x\nthreads 1 { x = ",
                |_| "swap(x, (x + 1)) ".into(),
                "}",
            ),
            "end of the statement",
        ),
        (
            repeated("shared x = [", |_| "1,".into(), "1]\nthreads 1 { }"),
            "more than 4096 elements",
        ),
    ] {
        if expected.is_empty() {
            right("large", &text);
        } else {
            let said = said(text);
            assert!(said.contains(expected), "{said}");
        }
    }
}
