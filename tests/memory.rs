//! Memory does not grow with the number of runs.

use std::fs;
use std::io::Read;
use std::process::{Child, Stdio};
use std::thread;
use std::time::Duration;

use crate::support::miscount;

/// The most that ten million runs may take.
const MOST_KILOBYTES: u64 = 64 << 10;

/// What the system's allocator may add by chance.
const NOISE: u64 = 4 << 10;

/// The most memory that it has had so far, in kilobytes.
pub(crate) fn peak(child: &Child) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// The most memory that it has, in kilobytes, looked at until it ends.
pub(crate) fn peak_until_the_end(child: &mut Child) -> u64 {
    let mut most = 0;
    while child.try_wait().unwrap().is_none() {
        most = most.max(peak(child).unwrap_or(0));
        thread::sleep(Duration::from_millis(1));
    }
    most
}

/// The most kilobytes of memory that so many runs take, looked at while they are reported.
fn peak_of(runs: &str, format: &str) -> u64 {
    let mut child = miscount()
        .args(["unsynced", "-t", "2", "-i", "1", "--stride", "256", "-r"])
        .args([runs, "--format", format])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdout = child.stdout.take().unwrap();
    let mut buffer = vec![0; 64 << 10];
    let mut most = 0;
    loop {
        // Less than its pipe holds is still to be read, if anything: it is there, or was just now.
        most = most.max(peak(&child).unwrap_or(0));
        if stdout.read(&mut buffer).unwrap() == 0 {
            break;
        }
    }
    assert!(child.wait().unwrap().success());
    println!("{runs} runs as {format}: {most} kB");
    most
}

#[test]
fn more_runs_take_no_more_memory() {
    for format in ["jsonl", "csv"] {
        let (few, many) = (peak_of("100k", format), peak_of("1500k", format));
        assert!(many > 1000, "{format}: it was not seen at work: {many} kB");
        assert!(many < MOST_KILOBYTES, "{format}: {many} kB");
        assert!(many < few + NOISE, "{format}: {few} kB, then {many} kB");
    }
}

/// As many runs as are listed, and one more.
#[test]
fn a_long_list_takes_little_more_than_its_text() {
    for runs in ["100k", "100_001"] {
        let most = peak_of(runs, "json");
        assert!(most < MOST_KILOBYTES, "{runs} runs: {most} kB");
    }
}

/// Numbers that only grow: no state comes again, and there is no end of them.
const ENDLESS: [&str; 2] = [
    "shared x, y\nthread { while 1 { x = x + 1 } }\nthread { while 1 { y = y + 1 } }\nthread { while 1 { x = y } }",
    "shared x\nbarrier b = 2\nthread { while 1 { x = x + 1; arrive b } }\nthread { while 1 { x = 0; arrive b } }",
];

#[test]
fn a_search_without_an_end_keeps_to_its_memory() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("endless.race");
    for (program, most) in ENDLESS.into_iter().zip([64, 32]) {
        fs::write(&path, program).unwrap();
        let mut child = miscount()
            .arg("explore")
            .arg(&path)
            .args(["--max-memory", &format!("{most}MiB"), "--quiet"])
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let seen = peak_until_the_end(&mut child);
        assert_eq!(child.wait().unwrap().code(), Some(4), "{program}");
        // The program itself takes some 10 MiB, or 25 if it is not optimised.
        assert!(seen < (most + 35) << 10, "{program}: {seen} kB");
        assert!(
            seen > most << 9,
            "{program}: it was not seen at work: {seen} kB"
        );
    }
}
