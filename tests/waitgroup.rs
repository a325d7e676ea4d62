//! Wait groups: the primitive, and `waitgroup`, which reads a counter without waiting and after it.

use std::process::Output;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use miscount::lab::{
    self, Abandoned, GroupEvent, GroupObserver, GroupOutcome, GroupRun, Setup, Stopped,
};
use miscount::plan::{GroupPlan, Mistake, StartLine};
use miscount::report::{Gathering, GroupCollector, Report};
use miscount::strategy::Shape;
use miscount::sync::{Context, ContextError, CountError, VirtualClock, WaitGroup};
use miscount::term::{Page, Palette, Signs};
use proptest::prelude::*;
use serde_json::Value;

use crate::context::NobodyRings;
use crate::support::{miscount, output};

#[test]
fn who_waits_sees_what_all_have_done() {
    let (group, counter) = (WaitGroup::new(), AtomicU64::new(0));
    thread::scope(|scope| {
        for _ in 0..50 {
            group.add(1).unwrap();
            scope.spawn(|| {
                counter.fetch_add(1, Ordering::Relaxed);
                group.done().unwrap();
            });
        }
        for _ in 0..3 {
            scope.spawn(|| {
                group.wait();
                assert_eq!(counter.load(Ordering::Relaxed), 50);
            });
        }
        group.wait();
        assert_eq!(counter.load(Ordering::Relaxed), 50);
    });
    // And once more, with the same group.
    group.add(1).unwrap();
    assert_eq!(group.count(), 1);
    group.done().unwrap();
    group.wait();
}

#[test]
fn a_group_that_nobody_was_added_to_is_not_waited_for() {
    WaitGroup::new().wait();
    let (ended, canceler) = Context::background().with_cancel();
    canceler.cancel();
    assert_eq!(WaitGroup::new().wait_under(&ended), Ok(()));
}

#[test]
fn a_count_that_cannot_be_is_an_error_and_changes_nothing() {
    let group = WaitGroup::new();
    assert_eq!(group.done(), Err(CountError::Negative));
    group.add(2).unwrap();
    assert_eq!(group.add(-3), Err(CountError::Negative));
    assert_eq!(group.add(i64::MIN), Err(CountError::Negative));
    assert_eq!(group.count(), 2);
    group.add(i64::MAX).unwrap();
    group.add(i64::MAX - 2).unwrap();
    assert_eq!(group.count(), u64::MAX - 1);
    assert_eq!(group.add(2), Err(CountError::TooLarge));
    group.add_named("last").unwrap();
    assert_eq!(group.add_named("more"), Err(CountError::TooLarge));
    assert_eq!(group.done_named("more"), Err(CountError::NotAdded));
    group.done_named("last").unwrap();
    assert_eq!(group.done_named("last"), Err(CountError::NotAdded));
    assert_eq!(group.count(), u64::MAX - 1);
}

proptest! {
    #[test]
    fn a_count_is_the_sum_of_what_was_taken(deltas in prop::collection::vec(-5_i64..5, 0..40)) {
        let (group, mut sum) = (WaitGroup::new(), 0_i64);
        for delta in deltas {
            match group.add(delta) {
                Ok(()) => sum += delta,
                Err(error) => {
                    prop_assert_eq!(error, CountError::Negative);
                    prop_assert!(sum + delta < 0);
                }
            }
            prop_assert_eq!(i64::try_from(group.count()), Ok(sum));
        }
    }
}

#[test]
fn a_wait_that_comes_to_nothing_tells_who_was_missing() {
    let clock = VirtualClock::new();
    let hour = Duration::from_hours(1);
    let (ctx, _canceler) = Context::background_on(clock.clone()).with_timeout(hour);
    let group = WaitGroup::new();
    for name in ["A", "B", "C", "B"] {
        group.add_named(name).unwrap();
    }
    group.add(1).unwrap();
    group.done_named("B").unwrap();
    let unfinished = thread::scope(|scope| {
        let waiting = scope.spawn(|| group.wait_under(&ctx));
        while clock.advance_to_next().is_none() {
            thread::yield_now();
        }
        waiting.join().unwrap().unwrap_err()
    });
    assert_eq!(unfinished.error, ContextError::DeadlineExceeded);
    assert_eq!(unfinished.count, 4);
    assert_eq!(unfinished.missing, ["A", "C", "B"]);
    assert_eq!(
        unfinished.to_string(),
        "the context's deadline has passed, and 4 were not done: A, C, B"
    );
    // The wait has left nothing behind: the group goes on.
    for name in ["A", "C", "B"] {
        group.done_named(name).unwrap();
    }
    group.done().unwrap();
    assert_eq!(group.wait_under(&ctx), Ok(()));
}

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
        same.contains("| after waiting") && same.contains("| 10 "),
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
    let report = interrupted("waitgroup --mistake forget-done --timeout 1h");
    assert!(report.contains("missing: "), "{report}");
    for words in ["", " --mistake add-inside", " -t 300"] {
        // Where threads add themselves too late nothing is waited for; the threads are.
        interrupted(&format!("waitgroup{words} {ENDLESS}"));
    }
}

fn plan(mistake: Option<Mistake>) -> GroupPlan {
    GroupPlan {
        shape: Shape::new(3, 5000).unwrap(),
        runs: 10,
        budget: None,
        timeout: None,
        mistake,
    }
}

/// Hands events on.
struct Heard<F>(F);

