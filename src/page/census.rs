//! The report of a census.

use super::census_rows::{Row, rows};
use super::census_words::{COLUMNS, answer, commands, verdict};
use super::document::{Block, Document, Section};
use super::numbers::{abbreviated, fine_share, grouped};
use super::subject::subject_title;
use super::table::{Bar, Column, Layout, Table};
use crate::record::CensusRecord;
use crate::term::Tone;

/// A bar that is worth its place, with the gap before it.
const FAIR_BAR: usize = 14;

/// Numbers of schedules have at most so many digits, and fewer where there is little room.
const DIGITS: [usize; 2] = [12, 6];

/// Returns the report of a census.
pub fn census(record: &CensusRecord) -> Document<'_> {
    let expected = record.subject.expected;
    let expected = expected.map(|expected| format!("expected {}", grouped(expected)));
    let mut sections = Vec::new();
    if let Some(reach) = &record.reach {
        sections.push(Section::untitled(answer(record, reach)));
    } else {
        let has_rows = !record.outcomes.is_empty();
        if has_rows {
            sections.push(Section::untitled(vec![Block::Table(table(record))]));
        }
        sections.push(Section::untitled(verdict(record)));
        if has_rows {
            let words =
                Block::Glossary(COLUMNS.map(|(column, words)| (column, words.into())).into());
            sections.push(Section::untitled(vec![Block::Advice(vec![words])]));
        }
    }
    sections.push(Section::untitled(vec![Block::Advice(commands(record))]));
    Document {
        title: subject_title(&record.subject, ", every schedule", expected.as_slice()),
        sections,
        ..Document::default()
    }
}

/// A row for each outcome, or each range of totals.
fn table(record: &CensusRecord) -> Table<'static> {
    let rows = rows(&record.outcomes);
    let tone = |row: &Row| match row.correct {
        Some(true) => Tone::Good,
        Some(false) => Tone::Lost,
        None => Tone::Plain,
    };
    let share = |share: Option<f64>| share.map_or_else(String::new, fine_share);
    let mark = |row: &Row| {
        if row.correct == Some(true) {
            "correct"
        } else {
            ""
        }
    };
    let column = |heading, cell: &dyn Fn(&Row) -> String| {
        Column::new(heading, rows.iter().map(|row| (cell(row), Tone::Plain)))
    };
    let schedules = |digits| column("schedules", &|row| abbreviated(&row.schedules, digits));
    let witnessed = rows.iter().any(|row| row.witness.is_some());
    let witness = column("witness", &|row| row.witness.clone().unwrap_or_default());
    let widest = witness.cells.iter().map(|cell| cell.text.chars().count());
    // A short heading is no wider than what stands below it.
    let behind = FAIR_BAR + 2 + widest.max().unwrap_or(0).max("witness".len());
    let columns = vec![
        Column::new("total", rows.iter().map(|row| (row.label(), tone(row)))),
        Column::new("", rows.iter().map(|row| (mark(row), tone(row)))),
        schedules(DIGITS[0]),
        column("share", &|row| share(row.share)),
        column("fair share", &|row| share(row.fair_share)),
        column("switches", &|row| {
            row.switches.map_or_else(String::new, grouped)
        }),
        schedules(DIGITS[1]),
    ];
    let layout = |columns: &[usize], behind| Layout {
        columns: columns.to_vec(),
        behind,
        shrinks: false,
    };
    let with_witness = [
        layout(&[0, 1, 2, 3, 4, 5], behind),
        layout(&[0, 1, 2, 3, 4], behind),
    ];
    let plain = [
        layout(&[0, 1, 2, 3, 4], FAIR_BAR),
        layout(&[0, 1, 2, 3], FAIR_BAR / 2 + 1),
        layout(&[0, 1, 6], FAIR_BAR / 2 + 1),
        layout(&[0, 6], 0),
    ];
    let with_witness = with_witness.into_iter().filter(|_| witnessed);
    let most = rows.iter().filter_map(|row| row.share).fold(0.0, f64::max);
    let bar = |row: &Row| {
        let share = row.share.filter(|_| most > 0.0).map_or(0.0, |s| s / most);
        Bar::Share(share, tone(row))
    };
    Table {
        columns,
        bars: rows.iter().map(bar).collect(),
        words: witnessed.then_some(witness),
        layouts: with_witness.chain(plain).collect(),
        ..Table::default()
    }
}
