//! The report of a counting experiment.

use super::advice::advice;
use super::document::{Block, Document, Section};
use super::histogram::histogram;
use super::made::made;
use super::numbers::{decimal, duration, grouped, percent, plural};
use super::readers::readers;
use super::sentences::{
    ended, estimate, paragraph, repeated, sharing, title, unpinned, window_added,
};
use super::shares::{losses, tone};
use super::spreads::{Quantity, spreads};
use super::table::{Column, Table};
use super::text::Text;
use crate::record::{CountingRecord, RunRecord};
use crate::strategy::Strategy;
use crate::term::Tone;

/// The most runs that are shown one by one. Ten runs and their explanation fit on the 24 lines of a
/// small terminal.
pub const MOST_LINES: usize = 20;

/// Returns the report of an experiment with this strategy.
pub fn counting<'a>(record: &'a CountingRecord, strategy: &Strategy) -> Document<'a> {
    let runs = record.runs_completed;
    let lead = match &record.runs {
        _ if runs == 0 => vec![Block::words("No run was finished.")],
        Some(lines) if lines.len() <= MOST_LINES => {
            let table = run_lines(lines, record.expected);
            vec![verdict(record), Block::Gap, Block::Table(table)]
        }
        _ => {
            let table = histogram(&record.distribution, record.expected, runs);
            vec![verdict(record), Block::Gap, Block::Table(table)]
        }
    };
    let mut sections = Vec::new();
    if runs > 0 {
        sections.push(Section::untitled(numbers(record)));
    }
    let seen = record.readers.as_ref();
    sections.extend(seen.map(|seen| Section::untitled(readers(seen, &record.distribution))));
    let ended = ended(record.stopped, runs, record.runs_requested, "run");
    let notes = paragraph([
        ended,
        unpinned(record.pinning_failed),
        window_added(record.window_added),
        sharing(record.threads, record.environment.cores),
        repeated(record.runs_repeated),
    ]);
    sections.push(Section::untitled(Vec::from_iter(notes)));
    if runs > 0 {
        sections.push(Section::advice(advice(record, strategy)));
    }
    let title = title(
        Text::toned(Tone::Strong, record.strategy.to_string()),
        record.threads,
        "",
        record.increments,
        &[
            plural(runs, "run"),
            format!("expected {}", grouped(record.expected)),
        ],
    );
    Document {
        lead,
        made: made(&record.environment),
        ..Document::new(title, sections)
    }
}

/// Returns a row for each run: number, total, lost, bar, verdict.
fn run_lines(runs: &[RunRecord], expected: u64) -> Table<'static> {
    let columns = vec![
        Column::of("run", runs, |run| run.run),
        Column::of("actual", runs, |run| run.actual),
        Column::of("lost", runs, |run| (run.lost, tone(run.lost))),
    ];
    losses(columns, runs, |run| (run.lost, expected), "lost", "correct")
}

/// Returns how many runs lost updates, and how sure that is.
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
    let lost = grouped(summary.runs_lost);
    let words = format!("{lost} of {} lost updates", plural(runs, "run"));
    let share = estimate(summary.runs_lost_share, summary.runs_lost_interval);
    Block::words(Text::toned(Tone::Lost, words).and(share + "."))
}

/// Returns how totals and times are spread, and how fast the increments and the runs were.
fn numbers(record: &CountingRecord) -> [Block<'static>; 2] {
    let summary = &record.summary;
    let lost_some = summary.runs_lost > 0;
    let mut quantities = vec![Quantity("time", &summary.elapsed_ns, duration)];
    if lost_some {
        quantities.insert(0, Quantity("actual", &summary.actual, decimal));
        quantities.insert(1, Quantity("lost", &summary.lost, decimal));
    }
    let time = summary.elapsed_ns.median;
    let lost = summary.lost.median.filter(|_| lost_some);
    let medians = [
        lost.map(|median| format!("median lost {}", decimal(median))),
        time.map(|median| format!("median time {}", duration(median))),
    ];
    let lost = summary.lost_share.filter(|_| lost_some);
    let (increment, rate) = (summary.ns_per_increment, summary.runs_per_second);
    let pace = [
        lost.map(|share| format!("{} of increments lost", percent(share))),
        increment.map(|ns| format!("{} per increment", duration(ns))),
        rate.map(|rate| format!("{} runs/s", decimal(rate.round()))),
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
