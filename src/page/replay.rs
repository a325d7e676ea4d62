//! The report of a schedule that was forced.

use super::document::{Block, Document, Section};
use super::histogram::share;
use super::numbers::{duration, grouped, percent, plural};
use super::subject::{subject_title, waits};
use super::table::{Bar, Column, Table};
use super::text::Text;
use crate::record::{ReplayRecord, StopReason};
use crate::term::Tone;

/// Returns the report.
pub fn replay(record: &ReplayRecord) -> Document<'_> {
    let threads = record.subject.threads;
    let steps = record.interleaving.as_ref();
    let steps = steps.map(|steps| Section::untitled(vec![Block::Steps(steps, threads)]));
    let ends = Section::untitled(vec![Block::Table(ends(record))]);
    let notes = Section::untitled(notes(record));
    // Where there is nothing to do, the schedule is empty.
    let schedule = match record.schedule.as_str() {
        "" => String::new(),
        schedule => format!("schedule {schedule}"),
    };
    Document {
        title: subject_title(&record.subject, "", &[schedule]),
        sections: steps.into_iter().chain([ends, notes]).collect(),
        ..Document::default()
    }
}

/// Expected, predicted and actual total; each with its bar where they count increments.
fn ends(record: &ReplayRecord) -> Table<'static> {
    let subject = &record.subject;
    let agrees = record.agree == Some(true);
    let actual = record.actual.map(Some).or(agrees.then_some(None));
    let correct = match subject.increments {
        Some(_) => "what a correct strategy ends with",
        None => "the correct total",
    };
    let rows = [
        ("expected", subject.expected.map(Some), correct),
        ("predicted", Some(record.predicted), "in the model"),
        ("actual", actual, "on real threads"),
    ];
    let rows = rows.into_iter();
    let rows: Vec<_> = rows
        .filter_map(|(name, total, words)| Some((name, total?, words)))
        .collect();
    let end = |total: Option<u64>| total.map_or_else(|| "deadlock".into(), grouped);
    let whole = subject.expected.filter(|_| record.lost.is_some());
    let bar = |whole| move |total: u64| Bar::Whole(share(total, whole));
    let bars = whole.map(|whole| rows.iter().filter_map(|row| row.1).map(bar(whole)));
    Table {
        columns: vec![
            Column::new("", rows.iter().map(|row| row.0)).flush_left(),
            Column::new("", rows.iter().map(|row| end(row.1))),
        ],
        bars: bars.into_iter().flatten().collect(),
        words: Some(Column::new("", rows.iter().map(|row| (row.2, Tone::Faint)))),
        ..Table::default()
    }
}

/// How it ended, in a sentence.
fn verdict(record: &ReplayRecord) -> Text {
    let on_threads = match record.deadlock {
        Some(_) => record.agree == Some(true),
        None => record.actual.is_some(),
    };
    let place = if on_threads {
        "on real threads"
    } else {
        "in the model"
    };
    if let Some(deadlock) = &record.deadlock {
        let words = format!("Deadlock {place}");
        return Text::toned(Tone::Lost, words).and(format!(": {}.", waits(deadlock)));
    }
    let expected = record.subject.expected;
    let total = record.actual.or(record.predicted).unwrap_or_default();
    match (record.lost, expected) {
        (Some(0), _) => Text::toned(Tone::Good, format!("No update was lost {place}.")),
        (Some(lost), _) => {
            let were = if lost == 1 { "was" } else { "were" };
            let words = format!("{} {were} lost {place}", plural(lost, "update"));
            let part = percent(share(lost, expected.unwrap_or_default()));
            Text::toned(Tone::Lost, words).and(format!(", {part} of all."))
        }
        (None, None) => format!("The total {place} is {}.", grouped(total)).into(),
        (None, Some(expected)) if total == expected => {
            Text::toned(Tone::Good, format!("The total {place} is correct."))
        }
        (None, Some(expected)) => {
            let words = format!("The total {place} is wrong");
            let instead = format!(": {} instead of {}.", grouped(total), grouped(expected));
            Text::toned(Tone::Lost, words).and(instead)
        }
    }
}

/// What it means, in sentences.
fn notes(record: &ReplayRecord) -> Vec<Block<'static>> {
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
    let paragraphs = [Some(verdict(record).and(steps)), agreement];
    let notes = [why, added].into_iter().map(|note| note.map(Text::from));
    let paragraphs = paragraphs.into_iter().chain(notes).flatten();
    paragraphs.map(Block::Words).collect()
}
