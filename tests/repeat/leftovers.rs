//! No process is left, neither running nor dead, whatever ends the runs. Memory stays the same.

use std::fs;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::{only, record};
use crate::memory::peak_until_the_end;
use crate::support::{PATIENCE, miscount, output};

/// The variable by which processes of a test are recognized: whatever they start inherits it.
const MARK: &str = "MISCOUNT_TEST_MARK";

/// Returns the processes with this mark.
fn marked(mark: &str) -> Vec<String> {
    let mark = format!("{MARK}={mark}\0");
    let processes = fs::read_dir("/proc").unwrap().flatten();
    let marked = processes.filter(|process| {
        let environment = fs::read(process.path().join("environ")).unwrap_or_default();
        environment
            .windows(mark.len())
            .any(|window| window == mark.as_bytes())
    });
    let name = |process: fs::DirEntry| {
        let name = fs::read(process.path().join("cmdline")).unwrap_or_default();
        String::from_utf8_lossy(&name).replace('\0', " ")
    };
    marked.map(name).collect()
}

/// What processes start and leave behind: children, deaf ones, and daemons in a session of their own.
const LITTER: &str = "sleep 1000 & (trap '' TERM HUP; sleep 1000) & setsid sleep 1000 & \
                      setsid sh -c 'sleep 1000 & sleep 1000' & ";

fn littering(words: &[&str], mark: &str, end: &str) -> Command {
    let mut program = miscount();
    program.env(MARK, mark).arg("repeat").args(words);
    program.args(["--", "sh", "-c", &format!("{LITTER}{end}")]);
    program
}

#[test]
fn no_process_outlives_its_run() {
    for (mark, words, end, code) in [
        ("exits", "-r 5", "echo hi", 0),
        ("dies", "-r 5", "kill -9 $$", 0),
        ("hangs", "-r 2 --each 300ms", "sleep 1000", 0),
        (
            "deaf",
            "-r 2 --each 300ms",
            "trap '' TERM; sleep 1000; sleep 1000",
            0,
        ),
        ("many", "-r 20 --jobs 5", "exit 3", 0),
        ("timeout", "--timeout 500ms --jobs 3", "sleep 1000", 124),
        ("found", "--until 3 --jobs 3", "sleep 0.0$$; exit 3", 0),
    ] {
        let words: Vec<_> = words.split(' ').collect();
        let output = output(&mut littering(&words, mark, end));
        assert_eq!(output.status.code(), Some(code), "{mark}: {output:?}");
        assert_eq!(marked(mark), [""; 0], "{mark}");
    }
}

