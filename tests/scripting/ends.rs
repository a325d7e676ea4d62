//! How it ends, and what is said then.

use std::process::Output;

use serde_json::Value;

use super::FORMATS;
use crate::support::{miscount, sentence};

/// A command line, and the exit code that it ends with in every format.
const CODES: &[(&str, i32)] = &[
    ("atomic", 0),
    ("atomic --expect correct", 0),
    ("atomic --expect lost", 1),
    ("atomic -i 0 --expect correct", 0),
    ("atomic -i 0 --expect lost", 1),
    ("unsynced -t 1 --expect correct", 0),
    ("unsynced -t 2 -i 1k --window yield --expect lost", 0),
    ("unsynced -t 2 -i 1k --window yield --expect correct", 1),
    ("rwlock --split -i 1k --expect correct -t 1", 0),
    // The run that is waited for, and the one that never comes.
    ("atomic --until correct --expect correct", 0),
    ("atomic --until lost -r 3", 0),
    ("atomic --until lost -r 3 --expect lost", 1),
    ("atomic --until lost --for 1ms", 0),
    (
        "unsynced -t 2 -i 1k --window yield --until lost --expect lost",
        0,
    ),
    // Time that does not suffice for a single run.
    ("atomic --for 1ns", 0),
    ("atomic --for 1ms --expect lost", 1),
    ("atomic --timeout 1h --expect correct", 0),
    ("atomic --timeout 0s", 124),
    ("atomic --timeout 1ns --expect lost", 124),
    ("atomic -i 100G --timeout 20ms", 124),
    ("atomic -i 100G --timeout 20ms --expect correct", 124),
    ("atomic -i 100G --timeout 20ms --for 1ms", 124),
    ("mutex-per-op -i 100G --timeout 20ms --until lost", 124),
    ("atomic -i 10 -r 1G --timeout 20ms", 124),
    ("atomic --for 584y --timeout 20ms", 124),
    // Wrong.
    ("atomic --for 0s", 2),
    ("atomic --for 0", 2),
    ("atomic --for 1s -r 5", 2),
    ("atomic --for 1s --trials 5", 2),
    ("atomic --for -1s", 2),
    ("atomic --for soon", 2),
    ("atomic --timeout soon", 2),
    ("atomic --timeout -1s", 2),
    ("atomic --timeout 1s --timeout 2s", 2),
    ("atomic --until never", 2),
    ("atomic --expect nothing", 2),
    // Output that cannot be written.
    ("atomic -r 1 -o /nowhere/at/all", 3),
    ("atomic -r 1 -o /", 3),
    ("atomic -r 1 -o .", 3),
    ("atomic -r 1 -o nothing/", 3),
    #[cfg(target_os = "linux")]
    ("atomic -r 1 -o /proc/version", 3),
];

#[test]
fn every_end_has_its_exit_code_in_every_format() {
    for (words, code) in CODES {
        for format in FORMATS {
            let output = miscount()
                .args(words.split(' '))
                .args(["--format", format])
                .output()
                .unwrap();
            let what = format!("{words} --format {format}");
            match code {
                2 | 3 => drop(sentence(&output, *code, &what)),
                _ => ended(&output, *code, &what),
            }
        }
    }
}

#[test]
fn what_is_asked_for_in_ascii_is_in_ascii_in_every_format() {
    for words in [
        "unsynced -t 2 -i 100 -r 3",
        "rwlock --await 10 -i 10 -r 2",
        "compare atomic unsynced -i 10 -r 2",
        "trace -t 2 -i 10 --window yield",
        "explore -t 2 -i 3 unsynced",
        "replay -t 2 -i 3 unsynced --schedule worst --steps",
        "explain unsynced",
        "explain",
        "waitgroup -i 10 -r 2",
        "requests --virtual --timeout B=333us",
        "doctor --timeout 100ms",
        "tour --auto contexts",
    ] {
        for format in FORMATS {
            let mut program = miscount();
            program
                .args(words.split(' '))
                .args(["--ascii", "--format", format]);
            let output = program.output().unwrap();
            assert!(output.status.code() != Some(2), "{words}: {output:?}");
            for text in [output.stdout, output.stderr] {
                let text = String::from_utf8(text).unwrap();
                assert!(text.is_ascii(), "{words} --format {format}:\n{text}");
            }
        }
    }
}

