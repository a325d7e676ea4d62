//! What the schemas say of the records is what a validator finds in them.

use std::fs;

use serde_json::Value;

use super::below_root;
use crate::support::miscount;

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