/// Waits for something to be true.
fn wait_until(what: &str, mut is_true: impl FnMut() -> bool) {
    let began = Instant::now();
    while !is_true() {
        assert!(began.elapsed() < PATIENCE, "{what} did not happen");
        thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn ctrl_c_ends_the_whole_group_and_reports() {
    for signal in ["INT", "TERM"] {
        let mark = format!("interrupt-{signal}");
        let end = "trap '' TERM INT; sleep 1000; sleep 1000";
        let mut program = littering(
            &["--jobs", "2", "--format", "json", "--each", "1h"],
            &mark,
            end,
        );
        let child = program
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // Two runs, each with at least the processes that it leaves behind.
        wait_until("the start", || marked(&mark).len() > 10);
        let id = child.id().to_string();
        let killed = Command::new("kill")
            .args(["-s", signal, &id])
            .status()
            .unwrap();
        assert!(killed.success());
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(130), "{output:?}");
        let record: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(record["stopped"], "interrupted");
        assert_eq!(record["runs_completed"], 0);
        assert_eq!(marked(&mark), [""; 0], "{mark}");
    }
}

#[test]
fn dead_processes_are_not_left_to_the_next_run() {
    // Counts the children of the program; the litter of the run before would be among them.
    let count = "n=0; for s in /proc/[0-9]*/stat; do read -r p c r parent rest 2>/dev/null < $s && \
                 [ \"$parent\" = $PPID ] && n=$((n + 1)); done; echo $n; ";
    let (_, record) = record("-r 5", &format!("{count}{LITTER}exit 0"));
    assert_eq!(only(&record)["output"], "1");
}

#[test]
fn children_that_were_there_before_are_left_alone() {
    let script = "sleep 1000 > /dev/null & exec \"$0\" repeat -r 3 --format json -- sh -c 'echo 1'";
    let mut program = crate::support::shell(script, &[]);
    let child = program
        .env(MARK, "before")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let output = child.wait_with_output().unwrap();
    let record: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(record["runs_completed"], 3);
    let left = marked("before");
    let killed = Command::new("sh")
        .args([
            "-c",
            "for p in /proc/[0-9]*; do grep -qs MARK=befor[e] $p/environ && kill ${p#/proc/}; done",
        ])
        .status();
    assert_eq!(left, ["sleep 1000 "], "{killed:?}");
}

/// The most kilobytes that the program takes, looked at while it works, and its record.
fn peak_of(words: &[&str]) -> (u64, Value) {
    let written = tempfile::NamedTempFile::new().unwrap();
    let mut child = miscount()
        .args(["repeat", "--format", "json"])
        .args(words)
        .stdout(written.reopen().unwrap())
        .spawn()
        .unwrap();
    let most = peak_until_the_end(&mut child);
    let text = fs::read_to_string(written.path()).unwrap();
    (most, serde_json::from_str(&text).unwrap())
}

#[test]
fn a_child_that_writes_much_takes_no_memory() {
    let folder = tempfile::tempdir().unwrap();
    let keep = folder.path().join("keep");
    let keep = keep.to_str().unwrap();
    let (few, _) = peak_of(&["-r", "20", "--", "true"]);
    // Zeros without a line feed: the search for a regular expression must not gather the line.
    let words = ["-r", "1", "--each", "5m", "--match", "(x+)", "--keep", keep];
    let command = ["--", "head", "-c", "40000000", "/dev/zero"];
    let (much, record) = peak_of(&[&words[..], &command].concat());
    // As sha256sum says.
    let digest = "c0e6623abfbed73c146be81338cff1e8e4c06dd05eb98721163dc79fbbd20562";
    assert_eq!(only(&record)["sha256"], digest);
    assert_eq!(only(&record)["bytes"], 40_000_000);
    assert!(much < few + 4096, "{few} kB, then {much} kB");
    assert_eq!(
        fs::metadata(folder.path().join("keep/1.stdout"))
            .unwrap()
            .len(),
        40_000_000
    );
}

#[test]
fn more_runs_and_outcomes_take_little_more_memory() {
    let (few, _) = peak_of(&["-r", "50", "--jobs", "4", "--", "echo", "1"]);
    // Each run has an outcome of its own.
    let unique = ["cat", "/proc/sys/kernel/random/uuid"];
    let (many, record) = peak_of(&[&["-r", "1500", "--jobs", "4", "--"], &unique[..]].concat());
    assert!(many < few + 24 * 1024, "{few} kB, then {many} kB");
    assert_eq!(record["outcomes"].as_array().unwrap().len(), 1000);
    assert_eq!(record["runs_with_further_outcomes"], 500);
    assert_eq!(record["summary"]["new_outcome_share"], Value::Null);
}

/// A second Ctrl-C does not wait for the report.
#[test]
fn a_second_signal_leaves_no_process_either() {
    let end = "trap '' TERM INT; sleep 1000; sleep 1000";
    let mut program = littering(&["--each", "1h"], "twice", end);
    let mut child = program.stdout(Stdio::null()).spawn().unwrap();
    wait_until("the start", || marked("twice").len() > 5);
    let twice = format!("kill -s INT {0}; kill -s INT {0}", child.id());
    let sent = Command::new("sh").args(["-c", &twice]).status().unwrap();
    assert!(sent.success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_eq!(marked("twice"), [""; 0]);
}
