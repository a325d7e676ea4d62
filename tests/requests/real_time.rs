//! On the real clock. What is asserted holds however busy the machine is: pauses are an hour where
//! a request is to be found in one, and nothing is asserted to be quick.

use std::time::Duration;

use miscount::requests::{
    Reason, RequestOutcome, RequestSetting, Scenario, Tree, in_real_time, in_virtual_time,
};
use miscount::sync::Context;
use serde_json::Value;

use super::{Outcomes, output, printed, record, requests, ways};

const HOUR: Duration = Duration::from_hours(1);

#[test]
fn a_pause_is_not_slept_out() {
    let record = record("--pause 1h --cancel-after 30ms");
    let stopped = ["A", "B", "C"].map(|name| format!("{name} canceled root"));
    assert_eq!(ways(&record), stopped);
    for request in record["requests"].as_array().unwrap() {
        let number = |field: &str| request[field].as_u64().unwrap();
        assert!(number("steps") <= 1);
        assert!(number("signal_ns") >= 30_000_000);
        assert_eq!(
            number("ended_ns"),
            number("signal_ns") + number("latency_ns")
        );
    }
}

#[test]
fn what_becomes_of_requests_is_the_same_as_in_virtual_time() {
    for words in [
        "--tree A,B(C(E),D),F --pause 1h --items 3 --cancel B@20ms --timeout E=1ms --cancel-after 60ms",
        "--tree A(B(C)) --pause 1h --timeout A=20ms --cancel C@1ms --deadline +2h",
        "--requests 4 --pause 1h --cancel A@20ms --timeout C=30ms --value B.items=1 --value D.items=0",
        "--requests 40 --items 5 --pause 1ms",
        "--requests 3 --items 1000 --pause 0s",
        // Sooner than so many contexts can be made: that is not part of the time.
        "--requests 5k --pause 1h --cancel A@1us --deadline +2us --cancel-after 3us",
    ] {
        let [real, played] = ["", " --virtual"].map(|clock| record(&format!("{words}{clock}")));
        assert_eq!(
            (&real["clock"], &played["clock"]),
            (&"real".into(), &"virtual".into())
        );
        assert_eq!(ways(&real), ways(&played), "{words}");
    }
}

/// Whatever is planned counts from the planned moment, be it a deadline or a cancellation.
#[test]
fn a_planned_signal_is_at_the_planned_moment() {
    for planned in ["--timeout", "--cancel-after"] {
        let record = record(&format!("--pause 1h {planned} 20ms"));
        for request in record["requests"].as_array().unwrap() {
            assert_eq!(request["signal_ns"], 20_000_000, "{planned}: {request}");
        }
    }
    for planned in ["--timeout 0s", "--cancel-after 0s", "--deadline +0s"] {
        let record = record(&format!("--pause 1h {planned}"));
        for request in record["requests"].as_array().unwrap() {
            assert_eq!(request["signal_ns"], 0, "{planned}: {request}");
            assert!(request["latency_ns"].is_null(), "{planned}: {request}");
        }
    }
}

#[test]
fn a_thousand_requests_are_cancelled() {
    let record = record("--requests 1000 --pause 1h --cancel-after 50ms");
    assert_eq!(record["summary"]["canceled"], 1000);
    assert_eq!(record["summary"]["requests"], 1000);
}

/// The rows of a table, without its heading; JSON of so many is slow to read.
fn rows(words: &str) -> Vec<String> {
    let table = printed(&format!("{words} --format csv"));
    table.lines().skip(1).map(str::to_string).collect()
}

#[test]
fn a_hundred_thousand_requests_finish() {
    let rows = rows("--requests 100k --pause 1us --items 2");
    assert_eq!(rows.len(), 100_000);
    let done = |row: &String| row.contains(",root,2,1000,,2,finished,,,");
    assert!(rows.iter().all(done));
}

#[test]
fn a_hundred_thousand_requests_have_an_early_deadline() {
    let rows = rows("--requests 100k --pause 1h --deadline +1ms");
    assert_eq!(rows.len(), 100_000);
    let late = |row: &String| row.contains(",deadline_exceeded,root,1000000,");
    assert!(rows.iter().all(late));
}

#[test]
fn a_deadline_may_be_a_time_of_day() {
    let soon = jiff::Timestamp::now() + jiff::SignedDuration::from_millis(300);
    let record = record(&format!("--pause 1h --deadline {soon}"));
    // Nobody knows how long the program took to start, but it does not stop later than asked.
    for request in record["requests"].as_array().unwrap() {
        assert_eq!(request["outcome"], "deadline_exceeded");
        assert!(request["signal_ns"].as_u64().unwrap() <= 300_000_000);
    }
}

#[test]
fn steps_are_told_as_they_happen() {
    let output = output("--tree A,B --items 2 --pause 1ms --timeout A=0s");
    let said = String::from_utf8(output.stderr).unwrap();
    let mut lines: Vec<_> = said.lines().collect();
    lines.sort_unstable();
    assert_eq!(
        lines,
        [
            "request A: deadline exceeded through A",
            "request B: finished",
            "request B: step 1 of 2",
            "request B: step 2 of 2",
        ]
    );
    // Where they would be in the way, they are not.
    for words in ["--quiet", "--progress never", "--format csv", "--virtual"] {
        let output = super::output(&format!("--items 1 {words}"));
        assert!(output.stderr.is_empty(), "{words}");
    }
    let output = super::output("--virtual --items 1 --progress always");
    assert_eq!(output.stderr.split(|&byte| byte == b'\n').count(), 7);
}

