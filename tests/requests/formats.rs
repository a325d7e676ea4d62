//! Every format, as programs read it.

use serde_json::Value;

use super::{printed, record};
use crate::documents::strict;

const WORDS: &str = "--tree A,B(C,D) --cancel B@1s --timeout A=600ms --value D.pause=10ms";

#[test]
fn the_record() {
    let text = printed(&format!("--virtual {WORDS} --format json"));
    insta::assert_snapshot!(text);
}

#[test]
fn the_lines() {
    let text = printed("--virtual --tree A(B) --items 3 --timeout B=300ms --format jsonl");
    insta::assert_snapshot!(text);
}

#[test]
fn the_tables() {
    let tables =
        ["csv", "markdown"].map(|format| printed(&format!("--virtual {WORDS} --format {format}")));
    insta::assert_snapshot!(tables.join("\n"));
}

#[test]
fn records_and_lines_keep_to_their_schemas() {
    let record_schema = strict("requests");
    let line_schema = strict("requests-lines");
    let endings = "--items 5 --pause 1ms --value C.pause=1h --timeout B=2ms --cancel-after 50ms";
    for words in [
        format!("--virtual {WORDS}"),
        endings.to_string(),
        "--items 0".into(),
        // Numbers that are written as strings.
        "--virtual --pause 200y --items 3 --timeout A=300y".into(),
    ] {
        let record = record(&words);
        holds(&record_schema, &record, "summary");
        let lines = printed(&format!("{words} --format jsonl"));
        let lines: Vec<Value> = lines
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        for line in &lines {
            let field = match line["type"].as_str().unwrap() {
                "step" => "at_ns",
                "request" => "latency_ns",
                _ => "clock",
            };
            holds(&line_schema, line, field);
        }
        agree(&record, &lines);
    }
}

/// Holds a value to its schema, and the schema to what it is for.
fn holds(schema: &jsonschema::Validator, value: &Value, needed: &str) {
    if let Err(error) = schema.validate(value) {
        panic!("{error} at {}: {value}", error.instance_path());
    }
    let mut more = value.clone();
    more["invented"] = 0.into();
    assert!(!schema.is_valid(&more), "any field passes: {value}");
    let mut less = value.clone();
    less.as_object_mut().unwrap().shift_remove(needed).unwrap();
    assert!(!schema.is_valid(&less), "{needed} is not missed: {value}");
}

/// What the lines tell is what the record says, on the real clock but for the times.
fn agree(record: &Value, lines: &[Value]) {
    let of_type = |kind: &str| lines.iter().filter(|line| line["type"] == kind).count() as u64;
    let requests = record["requests"].as_array().unwrap();
    assert_eq!(of_type("request"), requests.len() as u64);
    assert_eq!(of_type("summary"), 1);
    let last = lines.last().unwrap();
    assert_eq!(last["type"], "summary");
    assert_eq!(last["summary"]["steps"], of_type("step"));
    if record["clock"] == "virtual" {
        assert_eq!(last["summary"], record["summary"]);
        for request in requests {
            let same =
                |line: &&Value| line["type"] == "request" && line["request"] == request["request"];
            let mut line = lines.iter().find(same).unwrap().clone();
            line.as_object_mut().unwrap().shift_remove("type");
            assert_eq!(&line, request);
        }
    }
}
