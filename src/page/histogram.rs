//! How many runs ended with each total, as bars.

use super::numbers::{grouped, percent};
use super::shares::{share, tone};
use super::table::{Bar, Column, Table};
use crate::record::Distinct;

/// The most rows of a histogram.
const MOST_ROWS: u64 = 14;

/// Returns a row for each total, or range of totals, with which runs ended.
pub(super) fn histogram(distribution: &[Distinct], expected: u64, runs: u64) -> Table<'static> {
    let rows = rows(distribution, expected);
    let most = rows.iter().map(|row| row.runs()).max().unwrap_or(1);
    let tone = |row: &Distinct| tone(expected - row.to());
    let bar = |row: &Distinct| Bar::Share(share(row.runs(), most), tone(row));
    let words = |row: &Distinct| {
        let is_correct = row.from() == expected;
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
fn rows(distribution: &[Distinct], expected: u64) -> Vec<Distinct> {
    if distribution.len() as u64 <= MOST_ROWS {
        return distribution.to_vec();
    }
    let (correct, lost): (Vec<Distinct>, Vec<Distinct>) = distribution
        .iter()
        .partition(|entry| entry.from() == expected);
    let (Some(low), Some(high)) = (
        lost.iter().map(|entry| entry.from()).min(),
        lost.iter().map(|entry| entry.to()).max(),
    ) else {
        return correct;
    };
    let width = ((high - low) / (MOST_ROWS - 1)).saturating_add(1);
    let mut rows: Vec<Distinct> = (0..=(high - low) / width)
        .map(|place| Distinct::Binned {
            from: low + place * width,
            to: (low + place * width).saturating_add(width - 1).min(high),
            runs: 0,
        })
        .collect();
    for entry in lost {
        let place = usize::try_from((entry.from() - low) / width).unwrap_or(usize::MAX);
        if let Distinct::Binned { runs, .. } = &mut rows[place] {
            *runs += entry.runs();
        }
    }
    rows.extend(correct);
    rows
}
