//! Large and deep programs end in an error, not in a crash, and in little time and memory.

use miscount::language::{Look, MOST_BYTES, SourceFile, parse, render};

use super::{checked, right};

/// Returns what is said of a program, which is wrong.
fn said(text: String) -> String {
    let source = SourceFile::new("large.race", text);
    let errors = checked(&source, &[]).unwrap_err();
    let said = render(&errors, &source, Look::default());
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
    right("deep", &nested("lock m { while x {", "fence", "} }", 90));
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
