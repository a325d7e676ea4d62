//! How many runs ended with each total, as bars.

use super::numbers::{grouped, percent};
use super::table::{Bar, Column, Table};
use crate::record::Distinct;
use crate::term::Tone;

/// The most rows of a histogram.
const MOST_ROWS: u64 = 14;

/// Returns a row for each total, or range of totals, that some of the runs ended with.
pub(super) fn histogram(distribution: &[Distinct], expected: u64, runs: u64) -> Table<'static> {
    let rows = rows(distribution, expected);
    let most = rows.iter().map(|row| row.runs()).max().unwrap_or(1);
    let tone = |row: &Distinct| tone(expected - row.to());
    let label = |row: &Distinct| range(row.from(), row.to());
    let part = |row: &Distinct| {
        let part = percent(share(row.runs(), runs));
        let part = if row.from() == expected {
            part + ", correct"
        } else {
            part
        };
        (part, tone(row))
    };
    Table {
        columns: vec![
            Column::new("actual", rows.iter().map(label)),
            Column::numbers("runs", rows.iter().map(|row| (row.runs(), Tone::Plain))),
        ],
        bars: rows
            .iter()
            .map(|row| Bar::Share(share(row.runs(), most), tone(row)))
            .collect(),
        words: Some(Column::new("", rows.iter().map(part))),
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
/// Returns the rows of a histogram: few totals each by itself, many in ranges, but the expected total
/// always by itself.
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

/// Returns a part as a share of a whole; all of it where the whole is nothing.
pub(super) fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 {
        1.0
    } else {
        part as f64 / whole as f64
    }
}

/// Returns the tone of a total from which this much is missing.
pub(super) fn tone(lost: u64) -> Tone {
    if lost == 0 { Tone::Good } else { Tone::Lost }
}
