//! The text report, from a scripted engine: the same numbers every time.
//!
//! Whether a report reads well is for people to judge, from the snapshots; what must be true of
//! any wording is tested beside them.

use std::num::NonZeroU64;
use std::time::Duration;

use miscount::error::Error;
use miscount::lab::{CountingOutcome, Engine, Runs, Setup, Stopped};
use miscount::page::{self, MOST_LINES};
use miscount::plan::{CountingPlan, StartLine};
use miscount::record::{CountingCollector, CountingRecord};
use miscount::render::document;
use miscount::strategy::{self, AwaitStats, ReaderStats, Settings, Shape, WaitStats, Window};
use miscount::sync::{Context, Observer};
use miscount::term::Page;
use proptest::prelude::*;
use unicode_width::UnicodeWidthStr;

use crate::support::{fits, page};

/// Begins what colours a terminal.
const ESCAPE: char = '\u{1b}';

/// An experiment that has happened, as it is written here.
#[derive(Clone, Debug)]
struct Script {
    strategy: &'static str,
    settings: Settings,
    threads: usize,
    increments: u64,
    /// Runs asked for.
    runs: u64,
    actuals: Vec<u64>,
    stopped: Stopped,
    cores: Option<usize>,
    pinned: bool,
    repeated: u64,
    readings: Option<ReaderStats>,
}

impl Script {
    /// Three threads of 5000 increments each ended with these totals.
    fn of(strategy: &'static str, actuals: &[u64]) -> Self {
        Self {
            strategy,
            settings: Settings::default(),
            threads: 3,
            increments: 5000,
            runs: actuals.len() as u64,
            actuals: actuals.to_vec(),
            stopped: Stopped::Completed,
            cores: Some(2),
            pinned: true,
            repeated: 0,
            readings: None,
        }
    }

    /// The report on the experiment.
    fn report(&self, page: Page) -> String {
        self.told().report(page)
    }

    /// The record of the experiment, from which reports are made.
    fn told(&self) -> Told {
        let kind = strategy::named(self.strategy).unwrap();
        let plan = CountingPlan::new(
            kind.build(&self.settings).unwrap(),
            Shape::new(self.threads, self.increments).unwrap(),
            self.runs,
        );
        let mut collector = CountingCollector::new(&plan, MOST_LINES);
        let outcome = self
            .carry_out(&plan, &Context::background(), &mut collector)
            .unwrap();
        let record = collector.finish(&plan, &outcome, Duration::from_millis(250));
        Told { plan, record }
    }
}

/// An experiment that has been told of.
struct Told {
    plan: CountingPlan,
    record: CountingRecord,
}

impl Told {
    fn report(&self, page: Page) -> String {
        document(&page::counting(&self.record, &self.plan.strategy), &page)
    }
}

impl Engine for Script {
    fn carry_out(
        &self,
        _: &CountingPlan,
        _: &Context,
        observer: &mut dyn Observer<Runs>,
    ) -> Result<CountingOutcome, Error> {
        // In two chunks, each run a little slower than the one before.
        let times: Vec<u64> = (0..self.actuals.len() as u64)
            .map(|run| 10_000 + run * 137)
            .collect();
        let half = self.actuals.len() / 2;
        for part in [0..half, half..self.actuals.len()] {
            observer.idle();
            observer.observe(&Runs {
                first: part.start as u64 + 1,
                actuals: self.actuals[part.clone()].to_vec(),
                meetings_ns: times[part].to_vec(),
                stride: 1,
            });
        }
        Ok(CountingOutcome {
            runs: self.actuals.len() as u64,
            stopped: self.stopped,
            readings: self.readings.clone(),
            setup: Setup {
                cpu: Some("a processor".into()),
                cores: self.cores,
                pinned: self.pinned,
                start: StartLine::default(),
                repeated: self.repeated,
            },
        })
    }
}

fn few() -> Script {
    let actuals = [
        9_812, 15_000, 14_999, 5_000, 10_403, 12_000, 15_000, 7_777, 11_111, 8_086,
    ];
    Script::of("unsynced", &actuals)
}

fn many() -> Script {
    // A thousand runs: most of them scattered, some correct.
    let actual = |run: u64| match run % 10 {
        0 => 15_000,
        _ => 5_000 + run * run * 7_919 % 9_973,
    };
    Script::of("unsynced", &(0..1000).map(actual).collect::<Vec<_>>())
}

fn all_correct() -> Script {
    Script::of("mutex-per-op", &[15_000; 10])
}

fn one_run() -> Script {
    Script::of("unsynced", &[9_812])
}

fn nothing_to_count() -> Script {
    Script {
        increments: 0,
        ..Script::of("unsynced", &[0; 10])
    }
}

fn interrupted_at_once() -> Script {
    Script {
        runs: 10,
        stopped: Stopped::Interrupted,
        ..Script::of("unsynced", &[])
    }
}

