//! The tables, from scripted runs.

use miscount::error::Error;
use miscount::lab::{Comparer, ComparisonOutcome, RoundRun, Stopped};
use miscount::plan::Comparison;
use miscount::record::StopReason;
use miscount::sync::{Context, Observer};
use miscount::term::Page;
use serde_json::Value;

use super::{Script, comparison, record};
use crate::support::{Shown, fits, page};

#[test]
fn a_comparison_on_80_columns() {
    insta::assert_snapshot!(Script::of(&[3]).report(page(80, false, true)));
}

#[test]
fn the_columns_are_explained_where_that_is_wanted() {
    let short = Script::of(&[3]).report(page(80, false, true));
    let explained = Script::of(&[3]).report(Page {
        explain: true,
        ..page(80, false, true)
    });
    assert!(
        short.contains("What the columns mean: --explain"),
        "{short}"
    );
    assert!(!short.contains("Times are medians"), "{short}");
    assert!(explained.contains("Times are medians"), "{explained}");
}

#[test]
fn a_comparison_on_40_columns_in_ascii() {
    insta::assert_snapshot!(Script::of(&[3]).report(page(40, false, false)));
}

#[test]
fn a_sweep_on_80_columns() {
    insta::assert_snapshot!(Script::of(&[1, 2, 4]).report(page(80, false, true)));
}

#[test]
fn a_sweep_on_120_columns_in_ascii() {
    insta::assert_snapshot!(Script::of(&[1, 2, 4]).report(page(120, false, false)));
}

#[test]
fn a_sweep_as_markdown() {
    insta::assert_snapshot!(Script::of(&[1, 2]).record().markdown());
}

