//! The program, in every format and to every end.

use std::process::Output;

use serde_json::Value;

use crate::support::{miscount, output};

/// Runs `waitgroup` with these words; its exit code and its record.
fn record(words: &str) -> (i32, Value) {
    let output = waitgroup(&format!("{words} --format json"));
    let record = serde_json::from_slice(&output.stdout).unwrap();
    (output.status.code().unwrap(), record)
}

fn waitgroup(words: &str) -> Output {
    output(miscount().arg("waitgroup").args(words.split(' ')))
}

#[test]
fn the_total_is_complete_after_waiting_and_not_before() {
    // Long enough for threads to be at work still when the last of them has been started, at least
    // in one of many runs.
    let (code, record) = record("-t 4 -i 300k -r 20");
    assert_eq!(code, 0);
    assert_eq!(record["stopped"], "completed");
    assert_eq!(record["runs_completed"], 20);
    assert_eq!(record["unfinished"], Value::Null);
    assert_eq!(record["after_waiting"]["runs_early"], 0);
    assert_eq!(record["after_waiting"]["missing"]["max"], 0);
    let early = record["without_waiting"]["runs_early"].as_u64().unwrap();
    assert!(early > 0, "{record}");
    let mut seen_early = 0;
    for run in record["runs"].as_array().unwrap() {
        assert_eq!(run["after_waiting"], 1_200_000);
        assert_eq!(run["missing_after_waiting"], 0);
        let before = run["without_waiting"].as_u64().unwrap();
        let missing = run["missing_without_waiting"].as_u64().unwrap();
        assert_eq!(before + missing, 1_200_000);
        seen_early += u64::from(missing > 0);
    }
    assert_eq!(seen_early, early);
    let runs: u64 = record["without_waiting"]["distribution"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["runs"].as_u64().unwrap())
        .sum();
    assert_eq!(runs, 20);
    let interval = &record["without_waiting"]["runs_early_interval"];
    let share = record["without_waiting"]["runs_early_share"]
        .as_f64()
        .unwrap();
    assert!(interval[0].as_f64().unwrap() <= share && share <= interval[1].as_f64().unwrap());
}

#[test]
fn who_adds_inside_the_thread_may_not_be_waited_for() {
    let (code, record) = record("-t 4 -i 300k -r 20 --mistake add-inside");
    assert_eq!(code, 0);
    assert_eq!(record["mistake"], "add-inside");
    assert!(
        record["after_waiting"]["runs_early"].as_u64().unwrap() > 0,
        "{record}"
    );
    for run in record["runs"].as_array().unwrap() {
        let at = |name: &str| run[name].as_u64().unwrap();
        assert!(at("without_waiting") <= at("after_waiting"), "{run}");
        assert!(at("after_waiting") <= 1_200_000, "{run}");
    }
}

/// Two threads are waited for by three signals, so the last one of all is one too many, in every run; and
/// one thread may still count when the wait is over.
#[test]
fn who_says_done_twice_makes_the_count_negative() {
    for threads in [1, 2, 3, 8] {
        let (code, record) = record(&format!("-t {threads} -i 5k -r 20 --mistake done-twice"));
        assert_eq!(code, 0);
        assert_eq!(record["mistake"], "done-twice");
        assert_eq!(record["runs_completed"], 20);
        assert_eq!(record["runs_misused"], 20, "{threads}");
    }
    let (_, record) = record("-t 4 -i 300k -r 40 --mistake done-twice");
    assert!(
        record["after_waiting"]["runs_early"].as_u64().unwrap() > 0,
        "{record}"
    );
    let text = waitgroup("-i 10 --mistake done-twice").stdout;
    let text = String::from_utf8(text).unwrap();
    let words: Vec<_> = text.split_whitespace().collect();
    let text = words.join(" ");
    assert!(text.contains("negative WaitGroup counter"), "{text}");
}

/// The wait for the first round may be over between the two, and then half of the increments are missing.
#[test]
fn who_uses_a_group_again_too_early_is_waited_for_once() {
    let (code, record) = record("-t 1 -i 2M -r 20 --mistake add-late");
    assert_eq!(code, 0);
    assert_eq!(record["mistake"], "add-late");
    let mut early = 0;
    for run in record["runs"].as_array().unwrap() {
        let after = run["after_waiting"].as_u64().unwrap();
        assert!((1_000_000..=2_000_000).contains(&after), "{run}");
        early += u64::from(after < 2_000_000);
    }
    assert!(early > 0, "{record}");
    assert_eq!(record["after_waiting"]["runs_early"], early);
    assert!(record["runs_misused"].as_u64().unwrap() > 0, "{record}");
}

