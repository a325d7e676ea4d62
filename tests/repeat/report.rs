//! The report of runs that are made up.

use std::time::Duration;

use miscount::lab::{Setup, Stopped};
use miscount::plan::{Expected, ProcessPinning, RepeatPlan, RunCondition, StartLine, Until};
use miscount::process::{ProcessEnding, ProcessRun, RepeatOutcome};
use miscount::record::{RepeatCollector, RepeatRecord};
use miscount::sync::Observer;

use crate::support::{Shown, page};

fn plan(expected: Option<u64>) -> RepeatPlan {
    RepeatPlan {
        program: "./race".into(),
        arguments: Vec::new(),
        runs: 100,
        budget: None,
        each: Duration::from_secs(10),
        until: None,
        expect: None,
        outcome: None,
        expected: expected.map(Expected::Number),
        jobs: 1,
        cores: None,
        stress: false,
        pinning: ProcessPinning::None,
        keep: None,
    }
}

/// An outcome: how the process ended, what it wrote, and to standard error.
type Made = (ProcessEnding, &'static str, &'static str);

const DONE: ProcessEnding = ProcessEnding::Exited(0);

/// The record of runs with these outcomes, each of them so often.
fn made(
    plan: &RepeatPlan,
    flags: &str,
    stopped: Stopped,
    outcomes: &[(u64, Made)],
) -> RepeatRecord {
    let mut collector = RepeatCollector::new(plan, 0);
    let mut number = 0;
    for (outcome, &(runs, (ending, output, errors))) in (1..).zip(outcomes) {
        for run in 0..runs {
            number += 1;
            collector.observe(&ProcessRun {
                number,
                outcome: Some(outcome),
                is_first: run == 0,
                ending,
                output: Some(output.into()),
                is_cut: false,
                value: output.parse().ok(),
                bytes: output.len() as u64,
                digest: [0; 32],
                errors: errors.into(),
                elapsed_ns: 1_500_000 + 10_000 * (number % 7),
                as_expected: None,
            });
        }
    }
    let outcome = RepeatOutcome {
        stopped,
        setup: Setup {
            cpu: None,
            cores: Some(2),
            repeated: 0,
            pinned: false,
            start: StartLine::None,
        },
    };
    let until = plan.until.as_ref().map(ToString::to_string);
    let names = ("./race".into(), flags.into(), until);
    collector.finish(plan, names, &outcome, Duration::from_millis(200))
}

fn shown(record: &RepeatRecord, width: usize) -> String {
    record.text(&page(width, false, width > 40))
}

/// What a race leads to: a few numbers, a crash and a hang.
const RACE: [(u64, Made); 5] = [
    (80, (DONE, "15000", "")),
    (9, (DONE, "10000", "")),
    (7, (DONE, "15002", "")),
    (
        3,
        (ProcessEnding::Exited(66), "14998", "WARNING: DATA RACE"),
    ),
    (1, (ProcessEnding::TimedOut, "", "")),
];

#[test]
fn a_row_tells_each_outcome() {
    let record = made(&plan(None), "", Stopped::Completed, &RACE);
    insta::assert_snapshot!("outcomes", shown(&record, 80));
    insta::assert_snapshot!("outcomes_on_40_columns", shown(&record, 40));
    insta::assert_snapshot!("outcomes_as_markdown", record.markdown());
    let record = made(
        &plan(Some(15_000)),
        "--expected 15000",
        Stopped::Completed,
        &RACE,
    );
    insta::assert_snapshot!("outcomes_compared", shown(&record, 80));
}

#[test]
fn when_all_are_alike_the_report_says_how_sure_that_is_and_what_to_try() {
    let alike = [(100, (DONE, "15000", ""))];
    let record = made(&plan(None), "", Stopped::Completed, &alike);
    insta::assert_snapshot!("alike", shown(&record, 80));
    let flags = "--expected 15000 --jobs 4 --stress --cores one --pin random";
    let record = made(&plan(Some(15_000)), flags, Stopped::Completed, &alike);
    insta::assert_snapshot!("alike_whatever_was_tried", shown(&record, 80));
    let few = [(2, (ProcessEnding::Signaled(11), "", ""))];
    let record = made(&plan(None), "", Stopped::Interrupted, &few);
    insta::assert_snapshot!("interrupted", shown(&record, 80));
    let record = made(&plan(None), "", Stopped::Timeout, &[]);
    insta::assert_snapshot!("none", shown(&record, 80));
}

#[test]
fn what_was_looked_for_comes_first() {
    let until = |until| RepeatPlan {
        until: Some(until),
        ..plan(Some(15_000))
    };
    let wrong = until(RunCondition::Counted(Until::Lost));
    let flags = "--expected 15000";
    let first = [(1, (DONE, "10000", "stale read"))];
    let record = made(&wrong, flags, Stopped::Found, &first);
    insta::assert_snapshot!("found_at_once", shown(&record, 80));
    insta::assert_snapshot!("found_at_once_on_40_columns", shown(&record, 40));
    let later = [RACE[0], (1, (ProcessEnding::TimedOut, "", ""))];
    let record = made(&wrong, flags, Stopped::Found, &later);
    insta::assert_snapshot!("found_later", shown(&record, 80));
    let exit = until(RunCondition::Exit(1));
    let record = made(&exit, flags, Stopped::Completed, &RACE[..2]);
    insta::assert_snapshot!("not_found", shown(&record, 80));
}

#[test]
fn many_numbers_are_a_histogram() {
    let numbers: Vec<&'static str> = vec![
        "5000", "5100", "5200", "6000", "7000", "7500", "8000", "9000", "9100", "9200", "10000",
        "11000", "12000", "13000", "15000",
    ];
    let mut outcomes: Vec<_> = numbers
        .iter()
        .map(|number| (2, (DONE, *number, "")))
        .collect();
    outcomes.push((5, (ProcessEnding::Signaled(11), "", "")));
    let record = made(
        &plan(Some(15_000)),
        "--expected 15000",
        Stopped::Completed,
        &outcomes,
    );
    insta::assert_snapshot!("histogram", shown(&record, 80));
    let many: Vec<_> = (0..20).map(|_| (2, (DONE, "a word", ""))).collect();
    let record = made(&plan(None), "", Stopped::Completed, &many);
    insta::assert_snapshot!("many_words", shown(&record, 80));
}
