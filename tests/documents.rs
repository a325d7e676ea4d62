//! The documents tell the truth: what they show is what the program prints, and what they promise
//! of its records is what a validator finds in them.
//!
//! The schemas in docs/schema are made from the records. Where these have changed for good,
//! `ACCEPT=1 cargo test schema` writes them anew; look at the difference before it is committed.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::{miscount, single_core};

fn below_root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// README.md and all of docs/*.md.
fn documents() -> Vec<(String, String)> {
    let mut paths: Vec<_> = fs::read_dir(below_root("docs"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .collect();
    paths.push(below_root("README.md"));
    paths.sort();
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).unwrap();
        (
            path.file_name().unwrap().to_string_lossy().into_owned(),
            text,
        )
    };
    paths.into_iter().map(read).collect()
}

/// The fenced blocks of a document in this language, without their fences.
fn blocks<'a>(text: &'a str, language: &str) -> Vec<&'a str> {
    let fence = format!("\n```{language}\n");
    text.split(&fence)
        .skip(1)
        .map(|rest| rest.split_once("\n```").expect("a fence that ends").0)
        .collect()
}

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

/// The words of a command, without the quotes that a shell takes away. None has a space.
fn words(command: &str) -> Vec<&str> {
    let words = command.split_whitespace();
    words.map(|word| word.trim_matches('\'')).collect()
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
    let expected = tokens(&shown.printed.join("\n"));
    let mut printed = String::new();
    for _ in 0..CHANCES {
        let output = program.output().unwrap();
        printed = String::from_utf8(output.stdout).unwrap();
        printed.push_str(&String::from_utf8(output.stderr).unwrap());
        if matches(&expected, &tokens(&printed)) {
            return output.status.code().unwrap();
        }
    }
    panic!(
        "{}: {}\nprints\n{printed}\nand not\n{}",
        shown.document,
        words.join(" "),
        shown.printed.join("\n")
    )
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
            let drawn = word.chars().all(|c| ['|', '-'].contains(&c)) && word.len() > 1;
            !word.is_empty() && !drawn && !["ns", "µs", "ms", "s"].contains(&word.as_str())
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
    assert!(same("a 1 █░ 2 % lost", "a 3 ███ 4 %\nlost"));
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

#[test]
fn the_schemas_are_those_of_the_records() {
    let mut stale = Vec::new();
    let folder = below_root("docs/schema");
    let mut written = Vec::new();
    for (name, schema) in miscount::report::schemas() {
        let path = folder.join(format!("{name}.json"));
        let current = format!("{:#}\n", schema.as_value());
        written.push(path.clone());
        if fs::read_to_string(&path).ok().as_ref() == Some(&current) {
            continue;
        }
        if std::env::var_os("ACCEPT").is_some() {
            fs::create_dir_all(&folder).unwrap();
            fs::write(&path, current).unwrap();
        } else {
            stale.push(name);
        }
    }
    assert!(
        stale.is_empty(),
        "docs/schema is not up to date: {stale:?}; ACCEPT=1 cargo test schema writes it anew"
    );
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        assert!(
            written.contains(&path),
            "{} is of no record",
            path.display()
        );
    }
}

/// Command lines, and the schema that their output keeps to.
const KEPT: &[(&str, &str)] = &[
    ("counting", "unsynced -r 3 --format json"),
    (
        "counting",
        "unsynced --window yield -i 1k -r 1 --format json",
    ),
    ("counting", "rwlock -i 100 -r 2 --format json"),
    ("counting", "rwlock --await 100 -i 100 -r 2 --format json"),
    ("counting", "rwlock --await 5 --timeout 0s --format json"),
    ("counting", "atomic --timeout 0s --format json"),
    ("counting", "atomic --for 1ms --format json"),
    ("counting", "atomic -i 0 -r 2 --format json"),
    // Totals that are written as strings.
    (
        "counting",
        "sharded -t 1024 -i 9007199254740993 --timeout 0s --format json",
    ),
    // Too many runs to list.
    (
        "counting",
        "atomic -i 1 --stride 1k -r 100_001 --format json",
    ),
    ("counting-lines", "unsynced -r 3 --format jsonl"),
    ("counting-lines", "rwlock -i 100 -r 2 --format jsonl"),
    ("counting-lines", "atomic --timeout 0s --format jsonl"),
    ("waitgroup", "waitgroup -r 2 --format json"),
    ("waitgroup", "waitgroup --timeout 0s --format json"),
    (
        "waitgroup",
        "waitgroup --mistake forget-done --timeout 10ms --format json",
    ),
    (
        "waitgroup-lines",
        "waitgroup --mistake add-inside -r 2 --format jsonl",
    ),
    ("compare", "compare -t 1,2 -i 100 -r 2 --format json"),
    ("compare", "compare atomic -i 0 -r 1 --format json"),
    ("compare", "compare --timeout 0s --format json"),
    ("census", "explore unsynced -t 2 -i 2 --format json"),
    (
        "census",
        "explore unsynced -t 3 -i 5 --max-states 10 --format json",
    ),
    ("census", "explore atomic -t 2 -i 2 --reach 3 --format json"),
    ("census-lines", "explore unsynced -t 2 -i 2 --format jsonl"),
    (
        "replay",
        "replay unsynced --schedule worst -t 2 -i 50 --steps --format json",
    ),
    ("replay", "replay atomic --schedule serial --format json"),
    (
        "replay-lines",
        "replay unsynced --schedule worst -t 2 -i 50 --steps --format jsonl",
    ),
    ("explanation", "explain unsynced --format json"),
    ("explanation", "explain rwlock --split --format json"),
    ("explanation", "explain atomic --format json"),
    ("explanation", "explain map-reduce --format json"),
    ("explanation-lines", "explain unsynced --format jsonl"),
    ("map", "explain --format json"),
    ("map-lines", "explain --format jsonl"),
    (
        "compare-lines",
        "compare unsynced atomic -i 100 -r 2 --format jsonl",
    ),
];

