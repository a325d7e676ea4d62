//! The report of runs that are made up.

use std::time::Duration;

use clap::ValueEnum;

use miscount::lab::{Abandoned, Setup, Stopped, WaitGroupOutcome, WaitGroupRun};
use miscount::plan::{Mistake, StartLine};
use miscount::record::{WaitGroupCollector, WaitGroupRecord};
use miscount::sync::Observer;

use super::plan;
use crate::support::{Shown, fits, page};

/// The record of runs that read these totals.
fn made(mistake: Option<Mistake>, keep: usize, totals: &[(u64, u64)]) -> WaitGroupRecord {
    let plan = plan(mistake);
    let mut collector = WaitGroupCollector::new(&plan, keep);
    for (number, &(without_waiting, after_waiting)) in (1..).zip(totals) {
        collector.observe(&WaitGroupRun {
            number,
            without_waiting,
            after_waiting,
            misused: matches!(mistake, Some(Mistake::DoneTwice | Mistake::AddLate)),
            elapsed_ns: 90_000 + 1_000 * number,
        });
    }
    let given_up = mistake == Some(Mistake::ForgetDone);
    let outcome = WaitGroupOutcome {
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
            repeated: 0,
        },
    };
    collector.finish(&plan, &outcome, Duration::from_millis(10))
}

fn shown(record: &WaitGroupRecord, width: usize, unicode: bool) -> String {
    record.text(&page(width, false, unicode))
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
    insta::assert_snapshot!("few_runs", shown(&few, 80, true));
    insta::assert_snapshot!("few_runs_on_40_columns", shown(&few, 40, false));
    let many = made(None, 4, &TOTALS);
    insta::assert_snapshot!("many_runs", shown(&many, 80, true));
    let late_totals = TOTALS.map(|(before, _)| (before, before));
    let late = made(Some(Mistake::AddInside), 20, &late_totals);
    insta::assert_snapshot!("added_inside", shown(&late, 80, true));
    let forgot = made(Some(Mistake::ForgetDone), 20, &[]);
    insta::assert_snapshot!("forgot_done", shown(&forgot, 80, true));
    let twice = made(Some(Mistake::DoneTwice), 20, &late_totals);
    insta::assert_snapshot!("done_twice", shown(&twice, 80, true));
    let reused = made(Some(Mistake::AddLate), 20, &late_totals);
    insta::assert_snapshot!("added_late", shown(&reused, 80, true));
    insta::assert_snapshot!("few_runs_as_markdown", few.markdown());
}

#[test]
fn one_run_is_one_run() {
    let text = shown(&made(None, 20, &TOTALS[..1]), 200, false);
    assert!(
        text.contains("Without waiting the total was read too early in 1 of 1 run"),
        "{text}"
    );
}

#[test]
fn nothing_is_wider_than_the_page() {
    let mistakes = Mistake::value_variants().iter().copied().map(Some);
    for mistake in mistakes.chain([None]) {
        for keep in [4, 20] {
            let record = made(mistake, keep, &TOTALS);
            for width in [20, 30, 40, 60, 80, 120] {
                let text = shown(&record, width, false);
                assert!(text.is_ascii());
                for line in text.lines() {
                    assert!(fits(line, width), "{width}: {line}");
                }
            }
        }
    }
}