#[test]
fn a_thread_that_says_nothing_is_named() {
    for (threads, label) in [(1, "A"), (2, "B"), (3, "B"), (60, "AE")] {
        // Where the machine is busy the others may not be done in time, so it gets more of it.
        let left = ["300ms", "3s", "60s"].into_iter().find_map(|timeout| {
            let words = format!("-t {threads} -i 10 --mistake forget-done --timeout {timeout}");
            let (code, record) = record(&words);
            assert_eq!(code, 124, "{words}");
            assert_eq!(record["stopped"], "timeout");
            assert_eq!(record["runs_completed"], 0);
            let left = record["unfinished"].clone();
            let missing = left["missing"].as_array().map_or(0, Vec::len);
            (missing == 1).then_some(left)
        });
        let left = left.expect("the others are done in a minute");
        assert_eq!(left["missing"][0], label);
        // Every increment has been made: it is the word that is missing.
        assert_eq!(left["actual"], threads * 10);
    }
}

#[test]
fn forgetting_is_noticed_in_a_second_where_nothing_else_is_asked_for() {
    let output = waitgroup("--mistake forget-done -i 10");
    assert_eq!(output.status.code(), Some(124));
    let text = String::from_utf8(output.stdout).unwrap();
    // Who is missing is another matter: a busy machine may not even start them all in a second.
    assert!(text.contains("0 of 1 run."), "{text}");
}

#[test]
fn time_may_be_asked_for_instead_of_runs() {
    let (code, timed) = record("-t 1 -i 1 --for 20ms");
    assert_eq!((code, &timed["stopped"]), (0, &"budget".into()));
    assert_eq!(timed["runs_requested"], Value::Null);
    assert!(timed["runs_completed"].as_u64().unwrap() > 0);
    let (code, none) = record("--timeout 0s");
    assert_eq!((code, &none["stopped"]), (124, &"timeout".into()));
    assert_eq!(none["runs_completed"], 0);
    assert_eq!(none["after_waiting"]["actual"]["mean"], Value::Null);
}

#[test]
fn lines_come_run_by_run() {
    let text = |words: &str| String::from_utf8(waitgroup(words).stdout).unwrap();
    let lines = text("-t 2 -i 5 -r 3 --format jsonl");
    let lines: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let types: Vec<_> = lines.iter().map(|line| &line["type"]).collect();
    assert_eq!(types, ["run", "run", "run", "summary"]);
    assert_eq!(lines[2]["run"], 3);
    assert_eq!(lines[3]["runs_omitted"], true);
    let table = text("-t 2 -i 5 -r 3 --format csv --mistake add-inside");
    let rows: Vec<Vec<&str>> = table.lines().map(|row| row.split(',').collect()).collect();
    assert_eq!(rows.len(), 4);
    assert_eq!(rows[0].len(), 10);
    for (number, row) in (1..).zip(&rows[1..]) {
        assert_eq!(
            row[..5],
            [&format!("{number}"), "add-inside", "2", "5", "10"]
        );
    }
    let same = text("-t 2 -i 5 -r 30 --format markdown");
    assert!(
        same.contains("After waiting") && same.contains("|     10 |"),
        "{same}"
    );
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_an_error_and_ends_the_runs() {
    for format in ["csv", "jsonl", "json"] {
        let output = waitgroup(&format!("-r 5 -i 5 -o /dev/full --format {format}"));
        crate::support::sentence(&output, 3, format);
    }
}

#[test]
#[cfg(unix)]
fn a_reader_that_has_had_enough_ends_it() {
    let mut shell = crate::support::shell(
        "\"$0\" \"$@\" | head -2",
        &[
            "waitgroup",
            "-t",
            "1",
            "-i",
            "1",
            "-r",
            "1G",
            "--format",
            "jsonl",
        ],
    );
    let output = shell.output().unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap().lines().count(), 2);
    assert_eq!(output.stderr, b"");
}

#[test]
#[cfg(unix)]
fn an_interruption_ends_it_and_tells_who_was_missing() {
    use crate::interruption::{ENDLESS, interrupted};
    let reports = interrupted([
        "waitgroup --mistake forget-done --timeout 1h",
        &format!("waitgroup {ENDLESS}"),
        // Where threads add themselves too late nothing is waited for; the threads are.
        &format!("waitgroup --mistake add-inside {ENDLESS}"),
        &format!("waitgroup -t 60 {ENDLESS}"),
    ]);
    assert!(reports[0].contains("missing: "), "{}", reports[0]);
}

#[test]
fn where_nothing_is_counted_nothing_can_be_missing() {
    let text = String::from_utf8(waitgroup("-i 0 -r 2").stdout).unwrap();
    assert!(text.contains("2 of 2 runs."), "{text}");
    assert!(!text.contains("confidence"), "{text}");
    assert!(!text.contains("-i 0"), "{text}");
}
