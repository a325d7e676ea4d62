//! How many runs ended with each total, as bars.

use super::super::numbers::{grouped, percent};
use super::bars;
use super::columns::{Column, columns};
use crate::report::record::counting::Distinct;
use crate::term::{Page, Tone};

/// The most rows of a histogram.
const MOST_ROWS: u64 = 14;

/// A line for each total or range of totals of so many runs.
pub(super) fn histogram(
    page: &Page,
    distribution: &[Distinct],
    expected: u64,
    runs: u64,
) -> String {
    let rows = rows(distribution, expected);
    let most = rows.iter().map(|row| row.runs()).max().unwrap_or(1);
    let label = |row: &Distinct| {
        if row.from() == row.to() {
            grouped(row.from())
        } else {
            [grouped(row.from()), grouped(row.to())].join(page.signs.to)
        }
    };
    let tone = |row: &Distinct| tone(expected - row.to());
    let part = |row: &Distinct| {
        let part = percent(share(row.runs(), runs));
        if row.from() == expected {
            part + ", correct"
        } else {
            part
        }
    };
    columns(
        page,
        &[
            Column::labels("actual", rows.iter().map(|row| (label(row), Tone::Plain))),
            Column::number("runs", rows.iter().map(|row| (row.runs(), Tone::Plain))),
        ],
        |row, width| {
            let row = &rows[row];
            bars::plain(page, width, share(row.runs(), most), tone(row))
        },
        &Column::text(rows.iter().map(|row| (part(row), tone(row)))),
    )
}

/// The rows of a histogram: few totals each by itself, many in ranges, but the expected total
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

/// A part of a whole; all of it where the whole is nothing.
pub(super) fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 {
        1.0
    } else {
        part as f64 / whole as f64
    }
}

/// The tone of a total from which so much is missing.
pub(super) fn tone(lost: u64) -> Tone {
    if lost == 0 { Tone::Good } else { Tone::Lost }
}