fn with_readers() -> Script {
    Script {
        readings: Some(ReaderStats {
            reads: 1_234_567,
            most_inside: 2,
            with_writer: 0,
            backwards: 0,
            awaited: None,
        }),
        ..Script::of("rwlock", &[15_000; 3])
    }
}

/// Readers who waited, the last of them never.
fn with_waiting(how_many: usize, runs_reached: u64) -> Script {
    let waited = |reader| WaitStats {
        waits: 3,
        wake_ups: 5 + reader,
        spurious_wake_ups: 2 + reader,
        all_ns: 300_000 * (reader + 1),
        least_ns: 999,
        most_ns: 200_000 * (reader + 1),
        still_waiting: false,
    };
    let mut readers: Vec<WaitStats> = (1..how_many as u64).map(waited).collect();
    readers.push(WaitStats::default());
    Script {
        settings: Settings {
            readers: how_many,
            awaited: NonZeroU64::new(7_500),
            ..Settings::default()
        },
        readings: Some(ReaderStats {
            reads: 44,
            most_inside: how_many as u64,
            with_writer: 0,
            backwards: 0,
            awaited: Some(AwaitStats {
                total: 7_500,
                runs_reached,
                runs_never_reached: 3 - runs_reached,
                together: (runs_reached > 0).then_some(how_many as u64),
                readers,
            }),
        }),
        ..Script::of("rwlock", &[15_000; 3])
    }
}

/// Runs that reached the total and ended below it, and one read that went backwards.
fn with_a_total_taken_back() -> Script {
    let mut script = with_waiting(2, 3);
    script.settings.split = true;
    if let Some(readings) = &mut script.readings {
        readings.backwards = 1;
    }
    let lost = Script::of("rwlock", &[7_400, 8_000, 5_488]);
    Script {
        settings: script.settings,
        readings: script.readings,
        ..lost
    }
}

fn nothing_lost(cores: usize) -> Script {
    Script {
        cores: Some(cores),
        ..Script::of("unsynced", &[15_000; 10])
    }
}

/// A report as it is kept: the sign that begins a colour made visible, ends of lines too.
fn shown(script: &Script, page: Page) -> String {
    let report = script.report(page).replace(ESCAPE, "␛");
    report.lines().map(|line| format!("{line}|\n")).collect()
}

macro_rules! snapshots {
    ($($name:ident: $script:expr, $width:literal, $coloured:literal, $unicode:literal;)*) => {
        $(
            #[test]
            fn $name() {
                let page = page($width, $coloured, $unicode);
                insta::assert_snapshot!(stringify!($name), shown(&$script, page));
            }
        )*
    };
}

// Each case once, and between them every width with and without colours and Unicode.
snapshots! {
    few_runs_on_80_columns: few(), 80, false, true;
    few_runs_on_40_columns: few(), 40, false, true;
    few_runs_on_120_columns_in_ascii: few(), 120, false, false;
    few_runs_in_colour: few(), 80, true, true;
    many_runs_on_80_columns: many(), 80, false, true;
    many_runs_on_40_columns_in_ascii_and_colour: many(), 40, true, false;
    many_runs_on_120_columns_in_colour: many(), 120, true, true;
    all_correct_in_ascii: all_correct(), 80, false, false;
    one_run_alone: one_run(), 80, false, true;
    no_increments: nothing_to_count(), 80, false, true;
    interrupted_before_the_first_run: interrupted_at_once(), 80, false, true;
    readers_and_their_claims: with_readers(), 80, false, true;
    readers_that_waited: with_waiting(3, 3), 80, false, true;
    readers_that_waited_in_vain_on_40_columns: with_waiting(9, 1), 40, false, false;
    readers_whose_total_was_taken_back: with_a_total_taken_back(), 80, false, true;
    nothing_lost_on_one_core: nothing_lost(1), 80, false, true;
    nothing_lost_on_two_cores: nothing_lost(2), 80, false, true;
}

/// Every case that is kept as a snapshot, and some that are only measured.
fn cases() -> Vec<Script> {
    let rwlock_split = Script {
        settings: Settings {
            split: true,
            readers: 1024,
            ..Settings::default()
        },
        readings: Some(ReaderStats {
            reads: u64::MAX,
            most_inside: 1024,
            with_writer: 12_345,
            backwards: 678_901_234,
            awaited: None,
        }),
        pinned: false,
        ..Script::of("rwlock", &[2, 14_000])
    };
    let batches = Script {
        settings: Settings {
            batch: NonZeroU64::new(1_000_000),
            ..Settings::default()
        },
        ..Script::of("mutex-per-batch", &[15_000; 20])
    };
    let window = Script {
        settings: Settings {
            window: Window::Sleep(Duration::from_millis(90_250)),
            ..Settings::default()
        },
        stopped: Stopped::Interrupted,
        runs: 1_000_000,
        ..Script::of("unsynced", &[5_000, 5_001])
    };
    let mut cases = vec![
        few(),
        many(),
        all_correct(),
        one_run(),
        nothing_to_count(),
        interrupted_at_once(),
        with_readers(),
        with_waiting(2, 0),
        with_waiting(1000, 2),
        nothing_lost(1),
        nothing_lost(2),
        rwlock_split,
        batches,
        window,
    ];
    cases.extend(
        strategy::ALL
            .iter()
            .map(|kind| Script::of(kind.name, &[15_000; 30])),
    );
    cases
}

