//! The report of a schedule that was forced.

use super::document::{Block, Document, Section};
use super::numbers::{duration, grouped, percent, plural, were};
use super::player::of_replay;
use super::sentences::{
    WHY_TWO, cut_short, mended, outcome_label, outcome_tone, subject_title, waits,
};
use super::shares::share;
use super::table::{Bar, Column, Table};
use super::text::Text;
use crate::record::{EndRecord, ReplayRecord};
use crate::term::Tone;

/// The most increments of each thread whose steps are worth reading one by one.
const FEW: u64 = 10;

/// The increments of a size whose totals fit on a screen.
const SMALL: u64 = 5;

/// Returns the report of a forced schedule.
pub fn replay(record: &ReplayRecord) -> Document<'_> {
    let threads = record.subject.threads;
    let steps = record.interleaving.as_ref();
    let waiting = record.deadlock.as_deref().unwrap_or_default();
    let steps = steps.map(|steps| Section::untitled([Block::Steps(steps, threads, waiting)]));
    let ends = match &record.end {
        Some(end) => Block::Table(race_ends(record, end)),
        None => Block::Table(ends(record)),
    };
    let ends = Section::untitled([ends]);
    let mut lead = vec![Block::Words(verdict(record))];
    lead.extend(agreement(record));
    let notes = Section::untitled(notes(record));
    let advice = Section::advice(advice(record).into_iter().flatten().collect::<Vec<_>>());
    // Where there is nothing to do, the schedule is empty.
    let schedule = match record.schedule.as_str() {
        "" => String::new(),
        schedule => format!("schedule {schedule}"),
    };
    let title = subject_title(&record.subject, "", &[schedule]);
    let sections = steps
        .into_iter()
        .chain([ends, notes])
        .chain(of_replay(record))
        .chain([advice]);
    Document {
        lead,
        ..Document::new(title, sections.collect())
    }
}

/// Returns why a counting strategy could end so low, and what to try next; how to mend a program that went wrong.
fn advice(record: &ReplayRecord) -> Option<Vec<Block<'static>>> {
    let subject = &record.subject;
    let end = record.end.as_ref();
    if let Some(end) = end.filter(|end| end.correct == Some(false)) {
        let (purpose, command) = mended(subject, end)?;
        return Some(vec![Block::command(purpose, command)]);
    }
    let increments = subject.increments?;
    record.lost.filter(|&lost| lost > 0)?;
    let total = record.actual.or(record.predicted)?;
    // With fewer increments each, there are other ways to 2.
    let why = if total == 2 && increments > 2 {
        let others = match subject.threads {
            2 => "the other makes",
            _ => "the others make",
        };
        format!(
            "Why 2: one thread loads 0 and stops while {others} all but one increment. Its late store of \
             1 wipes those out; the last increment loads this 1, and stores 2 at the very end. {WHY_TWO}"
        )
    } else {
        "A store of a stale value wipes out every increment made in between.".into()
    };
    let arguments = subject.arguments();
    let next = if record.interleaving.is_none() && increments <= FEW {
        let token = &record.schedule;
        (
            "Each step",
            format!("miscount replay {arguments} --schedule {token} --steps"),
        )
    } else {
        let (name, increments) = (&subject.name, increments.min(SMALL));
        (
            "Every total",
            format!("miscount explore {name} -t 2 -i {increments}"),
        )
    };
    let (purpose, command) = next;
    Some(vec![Block::words(why), Block::command(purpose, command)])
}

/// Returns the expected, predicted and actual total, with bars if they count increments.
fn ends(record: &ReplayRecord) -> Table<'static> {
    let subject = &record.subject;
    let agrees = record.agree == Some(true);
    let actual = record.actual.map(Some).or(agrees.then_some(None));
    let rows = [
        ("expected", subject.expected.map(Some), "the correct total"),
        ("predicted", Some(record.predicted), "in the model"),
        ("actual", actual, "on real threads"),
    ];
    let rows = rows.into_iter();
    let rows: Vec<_> = rows
        .filter_map(|(name, total, words)| Some((name, total?, words)))
        .collect();
    let end = |total: Option<u64>| total.map_or_else(|| "deadlock".into(), grouped);
    let whole = subject.expected.filter(|_| record.lost.is_some());
    let bars = rows.iter().filter_map(|row| Some(share(row.1?, whole?)));
    Table {
        columns: vec![
            Column::of("", &rows, |row| row.0).flush_left(),
            Column::of("", &rows, |row| end(row.1)),
        ],
        bars: bars.map(Bar::Whole).collect(),
        words: Some(Column::of("", &rows, |row| (row.2, Tone::Faint))),
        ..Table::default()
    }
}