/// Holds what is no error to its exit code: it has a result, and a complaint goes with a 1.
fn ended(output: &Output, code: i32, what: &str) {
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{what}: {complaint}");
    assert!(!output.stdout.is_empty(), "{what}");
    if code == 1 {
        assert!(complaint.starts_with("--expect "), "{what}: {complaint}");
        assert_eq!(complaint.lines().count(), 1, "{what}: {complaint}");
    } else {
        assert_eq!(complaint, "", "{what}");
    }
}

#[test]
fn what_is_wrong_with_a_limit_is_said() {
    for (words, named) in [
        ("atomic --for 0s", ["--for", "longer than 0"]),
        ("atomic --for 1s -r 5", ["--for", "--runs"]),
        ("atomic --for soon", ["--for", "1m30s"]),
        ("atomic --timeout soon", ["--timeout", "250ms"]),
        ("atomic --until never", ["--until", "lost"]),
        ("atomic --expect nothing", ["--expect", "correct"]),
        ("atomic --format xml", ["--format", "markdown"]),
        ("atomic -o nowhere/x -r 1", ["nowhere/x", "--output"]),
    ] {
        let output = miscount().args(words.split(' ')).output().unwrap();
        let code = if words.contains("nowhere") { 3 } else { 2 };
        let sentence = sentence(&output, code, words);
        for name in named {
            assert!(sentence.contains(name), "{words}: {sentence}");
        }
    }
}

#[test]
fn what_has_not_been_measured_is_not_made_up() {
    let words = ["atomic", "-i", "100G", "--timeout", "20ms", "--format"];
    let printed = |format| {
        let output = miscount().args(words).arg(format).output().unwrap();
        assert_eq!(output.status.code(), Some(124));
        String::from_utf8(output.stdout).unwrap()
    };
    let record: Value = serde_json::from_str(&printed("json")).unwrap();
    assert_eq!(record["runs_completed"], 0);
    assert_eq!(record["stopped"], "timeout");
    assert_eq!(record["runs"], Value::Array(Vec::new()));
    assert_eq!(record["distribution"], Value::Array(Vec::new()));
    for (name, value) in record["summary"].as_object().unwrap() {
        match value {
            Value::Object(spread) => assert!(spread.values().all(Value::is_null), "{name}"),
            // None have been counted, which is known.
            _ if ["runs_lost", "runs_correct"].contains(&name.as_str()) => assert_eq!(value, 0),
            _ => assert!(value.is_null(), "{name}: {value}"),
        }
    }
    let lines = printed("jsonl");
    assert_eq!(lines.lines().count(), 1);
    let summary: Value = serde_json::from_str(&lines).unwrap();
    assert_eq!(summary["summary"], record["summary"]);
    assert_eq!(printed("csv").lines().count(), 1);
    for (format, said) in [
        ("text", "No run was finished"),
        ("markdown", "Timed out after 0 of 10"),
    ] {
        let report = printed(format);
        assert!(report.contains(said), "{report}");
        for invented in ["NaN", "inf", "%"] {
            assert!(!report.contains(invented), "{report}");
        }
    }
}

#[test]
fn the_format_none_leaves_the_exit_code_alone() {
    for (expected, code) in [("correct", 0), ("lost", 1)] {
        let mut command = miscount();
        command.args([
            "atomic", "-r", "2", "--format", "none", "--expect", expected,
        ]);
        let output = command.output().unwrap();
        assert_eq!(output.status.code(), Some(code));
        assert!(output.stdout.is_empty());
    }
}