#[test]
fn real_output_keeps_to_the_schemas() {
    for (name, words) in KEPT {
        let schema = strict(name);
        let validator = jsonschema::validator_for(&schema).unwrap();
        let output = miscount().args(words.split(' ')).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(!text.is_empty(), "{words}");
        let values: Vec<Value> = if words.ends_with("jsonl") {
            text.lines()
                .map(|line| serde_json::from_str(line).unwrap())
                .collect()
        } else {
            vec![serde_json::from_str(&text).unwrap()]
        };
        for value in values {
            if let Err(error) = validator.validate(&value) {
                panic!("{words}: {error} at {}", error.instance_path());
            }
            // The validator is awake.
            let mut more = value.clone();
            more["invented"] = 0.into();
            assert!(!validator.is_valid(&more), "{words}: any field passes");
            let mut less = value;
            less.as_object_mut().unwrap().shift_remove("type");
            less.as_object_mut().unwrap().shift_remove("schema");
            assert!(!validator.is_valid(&less), "{words}: no field is missed");
        }
    }
}

#[test]
fn a_large_number_may_be_a_string_and_nothing_else_may() {
    let schema = strict("counting-lines");
    let validator = jsonschema::validator_for(&schema).unwrap();
    for (actual, valid) in [
        ("9007199254740992", true),
        ("9007199254740993", false),
        ("\"9007199254740993\"", true),
        ("\"many\"", false),
        ("-1", false),
        ("1.5", false),
        ("null", false),
    ] {
        let line = format!(
            "{{\"type\":\"run\",\"run\":1,\"actual\":{actual},\"lost\":0,\"elapsed_ns\":7}}"
        );
        let line: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(validator.is_valid(&line), valid, "{line}");
    }
}

/// A schema of docs/schema that admits no fields but those it names: programs that read records
/// should take more, this test should not.
pub(crate) fn strict(name: &str) -> Value {
    let text = fs::read_to_string(below_root(&format!("docs/schema/{name}.json"))).unwrap();
    let mut schema: Value = serde_json::from_str(&text).unwrap();
    let definitions = schema["$defs"].clone();
    close(&mut schema, &definitions);
    schema
}

fn close(schema: &mut Value, definitions: &Value) {
    match schema {
        Value::Object(fields) => {
            if fields.contains_key("properties") {
                // What it refers to is open to the fields beside the reference, so it has to be
                // put in its place.
                if let Some(Value::String(name)) = fields.remove("$ref") {
                    let referred = &definitions[name.trim_start_matches("#/$defs/")];
                    for (key, value) in referred["properties"].as_object().unwrap() {
                        fields["properties"][key] = value.clone();
                    }
                    let required = fields["required"].as_array_mut().unwrap();
                    required.extend(
                        referred["required"]
                            .as_array()
                            .into_iter()
                            .flatten()
                            .cloned(),
                    );
                }
                fields.insert("additionalProperties".into(), false.into());
            }
            for value in fields.values_mut() {
                close(value, definitions);
            }
        }
        Value::Array(schemas) => {
            for schema in schemas {
                close(schema, definitions);
            }
        }
        _ => {}
    }
}

#[test]
fn every_exit_code_is_documented() {
    use miscount::error::Exit;
    let text = fs::read_to_string(below_root("docs/formats.md")).unwrap();
    for exit in [
        Exit::Done,
        Exit::Unexpected,
        Exit::Usage,
        Exit::Machine,
        Exit::TimedOut,
        Exit::Interrupted,
    ] {
        let row = format!("\n| {} | ", exit.number());
        assert!(text.contains(&row), "{exit:?} is not in docs/formats.md");
    }
}

/// The commands that the documents name exist, with the flags they are named with.
#[test]
fn the_commands_that_the_documents_name_can_be_typed() {
    let mut commands = 0;
    for (document, text) in documents() {
        for block in blocks(&text, "sh") {
            for line in block.lines().filter(|line| line.starts_with("miscount ")) {
                let line = line.split('#').next().unwrap();
                let line = line.split(['|', '>', ';', '&']).next().unwrap();
                commands += 1;
                can_be_typed(&document, line);
            }
        }
    }
    assert!(commands > 5, "only {commands} commands are named");
}

/// Holds a command that somebody names to the command line.
pub(crate) fn can_be_typed(who: &str, command: &str) {
    let typed = words(command).into_iter().map(Into::into);
    if let Err(error) = miscount::cli::parse(typed) {
        assert!(!error.use_stderr(), "{who}: {command}: {error}");
    }
}

#[test]
fn links_between_the_documents_lead_somewhere() {
    let mut links = 0;
    for (document, text) in documents() {
        let folder = if document == "README.md" { "." } else { "docs" };
        for link in text.split("](").skip(1) {
            let target = link.split([')', '#']).next().unwrap();
            if target.contains("://") || target.is_empty() {
                continue;
            }
            links += 1;
            assert!(
                below_root(folder).join(target).exists(),
                "{document}: {target} is not there"
            );
        }
    }
    assert!(links > 2, "only {links} links");
}
