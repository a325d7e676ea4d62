//! Real pipes and real signals: readers that leave, and work that is cut short, in every format.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::interruption::{ENDLESS, Work};
use crate::round_trips::check_record;
use crate::support::{PATIENCE, miscount};

/// Runs that are made in no time, with megabytes to say of them in JSON.
const MANY: &str = "unsynced -t 2 -i 1 --stride 1k -r 100k";
/// A run with megabytes to say of it in every format but text.
const TRACED: &str = "trace unsynced -t 2 -i 20k -r 1";
const BILLIONS: &str = "unsynced -t 2 -i 1 --stride 256 -r 1000G";

/// How the program ends, soon: its exit code, and what it says on standard error.
fn end(mut child: Child, what: &str) -> (Option<i32>, String) {
    let began = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if began.elapsed() > PATIENCE {
            child.kill().unwrap();
            child.wait().unwrap();
            panic!("it goes on: {what}");
        }
        thread::sleep(Duration::from_millis(5));
    };
    let mut said = String::new();
    let mut stderr = child.stderr.take().unwrap();
    stderr.read_to_string(&mut said).unwrap();
    (status.code(), said)
}

fn start(words: &str, format: &str) -> Child {
    miscount()
        .args(words.split(' '))
        .args(["--format", format])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

#[test]
fn a_reader_may_leave_at_any_moment() {
    for (words, format) in [
        (BILLIONS, "jsonl"),
        (BILLIONS, "csv"),
        (MANY, "text"),
        (MANY, "json"),
        (MANY, "markdown"),
        // Megabytes of JSON.
        ("atomic -i 1 --stride 1k -r 50k", "json"),
        (TRACED, "text"),
        (TRACED, "json"),
        (TRACED, "jsonl"),
        (TRACED, "csv"),
        (TRACED, "markdown"),
    ] {
        for bytes in [0, 1, 100, 10_000, 1_000_000] {
            let what = format!("{words} --format {format}, {bytes} bytes");
            let mut child = start(words, format);
            let stdout = child.stdout.take().unwrap();
            // Fewer where there are no more.
            std::io::copy(&mut stdout.take(bytes), &mut std::io::sink()).unwrap();
            assert_eq!(end(child, &what), (Some(0), String::new()), "{what}");
        }
    }
}

#[test]
fn the_first_line_can_be_had_alone() {
    for (words, format, first) in [
        (BILLIONS, "jsonl", "{\"type\":\"run\",\"run\":1,"),
        (BILLIONS, "csv", "run,strategy,"),
        (MANY, "text", "unsynced: 2 threads"),
        (MANY, "json", "{"),
        (MANY, "markdown", "# unsynced"),
    ] {
        let mut child = start(words, format);
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        assert!(line.starts_with(first), "{format}: {line}");
        assert_eq!(end(child, format), (Some(0), String::new()), "{format}");
    }
}

/// A reader that leaves is none who has expected something.
#[test]
fn an_expectation_says_nothing_when_nobody_listens() {
    for format in ["jsonl", "csv"] {
        let mut child = start("atomic -i 1 -r 1000G --stride 256 --expect lost", format);
        drop(child.stdout.take());
        assert_eq!(end(child, format), (Some(0), String::new()), "{format}");
    }
}

/// Holds the lines of an experiment that was cut short to what they say themselves; gives the
/// number of runs.
fn check_lines(text: &str, stopped: &str) -> u64 {
    let lines: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let (summary, runs) = lines.split_last().expect("a summary");
    assert_eq!(summary["type"], "summary");
    assert_eq!(summary["stopped"], stopped);
    check_record(summary, Some(runs));
    summary["runs_completed"].as_u64().unwrap()
}

fn rest(work: &mut Work) -> String {
    let mut text = String::new();
    let mut stdout = work.child.stdout.take().unwrap();
    stdout.read_to_string(&mut text).unwrap();
    text
}

#[test]
fn work_that_is_interrupted_is_reported_in_every_format() {
    let inside_the_first_run = ("INT", format!("atomic -t 2 {ENDLESS}"), false);
    let between_runs = ("TERM", "atomic -t 2 -i 10 -r 1000G".to_string(), true);
    let cases = [inside_the_first_run, between_runs].map(|(signal, words, any)| {
        let formats = ["json", "markdown", "text"];
        let start = |format| Work::start(&format!("{words} --format {format}"), Stdio::piped());
        (signal, any, formats.map(|format| (format, start(format))))
    });
    for (signal, any, works) in cases {
        for (format, mut work) in works {
            work.wait_until_busy();
            work.signal(signal);
            let report = rest(&mut work);
            assert_eq!(work.end().code(), Some(130), "{signal} {format}");
            if format == "json" {
                let record: Value = serde_json::from_str(&report).unwrap();
                assert_eq!(record["stopped"], "interrupted");
                assert_eq!(record["runs_completed"].as_u64().unwrap() > 0, any);
                check_record(&record, record["runs"].as_array().map(Vec::as_slice));
            } else {
                assert!(report.contains("Interrupted after "), "{report}");
            }
        }
    }
}

#[test]
fn lines_that_are_interrupted_end_with_a_summary() {
    for (signal, lines) in [("INT", 1), ("TERM", 1000), ("INT", 20_000)] {
        // The pipe is full most of the time: the signal comes while a line is written.
        let mut child = start("unsynced -t 2 -i 10 -r 1000G", "jsonl");
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut text = String::new();
        for _ in 0..lines {
            stdout.read_line(&mut text).unwrap();
        }
        send(signal, &child);
        stdout.read_to_string(&mut text).unwrap();
        assert_eq!(end(child, signal), (Some(130), String::new()));
        assert!(check_lines(&text, "interrupted") >= lines);
    }
}

#[test]
fn rows_that_are_interrupted_are_whole() {
    let mut child = start("unsynced -t 2 -i 10 -r 1000G", "csv");
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut text = String::new();
    stdout.read_line(&mut text).unwrap();
    send("INT", &child);
    stdout.read_to_string(&mut text).unwrap();
    assert_eq!(end(child, "csv"), (Some(130), String::new()));
    assert!(text.ends_with('\n'));
    for (row, line) in text.lines().enumerate().skip(1) {
        assert!(
            line.starts_with(&format!("{row},unsynced,2,10,20,")),
            "{line}"
        );
        assert_eq!(line.split(',').count(), 8, "{line}");
    }
}

#[test]
fn lines_that_run_out_of_time_end_with_a_summary() {
    let mut child = start("atomic -t 2 -i 10 -r 1000G --timeout 200ms", "jsonl");
    let mut text = String::new();
    let mut stdout = child.stdout.take().unwrap();
    stdout.read_to_string(&mut text).unwrap();
    assert_eq!(end(child, "timeout"), (Some(124), String::new()));
    check_lines(&text, "timeout");
}

/// A report in the middle of being written: its first byte is there, the pipe is full, and megabytes
/// are to come.
fn half_written() -> (Child, Vec<u8>) {
    let mut child = start("atomic -i 1 --stride 1k -r 100k", "json");
    let mut text = vec![0; 1];
    child
        .stdout
        .as_mut()
        .unwrap()
        .read_exact(&mut text)
        .unwrap();
    (child, text)
}

/// A signal ends it as it ends everything: nobody waits for megabytes after Ctrl-C.
#[test]
fn a_report_that_is_being_written_is_cut_off() {
    let (mut child, _) = half_written();
    send("INT", &child);
    let began = Instant::now();
    while child.try_wait().unwrap().is_none() && began.elapsed() < PATIENCE {
        thread::sleep(Duration::from_millis(10));
    }
    assert_eq!(end(child, "one signal"), (Some(130), String::new()));
}

/// What was cut short is reported to a slow reader too, until there is a second signal. Whoever sends
/// it cannot know that the first has been taken, so they send more.
#[test]
fn a_second_signal_ends_the_report_of_what_was_cut_short() {
    let mut child = start("unsynced -t 2 -i 1 --window sleep:100us --for 1h", "json");
    thread::sleep(Duration::from_secs(1));
    send("INT", &child);
    let mut stdout = child.stdout.take().unwrap();
    stdout.read_exact(&mut [0]).unwrap();
    let began = Instant::now();
    while child.try_wait().unwrap().is_none() && began.elapsed() < PATIENCE {
        send("INT", &child);
        stdout.read_exact(&mut [0; 1024]).unwrap_or_default();
        thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(end(child, "two signals").0, Some(130));
}

fn send(signal: &str, child: &Child) {
    let sent = std::process::Command::new("sh")
        .args(["-c", "kill -s \"$1\" \"$2\"", "sh", signal])
        .arg(child.id().to_string())
        .status()
        .unwrap();
    assert!(sent.success());
}