/// Returns how a race program ended, in the model and on real threads.
fn race_ends(record: &ReplayRecord, end: &EndRecord) -> Table<'static> {
    let tone = outcome_tone(end);
    let label = outcome_label(end);
    let rows = match record.agree {
        None => vec![("predicted", label, "in the model")],
        Some(true) => vec![
            ("predicted", label.clone(), "in the model"),
            ("actual", label, "on real threads"),
        ],
        Some(false) => vec![("actual", label, "on real threads")],
    };
    Table {
        columns: vec![
            Column::of("", &rows, |row| row.0).flush_left(),
            Column::of("", &rows, |row| (row.1.clone(), tone)).flush_left(),
        ],
        words: Some(Column::of("", &rows, |row| (row.2, Tone::Faint))),
        ..Table::default()
    }
}

/// Returns the verdict on how a race program ended.
fn race_verdict(end: &EndRecord, place: &str) -> Text {
    if let Some(deadlock) = &end.deadlock {
        let words = format!("Deadlock {place}");
        return Text::toned(Tone::Lost, words).and(format!(": {}.", waits(deadlock)));
    }
    let tone = outcome_tone(end);
    let thread = end.thread.as_deref().unwrap_or_default();
    match (&end.problem, end.correct) {
        (Some(problem), _) => {
            Text::toned(tone, format!("Thread {thread} failed {place}: {problem}."))
        }
        (None, Some(true)) => Text::toned(tone, format!("The outcome {place} is correct.")),
        (None, Some(false)) => Text::toned(tone, format!("The outcome {place} is wrong.")),
        (None, None) => format!("All threads finished {place}.").into(),
    }
}

/// Returns the end of the schedule, in a sentence.
fn verdict(record: &ReplayRecord) -> Text {
    let on_threads = match record.deadlock {
        Some(_) => record.agree == Some(true),
        None => record.actual.is_some(),
    };
    let places = ["in the model", "on real threads"];
    if let Some(end) = &record.end {
        return race_verdict(end, places[usize::from(record.agree.is_some())]);
    }
    let place = places[usize::from(on_threads)];
    if let Some(deadlock) = &record.deadlock {
        let words = format!("Deadlock {place}");
        return Text::toned(Tone::Lost, words).and(format!(": {}.", waits(deadlock)));
    }
    let expected = record.subject.expected;
    let total = record.actual.or(record.predicted).unwrap_or_default();
    match (record.lost, expected) {
        (Some(0), _) => Text::toned(Tone::Good, format!("No update was lost {place}.")),
        (Some(lost), _) => {
            let words = format!("{} {} lost {place}", plural(lost, "update"), were(lost));
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

/// Returns whether real threads did what the model predicted.
fn agreement(record: &ReplayRecord) -> Option<Block<'static>> {
    Some(Block::Words(if record.agree? {
        "Model and real threads agree.".into()
    } else {
        let words = "Model and real threads disagree: please report this.";
        Text::toned(Tone::Lost, words)
    }))
}

/// Returns the circumstances, in sentences.
fn notes(record: &ReplayRecord) -> Vec<Block<'static>> {
    let (steps, switches) = (record.steps, record.switches);
    let (steps, switches) = (plural(steps, "step"), plural(switches, "switch"));
    let time = record.elapsed_ns;
    let time = time.map(|ns| format!(", {}", duration(ns as f64)));
    let time = time.unwrap_or_default();
    let steps = format!("{steps}, {switches} between threads{time}.");
    let buffered = record.subject.name.flags.contains("--memory tso").then(|| {
        "Not run on real threads: no program can force a processor's store buffer to deliver."
            .into()
    });
    let stopped = cut_short(record.stopped).map(|why| {
        let so = "the real threads were stopped early; this is the model's prediction";
        format!("{why}: {so}.").into()
    });
    let added = match record.completed_steps {
        0 => None,
        1 => Some("1 step was added".to_string()),
        steps => Some(format!(
            "{} steps were added, thread by thread",
            grouped(steps)
        )),
    };
    let added = added.map(|added| {
        format!("The schedule ended early: {added}. --strict makes this an error.").into()
    });
    let paragraphs = [Some(steps.into()), buffered, stopped, added].into_iter();
    paragraphs.flatten().map(Block::Words).collect()
}
