//! What a newcomer relies on: the same defaults, tokens and conditions in every command.

use std::ffi::OsString;
use std::io::Write;
use std::process::Stdio;

use miscount::cli;
use serde_json::Value;

use crate::support::miscount;

fn printed(line: &str) -> (String, Option<i32>) {
    let output = miscount().args(line.split(' ')).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    (text, output.status.code())
}

fn record(line: &str) -> Value {
    let (text, _) = printed(&format!("{line} --format json"));
    serde_json::from_str(&text).unwrap()
}

#[test]
fn a_quiet_report_is_its_verdict() {
    for (line, verdict) in [
        ("atomic -r 3 -t 2 -i 10", "All 3 runs were correct: 20.\n"),
        (
            "replay unsynced -i 3 --on model",
            "4 updates were lost in the model, 66.7% of all.\n",
        ),
    ] {
        assert_eq!(printed(&format!("{line} --quiet")).0, verdict);
    }
    let explored = printed("explore unsynced -i 1 --quiet").0;
    assert!(
        explored.starts_with("2 of 6 schedules (33.3%) end correctly"),
        "{explored}"
    );
    assert!(!explored.contains("witness"), "{explored}");
}

/// `worst` is the witness of `explore` where that is searched for, and needs no more switches where it is
/// constructed.
#[test]
fn the_worst_schedule_is_the_witness_of_the_smallest_total() {
    for (threads, increments) in [(2, 1), (2, 2), (2, 3), (2, 5), (3, 1), (3, 3), (2, 6)] {
        let size = format!("unsynced -t {threads} -i {increments}");
        let explored = record(&format!("explore {size}"));
        let smallest = &explored["outcomes"][0];
        let forced = record(&format!("replay {size} --on model"));
        assert_eq!(forced["predicted"], smallest["total"], "{size}");
        assert_eq!(forced["switches"], smallest["switches"], "{size}");
        if threads * increments <= 10 {
            assert_eq!(forced["schedule"], smallest["witness"], "{size}");
        }
    }
}

#[test]
fn replay_forces_the_worst_schedule_unless_it_is_told_another() {
    let told = printed("replay unsynced -t 2 -i 5000 --schedule worst --on model");
    assert_eq!(printed("replay unsynced -t 2 -i 5000 --on model"), told);
    assert!(told.0.contains("Why 2: "), "{}", told.0);
}

#[test]
fn help_before_a_command_is_help_behind_it() {
    for name in ["explore", "unsynced", "repeat"] {
        let asked = printed(&format!("help {name}"));
        assert_eq!(asked, printed(&format!("{name} --help")));
        assert!(asked.0.starts_with("Examples:\n  miscount "), "{}", asked.0);
    }
    assert_eq!(printed("help"), printed("--help"));
}

#[test]
fn every_command_that_has_an_end_can_be_held_to_it() {
    for (line, code) in [
        ("replay unsynced -i 3 --expect lost", 0),
        ("replay unsynced -i 3 --expect correct", 1),
        ("replay bank-fixed --expect correct", 0),
        ("explore atomic -i 2 --expect correct", 0),
        ("explore unsynced -i 2 --expect correct", 1),
        ("explore bank --expect wrong", 0),
        ("explore atomic -i 2 --expect wrong", 1),
        ("compare atomic sharded -r 2 -i 100 --expect correct", 0),
        ("compare atomic sharded -r 2 -i 100 --expect lost", 1),
    ] {
        assert_eq!(printed(line).1, Some(code), "{line}");
    }
}

#[test]
fn predictions_can_come_from_standard_input() {
    let mut tour = miscount();
    tour.args(["tour", "puzzle", "--answers", "-"]);
    let mut child = tour
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(b"2\n").unwrap();
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        output.status.success() && text.contains("Score: "),
        "{text}"
    );
}

#[test]
fn the_glossary_and_the_symptoms_name_commands_that_can_be_typed() {
    for topic in ["terms", "symptoms"] {
        let record = record(&format!("explain {topic}"));
        assert_eq!(record["topic"], topic);
        let entries = record["entries"].as_array().unwrap();
        assert!(entries.len() >= 6, "{topic}");
        for command in entries
            .iter()
            .flat_map(|entry| entry["commands"].as_array().unwrap())
        {
            let line = command["command"].as_str().unwrap();
            let words = line.split(' ').map(OsString::from);
            assert!(cli::parse(words).is_ok(), "{line}");
        }
    }
}

#[test]
fn the_default_is_a_thread_for_each_core_two_to_four() {
    let cores = std::thread::available_parallelism().map_or(2, usize::from);
    let threads = cores.clamp(2, 4);
    for line in ["atomic -r 1", "waitgroup -r 1", "trace atomic"] {
        assert_eq!(record(line)["threads"], threads, "{line}");
    }
}