impl<F: FnMut(&GroupEvent)> GroupObserver for Heard<F> {
    fn observe(&mut self, event: &GroupEvent) {
        (self.0)(event);
    }
}

#[test]
fn a_run_whose_threads_were_not_all_started_counts_for_nothing() {
    let plan = GroupPlan {
        shape: Shape::new(1024, 10).unwrap(),
        runs: u64::MAX,
        ..plan(None)
    };
    for milliseconds in 0..30 {
        let (ctx, canceler) = Context::background().with_cancel();
        thread::scope(|scope| {
            scope.spawn(move || {
                thread::sleep(Duration::from_millis(milliseconds));
                canceler.cancel();
            });
            let outcome = lab::gather(
                &plan,
                &ctx,
                &mut Heard(|event: &GroupEvent| {
                    if let GroupEvent::Run(run) = event {
                        assert_eq!(run.after_waiting, 10_240);
                    }
                }),
            );
            assert_eq!(outcome.unwrap().stopped, Stopped::Interrupted);
        });
    }
}

/// Where the machine refuses the thread that rings, nobody can look up, but all can wait.
#[test]
fn a_wait_that_nobody_interrupts_is_a_wait_all_the_same() {
    let plan = GroupPlan {
        shape: Shape::new(2, 300_000).unwrap(),
        ..plan(None)
    };
    let (mut runs, mut looks) = (0, 0);
    let root = Context::background_on(NobodyRings);
    let outcome = lab::gather(
        &plan,
        &root,
        &mut Heard(|event: &GroupEvent| match event {
            GroupEvent::Run(run) => {
                runs += 1;
                assert_eq!(run.after_waiting, 600_000);
            }
            GroupEvent::Waiting => looks += 1,
        }),
    );
    assert_eq!(outcome.unwrap().stopped, Stopped::Completed);
    assert_eq!((runs, looks), (10, 0));
}

/// The record of runs that read these totals.
fn made(mistake: Option<Mistake>, keep: usize, totals: &[(u64, u64)]) -> Gathering {
    let plan = plan(mistake);
    let mut collector = GroupCollector::new(&plan, keep);
    for (number, &(without_waiting, after_waiting)) in (1..).zip(totals) {
        collector.observe(&GroupEvent::Run(GroupRun {
            number,
            without_waiting,
            after_waiting,
            elapsed_ns: 90_000 + 1_000 * number,
        }));
    }
    let given_up = mistake == Some(Mistake::ForgetDone);
    let outcome = GroupOutcome {
        stopped: if given_up {
            Stopped::Timeout
        } else {
            Stopped::Completed
        },
        unfinished: given_up.then(|| Abandoned {
            total: 15_000,
            missing: vec!["B".into()],
            elapsed_ns: 1_000_400_000,
        }),
        setup: Setup {
            cpu: None,
            cores: Some(2),
            pinned: false,
            start: StartLine::None,
        },
    };
    collector.finish(&plan, &outcome, Duration::from_millis(10))
}

fn shown(record: &Gathering, width: usize, signs: Signs) -> String {
    record.text(&Page {
        width,
        palette: Palette::new(false),
        signs,
        quiet: false,
    })
}

const TOTALS: [(u64, u64); 5] = [
    (0, 15_000),
    (5_000, 15_000),
    (15_000, 15_000),
    (10_001, 15_000),
    (7, 15_000),
];

#[test]
fn the_report_shows_both_totals() {
    let few = made(None, 20, &TOTALS);
    insta::assert_snapshot!("few_runs", shown(&few, 80, Signs::UNICODE));
    insta::assert_snapshot!("few_runs_on_40_columns", shown(&few, 40, Signs::ASCII));
    let many = made(None, 4, &TOTALS);
    insta::assert_snapshot!("many_runs", shown(&many, 80, Signs::UNICODE));
    let late = TOTALS.map(|(before, _)| (before, before));
    let late = made(Some(Mistake::AddInside), 20, &late);
    insta::assert_snapshot!("added_inside", shown(&late, 80, Signs::UNICODE));
    let forgot = made(Some(Mistake::ForgetDone), 20, &[]);
    insta::assert_snapshot!("forgot_done", shown(&forgot, 80, Signs::UNICODE));
    insta::assert_snapshot!("few_runs_as_markdown", few.markdown());
}

#[test]
fn one_run_is_one_run() {
    let text = shown(&made(None, 20, &TOTALS[..1]), 200, Signs::ASCII);
    assert!(
        text.contains("Without waiting 1 of 1 run was read"),
        "{text}"
    );
}

#[test]
fn where_nothing_is_counted_nothing_can_be_missing() {
    let text = String::from_utf8(waitgroup("-i 0 -r 2").stdout).unwrap();
    assert!(text.contains("2 of 2 runs."), "{text}");
    assert!(!text.contains("confidence"), "{text}");
    assert!(!text.contains("-i 0"), "{text}");
}

#[test]
fn nothing_is_wider_than_the_page() {
    for mistake in [None, Some(Mistake::AddInside), Some(Mistake::ForgetDone)] {
        for keep in [4, 20] {
            let record = made(mistake, keep, &TOTALS);
            for width in [20, 30, 40, 60, 80, 120] {
                let text = shown(&record, width, Signs::ASCII);
                assert!(text.is_ascii());
                for line in text.lines() {
                    assert!(line.len() <= width, "{width}: {line}");
                }
            }
        }
    }
}
