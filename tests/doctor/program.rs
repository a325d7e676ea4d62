//! The real program on this machine.

use std::process::Output;

use super::{everything_wrong, healthy, interrupted, one_core};
use crate::documents::strict;
use crate::support;
use crate::support::Shown;

fn miscount(words: &str) -> Output {
    support::output(support::miscount().args(words.split(' ')))
}

fn json(output: &Output) -> serde_json::Value {
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn this_machine_is_measured() {
    let output = miscount("doctor --format json");
    let record = json(&output);
    let code = if record["stopped"] == "budget" { 4 } else { 0 };
    assert_eq!(output.status.code(), Some(code), "{output:?}");
    assert_eq!(record["schema"], "miscount.doctor/1");
    assert!(record["machine"]["tick_ns"].as_f64().unwrap() > 0.0);
    let measurements = record["measurements"].as_array().unwrap();
    let lines: Vec<_> = measurements
        .iter()
        .filter(|measurement| measurement["flags"] == "")
        .collect();
    let names: Vec<_> = lines
        .iter()
        .map(|line| line["start_line"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["timebase", "spin", "barrier", "none"]);
    // A machine that is so busy that it ran out of time says so.
    let complete = record["stopped"] == "completed";
    assert!(complete || record["stopped"] == "budget", "{record:#}");
    for line in lines.iter().filter(|_| complete) {
        let skew = &line["skew"];
        assert!(skew["starts"].as_u64().unwrap() > 0, "{line}");
        assert!(
            skew["median_ns"].as_u64() <= skew["p99_ns"].as_u64(),
            "{line}"
        );
        let (runs, lost) = (
            line["runs"].as_u64().unwrap(),
            line["runs_lost"].as_u64().unwrap(),
        );
        assert!(runs > 0 && lost <= runs, "{line}");
        let share = line["runs_lost_share"].as_f64().unwrap();
        assert!((share - lost as f64 / runs as f64).abs() < 1e-9, "{line}");
    }
    assert!(!record["findings"].as_array().unwrap().is_empty());
}

#[test]
fn out_of_time_is_reported_without_inventing_anything() {
    let output = miscount("doctor --timeout 0s --format json");
    assert_eq!(output.status.code(), Some(124), "{output:?}");
    let record = json(&output);
    assert_eq!(record["stopped"], "timeout");
    assert_eq!(record["findings"][0]["finding"], "nothing_measured");
    let measurements = record["measurements"].as_array().unwrap();
    assert_eq!(measurements.len(), 6);
    for measurement in measurements {
        for unknown in [
            "skew",
            "runs_lost_share",
            "runs_lost_interval",
            "elapsed_median_ns",
        ] {
            assert!(measurement[unknown].is_null(), "{measurement}");
        }
        assert_eq!(measurement["runs"], 0);
    }
}

#[test]
fn what_is_printed_keeps_to_its_schemas() {
    let whole = strict("doctor");
    let of_lines = strict("doctor-lines");
    for record in [healthy(), one_core(), interrupted(), everything_wrong()] {
        let value = record.json();
        assert!(whole.is_valid(&value), "{value:#}");
        let mut less = value.clone();
        less.as_object_mut().unwrap().shift_remove("machine");
        assert!(!whole.is_valid(&less));
        for line in record.lines() {
            assert!(of_lines.is_valid(&line), "{line:#}");
            let mut more = line;
            more["invented"] = 0.into();
            assert!(!of_lines.is_valid(&more));
        }
    }
    let real = json(&miscount("doctor --timeout 200ms --format json"));
    assert!(whole.is_valid(&real), "{real:#}");
}

#[test]
fn a_single_thread_starts_when_it_starts() {
    let output = miscount("doctor -t 1 --format json");
    assert!(matches!(output.status.code(), Some(0 | 4)), "{output:?}");
    let record = json(&output);
    assert_eq!(record["findings"][0]["finding"], "one_thread");
    assert_eq!(record["measurements"][0]["skew"]["p99_ns"], 0);
    assert_eq!(record["measurements"][0]["runs_lost"], 0);
}

#[cfg(unix)]
#[test]
fn a_signal_ends_it_with_a_report() {
    use std::process::{Command, Stdio};
    use std::time::Duration;

    let child = support::miscount()
        .args(["doctor", "--format", "json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    std::thread::sleep(Duration::from_millis(300));
    let sent = Command::new("sh")
        .args(["-c", "kill -s INT \"$1\"", "sh"])
        .arg(child.id().to_string())
        .status()
        .unwrap();
    assert!(sent.success());
    let output = child.wait_with_output().unwrap();
    match output.status.code() {
        Some(130) => assert_eq!(json(&output)["stopped"], "interrupted"),
        // So slow a machine that nobody was listening for the signal yet, which then simply kills.
        None => assert!(output.stdout.is_empty(), "{output:?}"),
        // So slow a sender that it was done before.
        Some(0 | 4) => assert_ne!(json(&output)["stopped"], "interrupted"),
        code => panic!("{code:?}: {output:?}"),
    }
}
