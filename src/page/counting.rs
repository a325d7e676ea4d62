//! The report of a counting experiment.

use super::advice::{Advice, advice};
use super::document::{Block, Document, Section};
use super::histogram::{histogram, share, tone};
use super::numbers::{decimal, duration, grouped, interval, percent, plural};
use super::readers::readers;
use super::spreads::{Quantity, spreads};
use super::table::{Bar, Column, Table};
use super::text::Text;
use crate::record::{CountingRecord, RunRecord, StopReason};
use crate::strategy::Strategy;
use crate::term::Tone;

/// The most runs that are shown one by one.
pub(super) const MOST_LINES: usize = 20;

/// Returns the report of an experiment with this strategy.
pub fn counting<'a>(record: &'a CountingRecord, strategy: &dyn Strategy) -> Document<'a> {
    let mut sections = Vec::new();
    let lead = if record.runs_completed > 0 {
        let mut outcome = vec![verdict(record)];
        outcome.extend(numbers(record));
        sections.push(Section::untitled(outcome));
        Block::Table(match &record.runs {
            // Ten runs and their explanation fit on the 24 lines of a small terminal.
            Some(runs) if runs.len() <= MOST_LINES => run_lines(runs, record.expected),
            _ => histogram(&record.distribution, record.expected, record.runs_completed),
        })
    } else {
        Block::words("No run was finished.")
    };
    let seen = record.readers.as_ref();
    sections.extend(seen.map(|seen| Section::untitled(readers(seen, &record.distribution))));
    let runs = ended(
        record.stopped,
        record.runs_completed,
        record.runs_requested,
        "run",
    );
    let notes = notes([runs, unpinned(record.pinning_failed)]);
    sections.push(Section::untitled(notes));
    if record.runs_completed > 0 {
        let advice = Advice::blocks(advice(record, strategy));
        sections.push(Section::untitled(vec![Block::Advice(advice)]));
    }
    Document {
        title: title(
            Text::toned(Tone::Strong, record.strategy.to_string()),
            record.threads,
            record.increments,
            &[
                plural(record.runs_completed, "run"),
                format!("expected {}", grouped(record.expected)),
            ],
        ),
        lead: vec![lead],
        sections,
        ..Document::default()
    }
}

/// Returns a title: what was run, its size, and what else there is to say of it.
pub(super) fn title(
    name: Text,
    threads: usize,
    increments: impl Into<Option<u64>>,
    more: &[String],
) -> Text {
    let increments = increments.into();
    let increments = increments.map(|increments| format!(" × {}", plural(increments, "increment")));
    let size = format!(
        ": {}{}",
        plural(threads as u64, "thread"),
        increments.unwrap_or_default()
    );
    let more = more.iter().filter(|more| !more.is_empty());
    let more: String = more.map(|more| format!(", {more}")).collect();
    name.and(size + &more)
}

/// Returns why there are fewer runs (or rounds) than were asked for.
pub(super) fn ended(
    stopped: StopReason,
    done: u64,
    requested: Option<u64>,
    noun: &str,
) -> Option<String> {
    let why = match stopped {
        StopReason::Completed | StopReason::Budget => return None,
        StopReason::Found => "Stopped at the run that was waited for, after",
        StopReason::Timeout => "Out of time after",
        StopReason::Interrupted => "Interrupted after",
    };
    Some(match requested {
        Some(of) => format!("{why} {} of {}.", grouped(done), plural(of, noun)),
        None => format!("{why} {}.", plural(done, noun)),
    })
}

/// Returns what there is to say where threads were to be pinned and could not be.
pub(super) fn unpinned(failed: bool) -> Option<String> {
    let note = "Note: the threads could not be pinned to cores, so runs may differ.";
    failed.then(|| note.into())
}

/// Returns a paragraph of some sentences, if there are any.
pub(super) fn notes(notes: impl IntoIterator<Item = Option<String>>) -> Vec<Block<'static>> {
    let notes: Vec<String> = notes.into_iter().flatten().collect();
    if notes.is_empty() {
        return Vec::new();
    }
    vec![Block::words(notes.join(" "))]
}

/// A row a run: number, total, lost, bar, verdict.
fn run_lines(runs: &[RunRecord], expected: u64) -> Table<'static> {
    let part = |run: &RunRecord| share(run.actual, expected);
    let verdict = |run: &RunRecord| {
        let words = match run.lost {
            0 => "correct".to_string(),
            _ => format!("{} lost", percent(1.0 - part(run))),
        };
        (words, tone(run.lost))
    };
    Table {
        columns: vec![
            Column::numbers("run", runs.iter().map(|run| (run.run, Tone::Plain))),
            Column::numbers("actual", runs.iter().map(|run| (run.actual, Tone::Plain))),
            Column::numbers("lost", runs.iter().map(|run| (run.lost, tone(run.lost)))),
        ],
        bars: runs.iter().map(|run| Bar::Whole(part(run))).collect(),
        words: Some(Column::new("", runs.iter().map(verdict))),
        ..Table::default()
    }
}

/// How many runs lost updates, and how sure that is.
fn verdict(record: &CountingRecord) -> Block<'static> {
    let summary = &record.summary;
    let runs = record.runs_completed;
    if summary.runs_lost == 0 {
        let all = match runs {
            1 => "The run was correct".to_string(),
            _ => format!("All {} runs were correct", grouped(runs)),
        };
        let words = format!("{all}: {}.", grouped(record.expected));
        return Block::words(Text::toned(Tone::Good, words));
    }
    let range = summary
        .runs_lost_interval
        .map_or_else(String::new, |[low, high]| {
            format!(", 95 % interval {}", interval(low, high))
        });
    let words = format!(
        "{} of {} lost updates",
        grouped(summary.runs_lost),
        plural(runs, "run")
    );
    let share = summary.runs_lost_share.map_or_else(String::new, percent);
    Block::words(Text::toned(Tone::Lost, words).and(format!(" ({share}{range}).")))
}

/// How totals and times are spread, and how fast all went.
fn numbers(record: &CountingRecord) -> [Block<'static>; 2] {
    let summary = &record.summary;
    let lost_some = summary.runs_lost > 0;
    let mut quantities = vec![Quantity::time("time", &summary.elapsed_ns)];
    if lost_some {
        quantities.insert(0, Quantity::count("actual", &summary.actual));
        quantities.insert(1, Quantity::count("lost", &summary.lost));
    }
    let lost = summary.lost.median.filter(|_| lost_some);
    let medians = [
        lost.map(|median| format!("median lost {}", decimal(median))),
        summary
            .elapsed_ns
            .median
            .map(|median| format!("median time {}", duration(median))),
    ];
    let lost = summary.lost_share.filter(|_| lost_some);
    let pace = [
        lost.map(|share| format!("{} of all increments lost", percent(share))),
        summary
            .ns_per_increment
            .map(|ns| format!("{} an increment", duration(ns))),
        summary
            .runs_per_second
            .map(|rate| format!("{} runs a second", decimal(rate.round()))),
    ];
    let listed = |parts: &[Option<String>]| {
        let parts: Vec<&str> = parts.iter().flatten().map(String::as_str).collect();
        parts.join(", ")
    };
    [
        Block::Table(spreads(&quantities, listed(&medians))),
        Block::words(listed(&pace)),
    ]
}
