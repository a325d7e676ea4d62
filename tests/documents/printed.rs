//! What the documents show is what is printed.

use serde_json::Value;

use super::{blocks, documents, words};
use crate::support::{miscount, single_core};

/// A command of a console block, and what the block says that it prints.
struct Shown<'a> {
    document: &'a str,
    words: Vec<&'a str>,
    printed: Vec<&'a str>,
}

fn shown<'a>(document: &'a str, block: &'a str) -> Vec<Shown<'a>> {
    let mut all: Vec<Shown> = Vec::new();
    for line in block.lines() {
        match (line.strip_prefix("$ "), all.last_mut()) {
            (Some(command), _) => all.push(Shown {
                document,
                words: words(command),
                printed: Vec::new(),
            }),
            (None, Some(last)) => last.printed.push(line),
            (None, None) => panic!("{document}: a block begins with a command: {line}"),
        }
    }
    all
}

/// How often an experiment whose race is likely, but not certain, is given another chance.
const CHANCES: usize = 20;

#[test]
fn what_the_documents_show_is_what_is_printed() {
    let documents = documents();
    let mut commands = 0;
    for (document, text) in &documents {
        for block in blocks(text, "console") {
            let mut code = None;
            for shown in shown(document, block) {
                commands += 1;
                // It needs process groups.
                if cfg!(not(unix)) && shown.words.get(1) == Some(&"repeat") {
                    continue;
                }
                if shown.words == ["echo", "$?"] {
                    assert_eq!(shown.printed, [format!("{}", code.unwrap())], "{document}");
                } else {
                    code = Some(holds(&shown));
                }
            }
        }
    }
    assert!(commands >= 8, "only {commands} commands are shown");
}

/// Holds what is shown to what the program prints, on both streams; gives its exit code.
fn holds(shown: &Shown<'_>) -> i32 {
    let words = &shown.words;
    assert_eq!(words[0], "miscount", "{}", shown.document);
    let mut program = miscount();
    // On one core there is no race to show without an interruption.
    if single_core() && words[1] == "unsynced" && !words.contains(&"--window") {
        program.args(["unsynced", "--window", "yield"]);
    } else {
        program.arg(words[1]);
    }
    program.args(&words[2..]);
    let expected = shown.printed.join("\n");
    let mut printed = String::new();
    for _ in 0..CHANCES {
        let output = program.output().unwrap();
        printed = String::from_utf8(output.stdout).unwrap();
        printed.push_str(&String::from_utf8(output.stderr).unwrap());
        let code = output.status.code().unwrap();
        let (pieces, is_certain): (fn(&str) -> Vec<String>, _) =
            if is_the_same_every_time(words, code) {
                (lines, true)
            } else {
                (tokens, false)
            };
        if matches(&pieces(&expected), &pieces(&printed)) {
            return code;
        }
        if is_certain {
            break;
        }
    }
    panic!(
        "{}: {}\nprints\n{printed}\nand not\n{}",
        shown.document,
        words.join(" "),
        shown.printed.join("\n")
    )
}

/// Whether what a command prints depends on nothing but its words, and neither on luck nor on the
/// machine: then it is held to every sign. The lines that tell a time are left out where it is shown.
fn is_the_same_every_time(words: &[&str], code: i32) -> bool {
    let model = ["explore", "replay", "explain"].contains(&words[1]);
    let played = ["--virtual", "--list", "--puzzles", "--help"];
    // Errors, of which nothing was done.
    [2, 3].contains(&code) || model || words.iter().any(|word| played.contains(word))
}

fn lines(text: &str) -> Vec<String> {
    text.lines().map(|line| line.trim_end().into()).collect()
}

/// What stays the same from run to run: words. Numbers, units of time and bars do not, nor does
/// the place where a line is broken.
fn tokens(text: &str) -> Vec<String> {
    let text = text.replace(" --window yield", "");
    let words = text
        .split_whitespace()
        .map(|word| word.replace(['█', '░'], ""));
    words
        .filter(|word| {
            // Nor the rule below the heading of a table.
            let drawn = word.chars().all(|c| ['|', '-', ':'].contains(&c)) && word.len() > 1;
            !word.is_empty() && !drawn && !["ns", "us", "µs", "ms", "s"].contains(&word.as_str())
        })
        .map(|word| {
            let mut spelt = String::new();
            for c in word.chars() {
                match c {
                    '0'..='9' | ',' | '.' if spelt.ends_with('N') => {}
                    '0'..='9' => spelt.push('N'),
                    c => spelt.push(c),
                }
            }
            spelt
        })
        .collect()
}

