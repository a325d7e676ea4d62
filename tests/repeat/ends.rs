//! When there are no further runs, and the exit code.

use std::time::{Duration, Instant};

use super::{record, repeat};
use crate::support::{miscount, output};

/// A script whose n-th run prints n.
fn counting(folder: &tempfile::TempDir) -> String {
    let count = folder.path().join("count");
    format!("echo >> {0}; echo $(wc -l < {0})", count.display())
}

#[test]
fn until_stops_at_the_first_such_run() {
    for (flags, runs) in [
        ("--until different", 2),
        ("--until ^7$", 7),
        ("--until correct --expected 4", 4),
        ("--until lost --expected 1", 2),
        ("--until wrong --expected 1", 2),
        ("--until 0", 1),
        ("--until 1 -r 5", 5),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let (code, record) = record(flags, &counting(&folder));
        assert_eq!(code, 0, "{flags}");
        assert_eq!(record["runs_completed"], runs, "{flags}");
        let stopped = if runs == 5 { "completed" } else { "found" };
        assert_eq!(record["stopped"], stopped, "{flags}");
    }
}

#[test]
fn an_expectation_that_does_not_hold_is_exit_code_1() {
    for (expect, script, code, complaint) in [
        ("same", "echo 1", 0, ""),
        (
            "same",
            "echo $$",
            1,
            "same: 2 of 3 runs had another outcome than the first",
        ),
        ("3", "exit 3", 0, ""),
        ("3", "exit 4", 1, "3: 3 of 3 runs did not exit with 3"),
        ("0", "kill -9 $$", 1, "0: 3 of 3 runs did not exit with 0"),
        ("^b+$", "echo a; echo bb", 0, ""),
        (
            "^b+$",
            "echo abb",
            1,
            "'^b+$': 3 of 3 runs had no line that matches",
        ),
        ("correct", "echo 5", 0, ""),
        ("correct", "echo 4", 1, "correct: 3 of 3 runs were wrong"),
        ("wrong", "echo 4", 0, ""),
        ("wrong", "echo 5", 1, "wrong: 3 of 3 runs were correct"),
        ("lost", "echo 4", 0, ""),
        ("lost", "echo 5", 1, "wrong: 3 of 3 runs were correct"),
    ] {
        let flags = format!("-r 3 --expected 5 --expect {expect}");
        let output = repeat(&flags, script);
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{flags}: {error}");
        let expected = match complaint {
            "" => String::new(),
            _ => format!("--expect {complaint}\n"),
        };
        assert_eq!(error, expected, "{flags}");
    }
}

#[test]
fn a_single_run_was_wrong() {
    let output = repeat("-r 1 --expected 5 --expect correct", "echo 4");
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(error, "--expect correct: 1 of 1 run was wrong\n");
}

#[test]
fn the_report_says_what_until_found() {
    for (flags, script, says) in [
        (
            "--until wrong --expected 6",
            "echo 5",
            "Found: run 1 of 100 ended with 5 instead of 6.",
        ),
        (
            "--until wrong --expected 6 -q",
            "echo 6; exit 3",
            "Found: run 1 of 100 ended with exit 3: 6.",
        ),
        (
            "--until 3",
            "exit 3",
            "Found: run 1 of 100 ended with exit 3.",
        ),
        (
            "--until b --match (a)",
            "echo a; echo b",
            "Found: run 1 of 100 ended with a.",
        ),
        (
            "-r 5 --until ^b$ -q",
            "echo a",
            "No line of any run matched the regular expression",
        ),
        ("-r 5 --until wrong", "echo 1", "add --expected TEXT"),
        (
            "-r 5 --until 1",
            "echo 1",
            "No run ended with exit status 1;",
        ),
        ("-r 5 --until 1", "echo 1", "write --until '^1$'."),
    ] {
        let output = repeat(flags, script);
        let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        assert!(text.contains(says), "{flags}: {text}");
        let retains = !says.starts_with("Found") || flags.contains("-q") || {
            let until = flags.split(" --").next().unwrap();
            text.contains(until) && text.contains("--keep outcomes")
        };
        assert!(retains, "{text}");
        assert!(
            !says.starts_with("Found") || !text.contains("--stress"),
            "{text}"
        );
    }
}

#[test]
fn the_correct_outcome_may_be_a_text() {
    let output = |script| {
        repeat(
            "-r 2 --expected aaabbb --expect correct --format json",
            script,
        )
    };
    for (script, correct) in [
        ("echo aaabbb", true),
        ("printf '  aaabbb\\n\\n'", true),
        ("echo aaabbb; exit 1", false),
        ("echo aabbab", false),
        ("echo 3", false),
    ] {
        let output = output(script);
        assert_eq!(output.status.code(), Some(i32::from(!correct)), "{script}");
        let record: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(record["expected"], serde_json::Value::Null);
        assert_eq!(record["expected_text"], "aaabbb");
        assert_eq!(super::only(&record)["correct"], correct, "{script}");
        assert_eq!(super::only(&record)["lost"], serde_json::Value::Null);
    }
    let text = |script| String::from_utf8(repeat("--expected aaabbb", script).stdout).unwrap();
    assert!(text("echo aaabbb").contains("All 100 runs ended with aaabbb."));
    let wrong = text("echo 3");
    assert!(
        wrong.contains("did not end with aaabbb") && wrong.contains("  wrong "),
        "{wrong}"
    );
}

#[test]
fn a_budget_allows_one_run_and_ends_the_runs() {
    let (code, record) = record("--for 1ms", "sleep 0.05");
    assert_eq!(code, 0);
    assert_eq!(record["stopped"], "budget");
    assert_eq!(record["runs_completed"], 1);
    assert_eq!(record["runs_requested"], serde_json::Value::Null);
}

#[test]
fn a_timeout_ends_the_run_under_way_and_does_not_count_it() {
    let began = Instant::now();
    let (code, record) = record("--timeout 300ms --jobs 3", "sleep 1000");
    assert_eq!(code, 124);
    assert_eq!(record["stopped"], "timeout");
    assert_eq!(record["runs_completed"], 0);
    assert!(began.elapsed() < Duration::from_secs(500));
}

#[test]
fn a_run_that_takes_too_long_is_an_outcome() {
    let script = "echo $$; exec sleep 1000";
    let (code, record) = record("-r 2 --each 100ms", script);
    assert_eq!(code, 0);
    let outcome = super::only(&record);
    assert_eq!(outcome["timed_out"], true);
    assert_eq!(outcome["exit"], serde_json::Value::Null);
    assert!(outcome["median_ns"].as_f64().unwrap() >= 100e6);
    let text = String::from_utf8(repeat("-r 2 --each 100ms", script).stdout).unwrap();
    assert!(text.contains("timed out (100ms)"), "{text}");
}

#[test]
fn a_pipe_that_is_closed_early_ends_quietly() {
    let script = "\"$0\" repeat -r 1M --format jsonl -- echo 1 | head -2; wait";
    let output = output(&mut crate::support::shell(script, &[]));
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert_eq!(String::from_utf8(output.stdout).unwrap().lines().count(), 2);
    assert_eq!(output.stderr, b"");
}

#[test]
fn flags_after_the_command_belong_to_it() {
    for separator in [&["--"][..], &[]] {
        let mut program = miscount();
        program.args(["repeat", "-r", "2"]).args(separator);
        let output = output(program.args(["echo", "-r", "--format", "x"]));
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(text.contains("-r --format x  "), "{text}");
    }
}