/// The text without the signs that colour it.
fn uncoloured(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let mut plain = parts.next().unwrap().to_string();
    for part in parts {
        plain += part.split_once('m').expect("a colour ends with m").1;
    }
    plain
}

/// The widths that a page may have: all that a report must fit on, and some more.
fn widths() -> impl Iterator<Item = usize> + Clone {
    20..=200
}

#[test]
fn no_line_is_wider_than_the_page() {
    for case in cases() {
        let case = case.told();
        for width in widths() {
            for (coloured, unicode) in [(true, false), (false, true)] {
                hold_to_the_width(&case, page(width, coloured, unicode));
            }
        }
    }
}

fn hold_to_the_width(case: &Told, page: Page) {
    let report = uncoloured(&case.report(page));
    for line in report.lines() {
        assert!(
            fits(line, page.width),
            "{} instead of {}: {line}\n{report}",
            line.width(),
            page.width
        );
    }
    assert!(report.ends_with('\n'));
}

#[test]
fn a_command_is_never_broken() {
    for case in cases() {
        let case = case.told();
        // Where there is room enough a command stands on one line, with its purpose before it.
        let roomy = case.report(page(1000, false, true));
        let commands: Vec<_> = roomy
            .lines()
            .filter_map(|line| Some(&line[line.find("miscount ")?..]))
            .collect();
        for width in widths() {
            let report = uncoloured(&case.report(page(width, true, true)));
            for command in &commands {
                let is_whole = report.lines().any(|line| line.ends_with(command));
                assert!(is_whole, "{command:?} is not in\n{report}");
            }
        }
    }
}

#[test]
fn ascii_is_ascii_and_colours_change_nothing_but_colours() {
    for case in cases() {
        let case = case.told();
        for width in widths().step_by(20) {
            assert!(case.report(page(width, true, false)).is_ascii());
            let coloured = case.report(page(width, true, true));
            let plain = case.report(page(width, false, true));
            assert!(coloured.contains(ESCAPE) && !plain.contains(ESCAPE));
            assert_eq!(uncoloured(&coloured), plain);
        }
    }
}

proptest! {
    /// Whatever the totals, and up to numbers that still leave room for a row.
    #[test]
    fn any_experiment_fits_on_its_page(
        width in 20_usize..=200,
        threads in 1_usize..=1024,
        increments in 0_u64..10_000,
        lost in proptest::collection::vec(0_u64..=1000, 0..60),
        unicode: bool,
    ) {
        let expected = threads as u64 * increments;
        let per_mille = |lost: &u64| expected - expected * lost / 1000;
        let actuals: Vec<u64> = lost.iter().map(per_mille).collect();
        let script = Script {
            threads,
            increments,
            ..Script::of("unsynced", &actuals)
        };
        hold_to_the_width(&script.told(), page(width, true, unicode));
    }
}

#[test]
fn a_report_names_what_was_counted() {
    for case in cases() {
        let report = case.report(page(200, false, true));
        assert!(report.contains(case.strategy), "{report}");
        assert!(
            report.contains(&grouped(case.threads as u64 * case.increments)),
            "{report}"
        );
        if case.actuals.len() <= MOST_LINES {
            for &actual in &case.actuals {
                assert!(report.contains(&grouped(actual)), "{actual}:\n{report}");
            }
        }
    }
}

#[test]
fn the_advice_is_left_out_where_only_the_result_is_wanted() {
    for case in cases() {
        let full = case.report(page(80, false, true));
        let quiet = case.report(Page {
            quiet: true,
            ..page(80, false, true)
        });
        assert!(full.starts_with(&quiet), "{quiet}");
        assert!(!quiet.contains("miscount "), "{quiet}");
    }
}

#[test]
fn threads_that_could_not_be_pinned_are_a_note() {
    let pinned = all_correct();
    let unpinned = Script {
        pinned: false,
        ..pinned.clone()
    };
    let (with, without) = (page(80, false, true), page(80, false, true));
    assert!(unpinned.report(with).contains("pinned"));
    assert!(!pinned.report(without).contains("pinned"));
}

#[test]
fn runs_that_were_repeated_are_a_note() {
    let fair = all_correct();
    let unfair = Script {
        repeated: 3,
        ..fair.clone()
    };
    let (with, without) = (page(80, false, true), page(80, false, true));
    let report = unfair.report(with).replace('\n', " ");
    assert!(report.contains("Note: 3 runs were repeated"), "{report}");
    assert!(!fair.report(without).contains("repeated"));
}

fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
