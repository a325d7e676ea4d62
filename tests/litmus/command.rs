//! Litmus tests on the command line.

use std::fs;
use std::process::Output;

use serde_json::Value;

use super::files;
use crate::support::{miscount, output};

fn explored(arguments: &[&str]) -> Output {
    output(
        miscount()
            .current_dir(files())
            .arg("explore")
            .args(arguments),
    )
}

fn text(of: &[u8]) -> String {
    String::from_utf8(of.to_vec()).unwrap()
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", text(&output.stderr)))
}

#[test]
fn herds_lines() {
    let lines = |arguments: &[&str]| {
        let printed = text(&explored(arguments).stdout);
        let kept = printed.lines().filter(|line| !line.starts_with("Time "));
        kept.collect::<Vec<_>>().join("\n")
    };
    let end = "Condition exists (0:EAX=0 /\\ 1:EAX=0)\nObservation SB";
    assert_eq!(
        lines(&["SB.litmus", "--herd", "--memory", "tso"]),
        format!(
            "Test SB Allowed\nStates 4\n0:EAX=0; 1:EAX=0;\n0:EAX=0; 1:EAX=1;\n0:EAX=1; 1:EAX=0;\n\
             0:EAX=1; 1:EAX=1;\nOk\nWitnesses\nPositive: 1 Negative: 3\n{end} Sometimes 1 3\n"
        )
    );
    assert_eq!(
        lines(&["SB.litmus", "--herd"]),
        format!(
            "Test SB Allowed\nStates 3\n0:EAX=0; 1:EAX=1;\n0:EAX=1; 1:EAX=0;\n0:EAX=1; 1:EAX=1;\n\
             No\nWitnesses\nPositive: 0 Negative: 3\n{end} Never 0 3\n"
        )
    );
    let filtered = lines(&["CoRW-filter.litmus", "--herd"]);
    assert!(
        filtered.starts_with("Test CoRW-filter Required\nStates 1\n[x]=1;\nOk\n"),
        "{filtered}"
    );
    assert!(filtered.contains("\nCondition forall ([x]=1)\nObservation CoRW-filter Always 1 0"));
    assert_eq!(explored(&["SB.litmus", "--herd"]).status.code(), Some(0));
}

#[test]
fn the_record_has_the_condition() {
    let explored = explored(&["SB.litmus", "--memory", "tso", "--format", "json"]);
    assert_eq!(explored.status.code(), Some(0));
    let record = json(&explored);
    let condition = &record["condition"];
    assert_eq!(condition["quantifier"], "exists");
    assert_eq!(condition["text"], "0:EAX=0 /\\ 1:EAX=0");
    assert_eq!(condition["holds"], true);
    assert_eq!(
        (&condition["positive"], &condition["negative"]),
        (&1.into(), &3.into())
    );
    let outcomes = record["outcomes"].as_array().unwrap();
    let both = outcomes
        .iter()
        .find(|one| one["satisfies"] == true)
        .unwrap();
    assert_eq!(both["values"]["0:EAX"], 0);
    assert_eq!(both["witness"], condition["witness"]);
    // The model follows the witness to the same end.
    let witness = both["witness"].as_str().unwrap();
    let replayed = output(
        miscount()
            .current_dir(files())
            .args([
                "replay",
                "SB.litmus",
                "--memory",
                "tso",
                "--on",
                "model",
                "--format",
                "json",
            ])
            .args(["--schedule", witness]),
    );
    assert_eq!(
        replayed.status.code(),
        Some(0),
        "{}",
        text(&replayed.stderr)
    );
}

#[test]
fn a_question_may_be_asked_as_the_test_asks() {
    for (question, code) in [
        ("0:EAX=1 /\\ 1:EAX=1", 0),
        ("0:EAX == 0 && 1:EAX == 0", 1),
        ("A.EAX == 0", 0),
        ("x=1 /\\ ~(y=1)", 1),
        ("deadlock", 1),
        ("0:EZX=1", 2),
    ] {
        let asked = explored(&["SB.litmus", "--reach", question]);
        assert_eq!(
            asked.status.code(),
            Some(code),
            "{question}: {}",
            text(&asked.stderr)
        );
    }
}

#[test]
fn several_tests_are_a_table() {
    let folder = tempfile::tempdir().unwrap();
    let inner = folder.path().join("inner");
    fs::create_dir(&inner).unwrap();
    fs::copy(files().join("SB.litmus"), inner.join("SB.litmus")).unwrap();
    fs::copy(files().join("MP.litmus"), folder.path().join("MP.litmus")).unwrap();
    fs::write(folder.path().join("notes.txt"), "no test").unwrap();
    let path = folder.path().to_str().unwrap();
    let judged = explored(&[path, "LB.litmus", "--memory", "tso", "--format", "json"]);
    assert_eq!(judged.status.code(), Some(0), "{}", text(&judged.stderr));
    let record = json(&judged);
    assert_eq!(record["schema"], "miscount.litmus/1");
    let tests = record["tests"].as_array().unwrap();
    let told: Vec<_> = tests
        .iter()
        .map(|test| {
            (
                test["test"].as_str().unwrap(),
                test["holds"].as_bool().unwrap(),
            )
        })
        .collect();
    assert_eq!(told, [("MP", true), ("SB", true), ("LB", false)]);
    assert_eq!(
        (&record["count"], &record["holding"]),
        (&3.into(), &2.into())
    );
    let table = text(&explored(&[path, "LB.litmus"]).stdout);
    assert!(
        table.contains("The condition of 1 of 3 tests holds"),
        "{table}"
    );
    let lines = text(&explored(&[path, "--herd"]).stdout);
    assert_eq!(lines.matches("Test ").count(), 2, "{lines}");
}

#[test]
fn a_file_that_is_refused_keeps_no_other_from_being_judged() {
    let folder = tempfile::tempdir().unwrap();
    fs::copy(files().join("SB.litmus"), folder.path().join("SB.litmus")).unwrap();
    fs::write(folder.path().join("ARM.litmus"), "ARM T\n{}\n").unwrap();
    let path = folder.path().to_str().unwrap();
    let judged = explored(&[path, "--format", "jsonl"]);
    assert_eq!(judged.status.code(), Some(2));
    assert!(text(&judged.stderr).contains("litmus tests for ARM are not read"));
    let lines = text(&judged.stdout);
    assert!(lines.contains("\"test\":\"SB\""), "{lines}");
    assert!(lines.contains("\"refused\":1"), "{lines}");
}

#[test]
fn what_goes_with_no_litmus_test_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().to_str().unwrap();
    for arguments in [
        &["bank", "--herd"][..],
        &["unsynced", "--herd"],
        &["SB.litmus", "--herd", "--format", "json"],
        &["unsynced", "SB.litmus"],
        &["SB.litmus", "MP.litmus", "--reach", "x=1"],
        &[empty],
    ] {
        let refused = explored(arguments);
        crate::support::sentence(&refused, 2, &format!("{arguments:?}"));
    }
}

/// The same file, wherever a program is taken.
#[test]
fn other_commands_take_litmus_tests() {
    for arguments in [
        &["explain", "SB.litmus"][..],
        &["explain", "C-lock.litmus"],
        &["replay", "SB.litmus", "--schedule", "A2,B2"],
        &["run", "SB.litmus", "-r", "1000"],
    ] {
        let done = output(miscount().current_dir(files()).args(arguments));
        assert_eq!(
            done.status.code(),
            Some(0),
            "{arguments:?}: {}",
            text(&done.stderr)
        );
        assert!(text(&done.stdout).contains("EAX") || arguments[1] != "SB.litmus");
    }
}
