//! The records keep to the schemas that `miscount schema` prints.

use jsonschema::Validator;
use serde_json::Value;

use crate::support::{miscount, sentence};

/// Command lines, and the schema that their output keeps to. `doctor` and `requests` have tests of
/// their own as well.
pub(crate) const KEPT: &[(&str, &str)] = &[
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
        "waitgroup",
        "waitgroup --mistake done-twice -r 2 --format json",
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
        "census",
        "explore tests/litmus/files/SB.litmus --memory tso --format json",
    ),
    ("litmus", "explore tests/litmus/files --format json"),
    ("litmus-lines", "explore tests/litmus/files --format jsonl"),
    ("gallery", "programs --format json"),
    ("gallery-lines", "programs --format jsonl"),
    ("run", "run bank -r 1k --format json"),
    ("run", "run self-deadlock -r 10 --format json"),
    ("run", "run naive-lock --timeout 0s --format json"),
    ("run-lines", "run two-locks -r 100 --format jsonl"),
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
    ("program", "explain bank --format json"),
    ("program", "explain philosophers --set N=2 --format json"),
    ("program", "explain naive-flags --format json"),
    ("program", "explain torn-pair-fixed --format json"),
    (
        "program",
        "explain tests/litmus/files/SB.litmus --format json",
    ),
    ("program-lines", "explain bank --format jsonl"),
    ("gallery", "programs --format json"),
    ("gallery-lines", "programs --format jsonl"),
    ("census", "explore bank --format json"),
    ("census", "explore naive-flags --format json"),
    ("census", "explore if-instead-of-while --format json"),
    ("census", "explore bank --reach paid==160 --format json"),
    ("census-lines", "explore philosophers --format jsonl"),
    ("replay", "replay bank --schedule serial --format json"),
    ("map", "explain --format json"),
    ("map-lines", "explain --format jsonl"),
    ("terms", "explain terms --format json"),
    ("terms-lines", "explain symptoms --format jsonl"),
    (
        "compare-lines",
        "compare unsynced atomic -i 100 -r 2 --format jsonl",
    ),
    ("trace", "trace unsynced -t 2 -i 50 --format json"),
    ("trace", "trace atomic -i 50 --format json"),
    ("trace", "trace unsynced -t 2 -i 50 --fates --format json"),
    ("trace", "trace --timeout 0s --format json"),
    ("trace-lines", "trace unsynced -t 2 -i 50 --format jsonl"),
    (
        "trace-lines",
        "trace unsynced -t 2 -i 50 --fates --format jsonl",
    ),
    ("tour", "tour contexts --auto --quiet --format json"),
    ("tour-lines", "tour contexts --auto --quiet --format jsonl"),
    ("class", "tour --summary tests/tour/class.csv --format json"),
    (
        "class-lines",
        "tour --summary tests/tour/class.csv --format jsonl",
    ),
    ("doctor", "doctor --timeout 1ms --format json"),
    ("doctor-lines", "doctor --timeout 1ms --format jsonl"),
    ("requests", "requests --virtual --cancel B@1s --format json"),
    (
        "requests-lines",
        "requests --virtual --cancel B@1s --format jsonl",
    ),
    #[cfg(unix)]
    ("repeat", "repeat -r 3 --format json -- echo 5"),
    #[cfg(unix)]
    (
        "repeat",
        "repeat -r 3 --expected 5 --each 50ms --format json -- sleep 9",
    ),
    #[cfg(unix)]
    ("repeat", "repeat --timeout 0s --format json -- true"),
    #[cfg(unix)]
    ("repeat-lines", "repeat -r 3 --format jsonl -- false"),
];

/// Returns what `miscount schema` prints with these words.
fn schema(words: &[&str]) -> String {
    let output = miscount().arg("schema").args(words).output().unwrap();
    assert!(output.status.success(), "{words:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn every_schema_is_listed_and_kept() {
    let listed = schema(&[]);
    for name in listed.lines() {
        assert!(KEPT.iter().any(|(kept, _)| *kept == name), "{name}");
        let printed = schema(&[name]);
        assert!(printed.ends_with("}\n"), "{name}");
        let schema: Value = serde_json::from_str(&printed).unwrap();
        assert!(jsonschema::meta::is_valid(&schema), "{name}");
    }
    assert_eq!(listed.lines().count(), 36);
}

#[test]
fn a_schema_goes_to_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("census.json");
    assert_eq!(schema(&["census", "-o", path.to_str().unwrap()]), "");
    let written = std::fs::read_to_string(path).unwrap();
    assert_eq!(written, schema(&["census"]));
}

#[test]
fn an_unknown_record_is_told_which_one_was_meant() {
    for (typed, near) in [
        ("countin", "a similar record exists: 'counting';"),
        (
            "couting-lines",
            "a similar record exists: 'counting-lines';",
        ),
        ("cens", "a similar record exists: 'census';"),
        ("nothing", "no record 'nothing'; 'miscount schema'"),
        ("", "no record ''; 'miscount schema'"),
    ] {
        let output = miscount().args(["schema", typed]).output().unwrap();
        let sentence = sentence(&output, 2, typed);
        assert!(sentence.contains(near), "{sentence}");
        assert!(sentence.contains("'miscount schema' lists"), "{sentence}");
    }
}

#[test]
fn real_output_keeps_to_the_schemas() {
    for (name, words) in KEPT {
        let validator = strict(name);
        let output = miscount().args(words.split(' ')).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(!text.is_empty(), "{words}");
        let values: Vec<Value> = if name.ends_with("-lines") {
            text.lines()
                .map(|line| serde_json::from_str(line).unwrap())
                .collect()
        } else {
            vec![serde_json::from_str(&text).unwrap()]
        };
        // Also no field is there twice: the second would be lost here.
        let again = |value: &Value| {
            if name.ends_with("-lines") {
                format!("{value}\n")
            } else {
                format!("{value:#}\n")
            }
        };
        assert_eq!(
            values.iter().map(again).collect::<String>(),
            text,
            "{words}"
        );
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
    let validator = strict("counting-lines");
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

/// Returns a validator that admits no fields but those it names: programs that read records should
/// take more, a test should not.
pub(crate) fn strict(name: &str) -> Validator {
    let mut schema: Value = serde_json::from_str(&schema(&[name])).unwrap();
    let definitions = schema["$defs"].clone();
    close(&mut schema, &definitions);
    jsonschema::validator_for(&schema).unwrap()
}

fn close(schema: &mut Value, definitions: &Value) {
    match schema {
        Value::Object(fields) => {
            if fields.contains_key("properties") {
                // The referenced schema does not know the fields beside the reference, so it is
                // inlined before it is closed.
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
