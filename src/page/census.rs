//! The report of a census.

use super::census_rows::{Row, rows};
use super::census_words::{answer, commands, meanings, verdict};
use super::document::{Block, Document, Section};
use super::numbers::{abbreviated, fine_share, grouped};
use super::player::of_census;
use super::race_census::race_census;
use super::sentences::{WHY_TWO, subject_title};
use super::table::{Bar, Column, Layout, Table};
use crate::record::CensusRecord;
use crate::term::Tone;

/// The least width of a useful bar, with the gap before it.
const FAIR_BAR: usize = 14;

/// The most digits of a number of schedules on a wide and on a narrow page.
const DIGITS: [usize; 2] = [12, 6];

/// Returns the report of a census.
pub fn census(record: &CensusRecord) -> Document<'_> {
    if record.subject.name.program.is_some() {
        return race_census(record);
    }
    let expected = record.subject.expected;
    let expected = expected.map(|expected| format!("expected {}", grouped(expected)));
    let mut sections = Vec::new();
    let lead = match &record.reach {
        Some(reach) => answer(record, reach),
        None => verdict(record),
    };
    let has_rows = record.reach.is_none() && !record.outcomes.is_empty();
    if has_rows {
        sections.push(Section::untitled([Block::Table(table(record))]));
    }
    if has_rows {
        sections.push(Section::advice([meanings(record)]));
    }
    sections.extend(of_census(record));
    let next = why(record).into_iter().chain(commands(record));
    sections.push(Section::advice(next.collect::<Vec<_>>()));
    let title = subject_title(&record.subject, ", every schedule", expected.as_slice());
    Document {
        lead,
        ..Document::new(title, sections)
    }
}

/// Returns why no total is smaller than 2, where 2 is reachable.
fn why(record: &CensusRecord) -> Option<Block<'static>> {
    let totals = record.outcomes.iter().filter_map(|one| one.end.total);
    let least = match &record.reach {
        Some(reach) => reach.total.filter(|_| reach.possible == Some(true)),
        None => totals
            .min()
            .or(record.smallest.as_ref().map(|one| one.total)),
    };
    let subject = &record.subject;
    let is_lossy = subject.expected > Some(2) && subject.increments > Some(1);
    let surprises = least == Some(2) && is_lossy;
    surprises.then(|| Block::words(WHY_TWO))
}

/// Returns a row for each outcome, or each range of totals.
fn table(record: &CensusRecord) -> Table<'static> {
    let rows = rows(&record.outcomes);
    let tone = |row: &Row| match row.correct {
        Some(true) => Tone::Good,
        Some(false) => Tone::Lost,
        None => Tone::Plain,
    };
    let share = |share: Option<f64>| share.map_or_else(String::new, fine_share);
    let mark = |row: &Row| match row.correct {
        Some(true) => "correct",
        _ => "",
    };
    let schedules = |digits| {
        Column::of("schedules", &rows, |row| {
            abbreviated(&row.schedules, digits)
        })
    };
    let witnessed = rows.iter().any(|row| row.witness.is_some());
    let witness = Column::of("witness", &rows, |row| row.witness.as_deref().unwrap_or(""));
    let widest = witness.cells.iter().map(|cell| cell.text.chars().count());
    // A short heading is no wider than what stands below it.
    let behind = FAIR_BAR + 2 + widest.max().unwrap_or(0).max("witness".len());
    let columns = vec![
        Column::of("total", &rows, |row| (row.label(), tone(row))),
        Column::of("", &rows, |row| (mark(row), tone(row))),
        schedules(DIGITS[0]),
        Column::of("share", &rows, |row| share(row.share)),
        Column::of("fair share", &rows, |row| share(row.fair_share)),
        Column::of("switches", &rows, |row| {
            row.switches.map_or_else(String::new, grouped)
        }),
        schedules(DIGITS[1]),
    ];
    let layout = |columns: &[usize], behind| Layout {
        columns: columns.to_vec(),
        behind,
        shrinks: false,
    };
    // The first two are for a table with witnesses.
    let layouts = [
        layout(&[0, 1, 2, 3, 4, 5], behind),
        layout(&[0, 1, 2, 3, 4], behind),
        layout(&[0, 1, 2, 3, 4], FAIR_BAR),
        layout(&[0, 1, 2, 3], FAIR_BAR / 2 + 1),
        layout(&[0, 1, 6], FAIR_BAR / 2 + 1),
        layout(&[0, 6], 0),
    ];
    let most = rows.iter().filter_map(|row| row.share).fold(0.0, f64::max);
    let bar = |row: &Row| {
        let share = row.share.filter(|_| most > 0.0).map_or(0.0, |s| s / most);
        Bar::Share(share, tone(row))
    };
    Table {
        columns,
        bars: rows.iter().map(bar).collect(),
        words: witnessed.then_some(witness),
        layouts: layouts[if witnessed { 0 } else { 2 }..].to_vec(),
        ..Table::default()
    }
}