#[test]
fn a_comparison_without_a_run_has_no_numbers() {
    let script = Script {
        runs_made: 0,
        stopped: Stopped::Timeout,
        ..Script::of(&[3])
    };
    insta::assert_snapshot!(script.report(page(80, false, true)), @r"
    compare: 3 threads × 50,000 increments, 9 runs each

    No run was finished.

    Timed out after 0 of 9 rounds.
    ");
    for entry in script.record().json()["entries"].as_array().unwrap() {
        for unknown in ["lost_share", "elapsed_ns", "ns_per_increment", "ratio"] {
            assert_eq!(entry[unknown], Value::Null, "{unknown}");
        }
    }
}

#[test]
fn no_report_is_wider_than_its_page_and_ascii_is_ascii() {
    let interrupted = Script {
        runs_made: 6,
        stopped: Stopped::Interrupted,
        ..Script::of(&[1, 1024])
    };
    for script in [Script::of(&[3]), Script::of(&[1, 2, 4]), interrupted] {
        for width in 20..140 {
            let report = script.report(page(width, false, true));
            for line in report.lines() {
                assert!(fits(line, width), "{width}: {line:?}");
                assert_eq!(line, line.trim_end(), "{width}");
            }
            assert!(script.report(page(width, false, false)).is_ascii());
        }
    }
}

#[test]
fn ratios_are_taken_round_by_round() {
    let record = Script::of(&[3]).record();
    let of = |name: &str| {
        record
            .entries
            .iter()
            .find(|e| e.strategy.name == name)
            .unwrap()
    };
    let (mutex, sharded) = (of("mutex-per-op"), of("sharded"));
    assert!(sharded.cheapest && !mutex.cheapest && !of("unsynced").cheapest);
    let itself = sharded.ratio.unwrap();
    assert!((1.0..=1.0).contains(&itself.min) && (1.0..=1.0).contains(&itself.max));
    // The machine grows slower by four fifths, which the times show and the ratios do not.
    let (times, ratio) = (mutex.ns_per_increment.unwrap(), mutex.ratio.unwrap());
    assert!(times.max / times.min > 1.7, "{times:?}");
    assert!((79.0..81.0).contains(&ratio.min), "{ratio:?}");
    assert!((79.0..81.0).contains(&ratio.max), "{ratio:?}");
    assert!(ratio.lower_quartile <= ratio.median && ratio.median <= ratio.upper_quartile);
}

#[test]
fn what_lost_updates_is_never_the_cheapest_correct_one() {
    let script = Script {
        runs: &[
            ("unsynced", 100, 0),
            ("atomic", 200, 1),
            ("sharded", 300, 0),
        ],
        ..Script::of(&[2])
    };
    let record = script.record();
    let cheapest: Vec<_> = record.entries.iter().map(|entry| entry.cheapest).collect();
    assert_eq!(cheapest, [false, false, true]);
    let report = script.report(page(80, false, true));
    assert!(report.contains("by luck"), "{report}");
}

/// Median times and median ratios need not agree who is the dearest; the one that is called so is
/// the one whose bar is the longest.
#[test]
fn the_dearest_is_dearest_by_the_times_that_are_shown() {
    struct Noisy;
    impl Comparer for Noisy {
        fn compare(
            &self,
            _: &Comparison,
            _: &Context,
            observer: &mut dyn Observer<RoundRun>,
        ) -> Result<ComparisonOutcome, Error> {
            for times in [[10, 600, 500], [100, 700, 600], [110, 650, 5_000]] {
                for (entry, elapsed_ns) in times.into_iter().enumerate() {
                    let run = RoundRun {
                        entry,
                        actual: 100,
                        elapsed_ns,
                    };
                    observer.observe(&run);
                }
            }
            Script::of(&[1]).compare(
                &comparison(&[], &[], 0, 0),
                &Context::background(),
                observer,
            )
        }
    }
    let plan = comparison(&["sharded", "rwlock", "atomic"], &[1], 100, 3);
    let record = record(&plan, &Noisy);
    let middle = |place: usize| {
        let entry = &record.entries[place];
        (
            entry.ns_per_increment.unwrap().median,
            entry.ratio.unwrap().median,
        )
    };
    assert!(
        middle(1).0 > middle(2).0 && middle(1).1 < middle(2).1,
        "{record:?}"
    );
    let report = record.text(&page(80, false, true));
    assert!(report.contains("most expensive: rwlock"), "{report}");
}

#[test]
fn the_command_to_type_next_belongs_to_the_comparison() {
    let command = |script: &Script| {
        let report = script.report(page(200, false, true));
        let command = &report[report.rfind("miscount ").unwrap()..];
        crate::documents::can_be_typed("compare", command.trim_end());
        command.trim_end().to_string()
    };
    let alone = Script {
        runs: &[("atomic", 100, 0)],
        ..Script::of(&[3])
    };
    assert_eq!(command(&alone), "miscount compare atomic -t 1,2,4 -i 50000");
    let sweep = Script {
        threads: &[64, 128],
        ..alone
    };
    assert_eq!(command(&sweep), "miscount atomic -t 128 -i 50000");
    let lucky = Script {
        runs: &[("unsynced", 100, 0), ("rwlock", 200, 0)],
        ..Script::of(&[2, 3])
    };
    assert_eq!(
        command(&lucky),
        "miscount compare unsynced rwlock -t 2,3 -i 1k --window yield"
    );
    assert_eq!(
        command(&Script::of(&[2, 3])),
        "miscount unsynced -t 3 -i 50000"
    );
}

#[test]
fn a_comparison_that_is_cut_short_counts_whole_rounds() {
    let script = Script {
        runs_made: 4 * 2 + 1,
        stopped: Stopped::Interrupted,
        ..Script::of(&[2])
    };
    let record = script.record();
    assert_eq!(record.runs_completed, 2);
    assert_eq!(record.stopped, StopReason::Interrupted);
    let runs: Vec<_> = record.entries.iter().map(|e| e.runs_completed).collect();
    assert_eq!(runs, [3, 2, 2, 2]);
}