/// Whether they are the same, where `...` stands for any.
fn matches(shown: &[String], printed: &[String]) -> bool {
    let mut parts = shown.split(|token| token == "...");
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = printed.strip_prefix(first) else {
        return false;
    };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        let here = |from: usize| rest[from..].starts_with(part);
        let Some(at) = (0..=rest.len()).find(|&from| here(from)) else {
            return false;
        };
        rest = &rest[at + part.len()..];
    }
    true
}

#[test]
fn what_is_printed_differs_from_what_is_not() {
    let same = |shown, printed| matches(&tokens(shown), &tokens(printed));
    assert!(same("a 1,5 ns\n...\nb", "a 17.2 µs\nx y\nz\nb"));
    assert!(same("a 1 █░ 2% lost", "a 3 ███ 4%\nlost"));
    assert!(same("...\nb\n...", "a b c"));
    for (shown, printed) in [
        ("a 1", "a b"),
        ("a", "a b"),
        ("a b", "a"),
        ("a\n...\nb", "a b c"),
        ("...\nb\n...\nb", "a b"),
        ("{\"a\":1}", "{\"b\":1}"),
        ("a -r 1", "a -t 1"),
        ("1 lost", "1 correct"),
    ] {
        assert!(!same(shown, printed), "{shown} / {printed}");
    }
}

#[test]
fn what_is_the_same_every_time_is_held_to_every_sign() {
    let certain = |command: &str, code| {
        let words: Vec<_> = command.split(' ').collect();
        is_the_same_every_time(&words, code)
    };
    assert!(certain("miscount explore unsynced -t 2 -i 5", 0));
    assert!(certain("miscount requests --virtual", 0));
    assert!(certain("miscount unsynced -t 0", 2));
    assert!(!certain("miscount unsynced", 0) && !certain("miscount requests", 0));
    let same = |shown, printed| matches(&lines(shown), &lines(printed));
    assert!(same("a  1\n...\nb 2", "a  1\nx\ny\nb 2\n"));
    for printed in ["a 1\nb 2", "a  2\nb 2", "a  1\nb 3", "a  1\nb 2\nc"] {
        assert!(!same("a  1\n...\nb 2", printed), "{printed}");
    }
}

/// The words that an example in JSON was printed with, and where it stands.
const EXAMPLES: &[(&str, &[&str])] = &[("formats.md", &["unsynced -r 2 --format json"])];

#[test]
fn an_example_in_json_has_the_shape_of_the_real_output() {
    let documents = documents();
    for (name, commands) in EXAMPLES {
        let (_, text) = documents
            .iter()
            .find(|(document, _)| document == name)
            .unwrap();
        let examples = blocks(text, "json");
        assert_eq!(examples.len(), commands.len(), "{name}");
        for (example, words) in examples.iter().zip(*commands) {
            let output = miscount().args(words.split(' ')).output().unwrap();
            let real: Value = serde_json::from_slice(&output.stdout).unwrap();
            let example: Value = serde_json::from_str(example).unwrap();
            assert_eq!(shape(&example), shape(&real), "{name}: {words}");
        }
    }
}

/// Keys in their order, and types; of a list, the shapes that occur in it.
fn shape(value: &Value) -> String {
    match value {
        Value::Null => "null".into(),
        Value::Bool(_) => "bool".into(),
        Value::Number(_) => "number".into(),
        Value::String(_) => "string".into(),
        Value::Array(values) => {
            let mut shapes: Vec<_> = values.iter().map(shape).collect();
            shapes.dedup();
            format!("[{}]", shapes.join(", "))
        }
        Value::Object(fields) => {
            let fields = fields
                .iter()
                .map(|(key, value)| format!("{key}: {}", shape(value)));
            format!("{{{}}}", fields.collect::<Vec<_>>().join(", "))
        }
    }
}
