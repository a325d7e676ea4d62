//! How many runs ended with each total, as bars.

use super::numbers::{grouped, known_interval, percent};
use super::shares::{share, tone};
use super::table::{Bar, Column, Table};
use crate::record::Distinct;
use crate::stats::wilson;

/// The most rows of a histogram.
pub(super) const MOST_ROWS: u64 = 14;

/// Returns a row for each total, or range of totals, with which runs ended. The expected total, if there
/// is one, stands out.
pub(super) fn histogram(
    distribution: &[Distinct],
    expected: impl Into<Option<u64>>,
    runs: u64,
) -> Table<'static> {
    let expected = expected.into();
    let rows = rows(distribution, expected);
    let most = rows.iter().map(|row| row.runs()).max().unwrap_or(1);
    let tone = |row: &Distinct| tone(expected.map_or(0, |expected| expected.abs_diff(row.to())));
    let bar = |row: &Distinct| Bar::Share(share(row.runs(), most), tone(row));
    let words = |row: &Distinct| {
        let is_correct = Some(row.from()) == expected;
        let correct = if is_correct { ", correct" } else { "" };
        (percent(share(row.runs(), runs)) + correct, tone(row))
    };
    Table {
        columns: vec![
            Column::of("actual", &rows, |row| range(row.from(), row.to())),
            Column::of("runs", &rows, |row| row.runs()),
        ],
        bars: rows.iter().map(bar).collect(),
        words: Some(Column::of("", &rows, words)),
        further: vec![Column::of("95% interval", &rows, |row| {
            known_interval(wilson(row.runs(), runs))
        })],
        ..Table::default()
    }
}

/// Returns a number, or a range of numbers.
pub(super) fn range(from: u64, to: u64) -> String {
    if from == to {
        grouped(from)
    } else {
        format!("{}–{}", grouped(from), grouped(to))
    }
}

/// Returns the rows of a histogram: a row for each of a few totals, or ranges of many; the expected
/// total always has a row of its own.
fn rows(distribution: &[Distinct], expected: Option<u64>) -> Vec<Distinct> {
    if distribution.len() as u64 <= MOST_ROWS {
        return distribution.to_vec();
    }
    let is_correct = |entry: &Distinct| Some(entry.from()) == expected;
    let (correct, lost): (Vec<_>, Vec<_>) = distribution.iter().copied().partition(is_correct);
    let low = lost.iter().map(|entry| entry.from()).min().unwrap_or(0);
    let high = lost.iter().map(|entry| entry.to()).max().unwrap_or(0);
    let width = ((high - low) / (MOST_ROWS - 1)).saturating_add(1);
    let bins = (0..=(high - low) / width).map(|bin| {
        let from = low + bin * width;
        let to = from.saturating_add(width - 1).min(high);
        let inside = lost
            .iter()
            .filter(|entry| (from..=to).contains(&entry.from()));
        let runs = inside.map(|entry| entry.runs()).sum();
        Distinct::Binned { from, to, runs }
    });
    bins.chain(correct).collect()
}
