//! The report of a schedule that was forced.

use super::counting::title;
use super::document::{Block, Document, Section};
use super::histogram::share;
use super::numbers::{duration, grouped, percent, plural};
use super::table::{Bar, Column, Table};
use super::text::Text;
use crate::record::{ReplayRecord, StopReason, typed};
use crate::term::Tone;

/// Returns the report.
pub fn replay(record: &ReplayRecord) -> Document<'_> {
    let steps = record.interleaving.as_ref();
    let steps = steps.map(|steps| Section::untitled(vec![Block::Steps(steps, record.threads)]));
    let totals = Section::untitled(vec![Block::Table(totals(record))]);
    let notes = Section::untitled(notes(record));
    // Where there is nothing to do, the schedule is empty.
    let schedule = match record.schedule.as_str() {
        "" => String::new(),
        schedule => format!("schedule {schedule}"),
    };
    Document {
        title: title(
            Text::toned(Tone::Strong, typed(record.strategy, &record.flags)),
            record.threads,
            record.increments,
            &[schedule],
        ),
        sections: steps.into_iter().chain([totals, notes]).collect(),
        ..Document::default()
    }
}

/// Expected, predicted and actual total, each with its bar.
fn totals(record: &ReplayRecord) -> Table<'static> {
    let rows = [
        (
            "expected",
            Some(record.expected),
            "what a correct strategy ends with",
        ),
        ("predicted", Some(record.predicted), "in the model"),
        ("actual", record.actual, "on real threads"),
    ];
    let rows = rows.into_iter();
    let rows: Vec<_> = rows
        .filter_map(|(name, total, words)| Some((name, total?, words)))
        .collect();
    let bar = |total| Bar::Whole(share(total, record.expected));
    Table {
        columns: vec![
            Column::new("", rows.iter().map(|row| row.0)).flush_left(),
            Column::numbers("", rows.iter().map(|row| (row.1, Tone::Plain))),
        ],
        bars: rows.iter().map(|row| bar(row.1)).collect(),
        words: Some(Column::new("", rows.iter().map(|row| (row.2, Tone::Faint)))),
        ..Table::default()
    }
}

/// What it means, in sentences.
fn notes(record: &ReplayRecord) -> Vec<Block<'static>> {
    let place = match record.actual {
        Some(_) => "on real threads",
        None => "in the model",
    };
    let verdict = if record.lost == 0 {
        Text::toned(Tone::Good, format!("No update was lost {place}."))
    } else {
        let were = if record.lost == 1 { "was" } else { "were" };
        let lost = format!("{} {were} lost {place}", plural(record.lost, "update"));
        let part = percent(share(record.lost, record.expected));
        Text::toned(Tone::Lost, lost).and(format!(", {part} of all."))
    };
    let time = record.elapsed_ns;
    let time = time.map_or_else(String::new, |ns| format!(", {}", duration(ns as f64)));
    let steps = format!(
        " {}, {} between threads{time}.",
        plural(record.steps, "step"),
        plural(record.switches, "switch"),
    );
    let agreement = record.agree.map(|agree| {
        if agree {
            Text::from("Model and real threads agree.")
        } else {
            let words = "Model and real threads do not agree: please report this.";
            Text::toned(Tone::Lost, words)
        }
    });
    let why = match record.stopped {
        StopReason::Timeout => Some("Out of time"),
        StopReason::Interrupted => Some("Interrupted"),
        StopReason::Completed | StopReason::Found | StopReason::Budget => None,
    };
    let why = why.map(|why| {
        format!(
            "{why}: the real threads were stopped before the end, so this is what the model says."
        )
    });
    let added = match record.completed_steps {
        0 => None,
        1 => Some("the last step was added".to_string()),
        steps => Some(format!(
            "the last {} steps were added, one thread after the other",
            grouped(steps)
        )),
    };
    let added = added
        .map(|added| format!("The schedule ended early: {added}. --strict makes that an error."));
    let paragraphs = [Some(verdict.and(steps)), agreement];
    let notes = [why, added].into_iter().map(|note| note.map(Text::from));
    let paragraphs = paragraphs.into_iter().chain(notes).flatten();
    paragraphs.map(Block::Words).collect()
}
