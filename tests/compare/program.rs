//! The program, in every format.

use std::process::Output;

use miscount::strategy::ALL;
use serde_json::Value;
use unicode_width::UnicodeWidthStr;

use super::Script;
use crate::support;
use crate::support::Shown;

fn miscount(words: &str) -> Output {
    let mut program = support::miscount();
    support::output(program.args(words.split_whitespace()).env("COLUMNS", "80"))
}

fn printed(words: &str) -> String {
    let output = miscount(words);
    assert_eq!(output.status.code(), Some(0), "{words}: {output:?}");
    assert_eq!(output.stderr, b"", "{words}");
    String::from_utf8(output.stdout).unwrap()
}

/// A small comparison, as JSON.
fn json(words: &str) -> Value {
    let words = format!("compare -i 100 -r 3 --format json {words}");
    serde_json::from_str(&printed(&words)).unwrap()
}

#[test]
fn every_format_tells_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let file = |format: &str| folder.path().join(format);
    let common = "compare unsynced atomic -t 1,2 -i 100 -r 3 --format";
    let json = json("unsynced atomic -t 2,1,2");
    assert_eq!(json["schema"], "miscount.compare/1");
    assert_eq!(json["threads"], serde_json::json!([1, 2]));
    assert_eq!(json["stopped"], "completed");
    let entries = json["entries"].as_array().unwrap();
    let names: Vec<_> = entries
        .iter()
        .map(|e| {
            (
                e["strategy"].as_str().unwrap(),
                e["threads"].as_u64().unwrap(),
            )
        })
        .collect();
    let wanted = [
        ("unsynced", 1),
        ("atomic", 1),
        ("unsynced", 2),
        ("atomic", 2),
    ];
    assert_eq!(names, wanted);

    let lines = printed(&format!("{common} jsonl"));
    let lines: Vec<Value> = lines
        .lines()
        .map(|l| serde_json::from_str(l).unwrap())
        .collect();
    let kinds: Vec<_> = lines
        .iter()
        .map(|line| line["type"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["entry", "entry", "entry", "entry", "summary"]);
    assert_eq!(lines[4]["schema"], "miscount.compare/1");
    assert_eq!(lines[4].get("entries"), None);

    // Measured anew each time, so a record is compared with itself.
    let record = Script::of(&[1, 2]).record();
    let (json, csv) = (record.json(), record.csv());
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let heading = reader.headers().unwrap().clone();
    let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), json["entries"].as_array().unwrap().len());
    for (row, entry) in rows.iter().zip(json["entries"].as_array().unwrap()) {
        for (name, cell) in heading.iter().zip(row) {
            let value = ["ratio", "ns_per_increment"]
                .iter()
                .find_map(|whole| {
                    let part = name.strip_prefix(whole)?;
                    let part = part.strip_prefix('_').unwrap_or("median");
                    Some(&entry[whole][part])
                })
                .unwrap_or(&entry[name]);
            match value {
                Value::String(text) => assert_eq!(cell, text),
                Value::Number(number) => {
                    // Bit by bit: both say what the record says, not roughly so.
                    let bits = |value: f64| value.to_bits();
                    let cell = cell.parse().ok().map(bits);
                    assert_eq!(cell, number.as_f64().map(bits), "{name}");
                }
                other => assert_eq!(cell, other.to_string(), "{name}"),
            }
        }
    }

    for format in ["text", "json", "jsonl", "csv", "markdown"] {
        let path = file(format);
        let words = format!("{common} {format} -o {}", path.display());
        assert_eq!(printed(&words), "");
        let written = std::fs::read_to_string(path).unwrap();
        assert!(
            written.contains("unsynced") && written.ends_with('\n'),
            "{written}"
        );
    }
}

#[test]
fn by_default_all_are_compared_without_readers() {
    let json = json("");
    let entries = json["entries"].as_array().unwrap();
    let names: Vec<_> = entries
        .iter()
        .map(|e| e["strategy"].as_str().unwrap())
        .collect();
    let all: Vec<_> = ALL.iter().map(|kind| kind.name).collect();
    assert_eq!(names, all);
    assert_eq!(entries[3]["flags"], "--readers 0");
    assert_eq!(json["runs_completed"], 3);
}

#[test]
fn settings_go_to_those_who_take_them() {
    let json = json("--split --readers 1 --batch 7 --window spin:3 -t 2");
    let entries = json["entries"].as_array().unwrap();
    let flags = |name: &str| -> Vec<_> {
        let named = entries.iter().filter(|e| e["strategy"] == name);
        named.map(|e| e["flags"].as_str().unwrap()).collect()
    };
    assert_eq!(flags("unsynced"), ["--window spin:3"]);
    assert_eq!(flags("mutex-per-batch"), ["--batch 7"]);
    assert_eq!(flags("rwlock"), ["--readers 1", "--readers 1 --split"]);
    assert_eq!(flags("atomic"), [""]);
}

#[test]
fn a_sweep_says_how_each_strategy_scales() {
    let text = printed("compare atomic sharded -t 1,2,4 -i 100 -r 3");
    for word in ["1, 2, 4 threads", "atomic", "sharded", "ns/incr"] {
        assert!(text.contains(word), "{word}:\n{text}");
    }
    assert!(text.lines().all(|line| line.width() <= 80), "{text}");
}

#[test]
fn what_cannot_be_compared_is_said_in_a_sentence() {
    for (words, parts) in [
        (
            "compare mutx-per-op",
            &["mutx-per-op", "'mutex-per-op'"][..],
        ),
        ("compare atomc", &["atomc", "'atomic'"]),
        ("compare atomic --batch 3", &["--batch", "mutex-per-batch"]),
        ("compare atomic --split", &["--split", "rwlock"]),
        ("compare -t 1,,2", &["--threads", "whole number"]),
        ("compare -t 0,1", &["--threads", "1 to 1024"]),
        ("compare -r 0", &["--runs", "1 to 100000"]),
        ("compare -r 1M", &["--runs", "1 to 100000"]),
        (
            "compare -t 1,2 -i 9223372036854775808",
            &["--threads 2", "--increments", "64 bits"],
        ),
        ("compare --expect nothing", &["--expect"]),
    ] {
        let output = miscount(words);
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{words}: {error}");
        assert!(
            error.starts_with("error: ") && error.lines().count() == 1,
            "{error}"
        );
        for part in parts {
            assert!(error.contains(part), "{words}: {error}");
        }
    }
}

#[test]
fn out_of_time_what_is_done_is_reported() {
    let output = miscount("compare -i 1G -r 100k --timeout 200ms --format json");
    assert_eq!(output.status.code(), Some(124));
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["stopped"], "timeout");
    assert_eq!(json["runs_completed"], 0);
}