#[test]
fn lines_of_json_come_as_things_happen() {
    use std::io::{BufRead, BufReader};
    let mut child = requests("--pause 1h --format jsonl")
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    for _ in 0..3 {
        let line: Value = serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap();
        assert_eq!(line["step"], 1);
    }
    // Whoever has seen enough of it ends it.
    drop(lines);
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
#[cfg(unix)]
fn a_reader_that_has_left_ends_the_work() {
    let words = ["requests", "--items=1G", "--pause=1ms", "--format=jsonl"];
    let mut shell = crate::support::shell("\"$0\" \"$@\" | head -n 2", &words);
    let output = crate::support::output(&mut shell);
    assert_eq!(output.stderr, b"");
    assert_eq!(String::from_utf8(output.stdout).unwrap().lines().count(), 2);
}

/// Cancelled at random moments, in the thick of short steps: every request notices.
#[test]
fn nobody_misses_an_ending() {
    let mut random = 7_u64;
    let mut micros = |most: u64| {
        random = random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        Duration::from_micros((random >> 33) % most)
    };
    let tree = Tree::parse("A(B,C(D,E)),F,G(H)").unwrap();
    for _ in 0..1000 {
        let pause = Duration::from_micros(1) + micros(50);
        let mut scenario = Scenario::new(tree.clone(), u64::MAX, pause);
        scenario.set(2, RequestSetting::Pause(HOUR));
        scenario.cancel(1, micros(300));
        scenario.limit(7, micros(300));
        scenario.cancel(0, micros(400));
        let mut outcomes = Outcomes::default();
        in_real_time(&scenario, &Context::background(), &mut outcomes).unwrap();
        let mut played = Outcomes::default();
        in_virtual_time(&scenario, true, &Context::background(), &mut played);
        for outcomes in [&mut outcomes, &mut played] {
            outcomes.0.sort_by_key(|(node, _)| *node);
        }
        assert_eq!(outcomes.0.len(), 8);
        for ((node, real), (same, played)) in outcomes.0.iter().zip(&played.0) {
            assert_eq!(node, same);
            let (signal, planned) = (real.reason.signal(), played.reason.signal());
            let (signal, planned) = (signal.unwrap(), planned.unwrap());
            assert_eq!(signal.through, planned.through, "{node}: {real:?}");
            assert!(signal.at >= planned.at, "{node}: {real:?}");
            assert!(real.at >= signal.at, "{node}: {real:?}");
        }
    }
}

#[test]
fn an_ended_context_from_outside_ends_all() {
    let (outside, canceler) = Context::background().with_cancel();
    canceler.cancel();
    let scenario = Scenario::new(Tree::parse("A,B(C)").unwrap(), 2, HOUR);
    let mut outcomes = Outcomes::default();
    in_real_time(&scenario, &outside, &mut outcomes).unwrap();
    assert_eq!(outcomes.0.len(), 3);
    let through_root = |outcome: &RequestOutcome| matches!(outcome.reason, Reason::Canceled(signal) if signal.through == 0);
    assert!(outcomes.0.iter().all(|(_, outcome)| through_root(outcome)));
}

#[cfg(unix)]
mod interrupted {
    use std::io::{BufRead, BufReader, Read};
    use std::process::Stdio;

    use super::requests;

    /// Sends a signal when the first line of progress has come; gives the exit code and what was
    /// printed.
    fn interrupt(words: &str, signal: &str) -> (Option<i32>, String) {
        let mut child = requests(words)
            .args(["--progress", "always"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stderr = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        stderr.read_line(&mut line).unwrap();
        assert!(line.contains(": step 1 of "), "{line}");
        std::thread::spawn(move || std::io::copy(&mut stderr, &mut std::io::sink()));
        let killed = std::process::Command::new("sh")
            .args(["-c", "kill -s \"$1\" \"$2\"", "sh", signal])
            .arg(child.id().to_string())
            .status()
            .unwrap();
        assert!(killed.success());
        let mut printed = String::new();
        child
            .stdout
            .take()
            .unwrap()
            .read_to_string(&mut printed)
            .unwrap();
        (child.wait().unwrap().code(), printed)
    }

    #[test]
    fn the_root_is_cancelled_and_the_table_printed() {
        for signal in ["INT", "TERM"] {
            let (code, table) = interrupt("--tree A,B(C) --pause 1h", signal);
            assert_eq!(code, Some(130), "{table}");
            assert!(table.contains("Interrupted: 3 were canceled."), "{table}");
            assert_eq!(table.matches("canceled  root").count(), 3, "{table}");
        }
    }

    /// Nobody reads what is told: the requests end all the same.
    #[test]
    fn who_does_not_read_holds_up_nobody() {
        let mut child = requests("--items 200k --pause 0s --progress always")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut printed = String::new();
        let mut stdout = child.stdout.take().unwrap();
        stdout.read_to_string(&mut printed).unwrap();
        assert!(printed.contains("3 finished"), "{printed}");
        // As much of it as a pipe holds has been written.
        assert!(child.wait().unwrap().success());
    }

    #[test]
    fn so_is_it_in_virtual_time_and_in_the_thick_of_steps() {
        for words in [
            "--virtual --items 300M --pause 1ms",
            "--items 1G --pause 0s",
        ] {
            let (code, record) = interrupt(&format!("{words} --format json"), "INT");
            assert_eq!(code, Some(130), "{words}: {record}");
            let record: serde_json::Value = serde_json::from_str(&record).unwrap();
            assert_eq!(record["stopped"], "interrupted", "{words}");
            assert_eq!(record["summary"]["canceled"], 3, "{words}");
        }
    }
}

#[test]
fn a_limit_in_time_is_no_failure() {
    assert!(printed("--timeout 10ms --pause 1h").contains("3 ran out of time"));
    // Of one latency there is no median.
    let one = printed("--timeout 1ms --pause 1h --requests 1");
    assert!(one.contains("The stopped request noticed after "), "{one}");
}
