//! The table of the outcomes of a command: a row for each, or a histogram.

use std::time::Duration;

use super::document::Block;
use super::histogram::{MOST_ROWS, histogram};
use super::numbers::{duration, grouped, plural, short_percent, typed_duration};
use super::shares::{share, tone, words};
use super::table::{Bar, Column, Elastic, Layout, Table};
use crate::record::{ProcessOutcome, RepeatOutcomeRecord, RepeatRecord};
use crate::term::Tone;

/// Returns a row for each outcome. Many numbers become a histogram, and the other outcomes a table.
pub(super) fn outcomes(record: &RepeatRecord) -> Vec<Block<'static>> {
    let most = usize::try_from(MOST_ROWS).unwrap_or(usize::MAX);
    let has_histogram = record.distribution.len() > most;
    let listed = record.outcomes.iter();
    let listed = listed.filter(|outcome| !has_histogram || outcome.what.number.is_none());
    let listed: Vec<&RepeatOutcomeRecord> = listed.collect();
    let (shown, left) = listed.split_at(listed.len().min(most));
    let mut blocks = Vec::new();
    if has_histogram {
        let runs = record.runs_completed;
        blocks.push(Block::Table(histogram(
            &record.distribution,
            record.expected,
            runs,
        )));
    }
    if !shown.is_empty() {
        if has_histogram {
            blocks.push(Block::Gap);
        }
        blocks.push(Block::Table(table(record, shown)));
    }
    let left_runs = left.iter().map(|outcome| outcome.runs).sum::<u64>();
    let left_runs = left_runs + further(record, has_histogram);
    if left_runs > 0 {
        let count = match record.runs_with_further_outcomes {
            0 => plural(left.len() as u64, "further outcome"),
            _ => "Further outcomes".into(),
        };
        blocks.push(Block::words(format!(
            "{count} in {}.",
            plural(left_runs, "run")
        )));
    }
    blocks
}

/// Returns the runs with outcomes beyond those that are told apart, unless a histogram may contain
/// them.
fn further(record: &RepeatRecord, has_histogram: bool) -> u64 {
    if has_histogram {
        return 0;
    }
    record.runs_with_further_outcomes
}

fn table(record: &RepeatRecord, outcomes: &[&RepeatOutcomeRecord]) -> Table<'static> {
    let rows = || outcomes.iter().copied();
    let most = rows().map(|outcome| outcome.runs).max().unwrap_or(1);
    let is_counted = record.expected.is_some();
    let heading = if is_counted { "actual" } else { "outcome" };
    let name = |outcome: &RepeatOutcomeRecord| {
        (
            outcome_label(&outcome.what, record.each_ns),
            colour(&outcome.what),
        )
    };
    let mut columns = vec![Column {
        elastic: Some(Elastic {
            part: 3,
            usual: 22,
            least: 12,
        }),
        // Numbers stand below each other.
        flush_left: rows().any(|outcome| !is_plain_number(&outcome.what)),
        ..Column::of(heading, rows(), name)
    }];
    if is_counted {
        columns.push(Column::of("lost", rows(), |outcome| {
            let lost = outcome.what.lost.map(grouped).unwrap_or_default();
            (lost, colour(&outcome.what))
        }));
    }
    if is_counted || record.expected_text.is_some() {
        let how_wrong = |outcome: &RepeatOutcomeRecord| how_wrong(&outcome.what, record.expected);
        columns.push(Column::of("", rows(), how_wrong).flush_left());
    }
    let essential = columns.len();
    columns.push(Column::of("runs", rows(), |outcome| outcome.runs));
    columns.push(Column::of("share", rows(), |outcome| {
        outcome.runs_share.map(short_percent).unwrap_or_default()
    }));
    columns.push(Column::of("95% interval", rows(), |outcome| {
        let ends = outcome.runs_interval;
        let ends = ends.map(|ends| ends.map(short_percent).join(" to "));
        ends.unwrap_or_default()
    }));
    columns.push(Column::of("first run", rows(), |outcome| outcome.first_run));
    columns.push(Column::of("median", rows(), |outcome| {
        outcome.median_ns.map(duration).unwrap_or_default()
    }));
    if record.kept.is_some() {
        columns.push(Column::of("file", rows(), |outcome| {
            format!("{}.stdout", outcome.outcome)
        }));
    }
    // The time gives way first, then the first run, the interval and the share.
    let [share_at, interval_at, first_at, time_at] = [1, 2, 3, 4].map(|behind| essential + behind);
    let without = |left: &[usize], shrinks| {
        let columns = (0..columns.len()).filter(|place| !left.contains(place));
        Layout {
            columns: columns.collect(),
            behind: 0,
            shrinks,
        }
    };
    let layouts = vec![
        without(&[], false),
        without(&[time_at], false),
        without(&[time_at, first_at], false),
        without(&[time_at, first_at, interval_at], true),
        without(&[time_at, first_at, interval_at, share_at], true),
    ];
    Table {
        columns,
        bars: rows()
            .map(|outcome| Bar::Share(share(outcome.runs, most), colour(&outcome.what)))
            .collect(),
        layouts,
        ..Table::default()
    }
}

/// Returns an outcome in words; a run was allowed to take this time.
pub fn outcome_label(what: &ProcessOutcome, each_ns: u64) -> String {
    if what.timed_out {
        let each = typed_duration(Duration::from_nanos(each_ns));
        return format!("timed out ({each})");
    }
    let output = match (&what.output, what.correct, what.number) {
        (None, ..) => "no match".into(),
        // Numbers to compare are written as the counting commands write them.
        (_, Some(_), Some(number)) => grouped(number),
        (Some(output), ..) => output.clone(),
    };
    let ending = match (&what.signal, what.exit) {
        (Some(signal), _) => signal.clone(),
        (None, None | Some(0)) if output.is_empty() => return "no output".into(),
        (None, None | Some(0)) => return output,
        (None, Some(status)) => format!("exit {status}"),
    };
    if output.is_empty() {
        return ending;
    }
    format!("{ending}: {output}")
}

fn is_plain_number(what: &ProcessOutcome) -> bool {
    what.number.is_some() && what.exit == Some(0)
}

/// Returns the tone of an outcome: lost if it is known to be wrong.
pub(super) fn colour(what: &ProcessOutcome) -> Tone {
    match what.correct {
        None if what.exit == Some(0) => Tone::Plain,
        None => Tone::Lost,
        Some(correct) => tone(u64::from(!correct)),
    }
}

/// Returns whether an outcome is wrong, and how far it is from the expected number if there is one.
fn how_wrong(what: &ProcessOutcome, expected: Option<u64>) -> (String, Tone) {
    match (what.correct, expected.zip(what.number), what.lost) {
        (Some(true), ..) => ("correct".into(), Tone::Good),
        (_, None, _) | (_, Some(_), Some(0)) => ("wrong".into(), Tone::Lost),
        (_, Some((expected, _)), Some(lost)) => words((lost, expected), "lost", ""),
        (_, Some(_), None) => ("too many".into(), Tone::Lost),
    }
}
