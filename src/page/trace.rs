//! The report of a traced run: what survived, which thread overwrote which, and how it began.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::advice::{Advice, Lucky};
use super::document::{Block, Document, Section};
use super::made::made;
use super::numbers::{duration, grouped, plural, were};
use super::sentences::{cut_short, repeated, title, unpinned, window_added};
use super::shares::{self, tone};
use super::table::{Bar, Column, Table};
use super::text::Text;
use super::trace_steps::first_lost;
use crate::record::{Explained, Overwritten, Streak, ThreadFate, TraceRecord, TracedRun};
use crate::strategy::Strategy;
use crate::term::Tone;

/// The most threads that are shown one by one: those that lost most.
const MOST_THREADS: usize = 32;

/// The most pairs of threads that are listed where a matrix is too wide.
const MOST_PAIRS: usize = 10;

/// Returns the report of a trace of this strategy; `is_drawn` tells that there is a picture of the run.
pub fn trace<'a>(traced: &'a TracedRun, strategy: &Strategy, is_drawn: bool) -> Document<'a> {
    let record = &traced.record;
    let (lead, mut sections) = match &traced.explained {
        None => (nothing(record), Vec::new()),
        Some(run) => (verdict(record), explained(record, run)),
    };
    sections.push(Section::untitled(notes(record, strategy, is_drawn)));
    let run = record.run.map(|run| format!("run {}", grouped(run)));
    let expected = format!("expected {}", grouped(record.expected));
    let title = title(
        Text::toned(Tone::Strong, format!("trace {}", record.strategy)),
        record.threads,
        "",
        record.increments,
        &[expected, run.unwrap_or_default()],
    );
    Document {
        lead: vec![lead],
        made: made(&record.environment),
        ..Document::new(title, sections)
    }
}

/// Returns what is shown if there is no run to explain.
fn nothing(record: &TraceRecord) -> Block<'static> {
    Block::words(match record.runs_completed {
        0 => "No run was finished.".to_string(),
        1 => "The one finished run lost no update.".to_string(),
        runs => format!("None of the {} runs lost an update.", grouped(runs)),
    })
}

fn explained<'a>(record: &TraceRecord, run: &'a Explained) -> Vec<Section<'a>> {
    let fates = record.per_thread.as_deref().unwrap_or_default();
    let pairs = record.overwritten.as_deref().unwrap_or_default();
    let mut sections = vec![Section::untitled(by_thread(fates))];
    let streak = record.longest_streak.as_ref().map(streak);
    sections.extend(streak.map(|streak| Section::untitled([streak])));
    if !pairs.is_empty() {
        sections.push(overwritten(fates, pairs));
    }
    sections.extend(first_lost(run));
    if !run.log.reads.is_empty() {
        sections.push(Section::untitled([Block::Strip(run)]));
    }
    sections
}

/// Returns how many increments survived, and how many were lost.
fn verdict(record: &TraceRecord) -> Block<'static> {
    let actual = grouped(record.actual.unwrap_or(0));
    Block::words(match record.lost.unwrap_or(0) {
        0 => {
            let words = format!("The counter ended at {actual}: every increment survived.");
            Text::toned(Tone::Good, words)
        }
        lost => {
            let lost = format!("{} {} lost", grouped(lost), were(lost));
            let survived =
                format!("The counter ended at {actual}: {actual} increments survived and ");
            Text::from(survived)
                .and(Text::toned(Tone::Lost, lost))
                .and(".")
        }
    })
}

/// Returns how many increments of each thread survived and were lost.
fn by_thread(fates: &[ThreadFate]) -> Vec<Block<'static>> {
    let mut shown: Vec<_> = fates.iter().collect();
    if shown.len() > MOST_THREADS {
        shown.sort_by_key(|fate| Reverse(fate.lost));
        shown.truncate(MOST_THREADS);
    }
    let loss = |fate: &ThreadFate| (fate.lost, fate.survived + fate.lost);
    let bar = |fate: &&ThreadFate| match loss(fate) {
        (_, 0) => Bar::None,
        loss => shares::bar(loss),
    };
    let words = |fate: &&ThreadFate| match loss(fate) {
        (_, 0) => ("no increments".into(), Tone::Good),
        loss => shares::words(loss, "lost", "all survived"),
    };
    let mut blocks = vec![Block::Table(Table {
        columns: vec![
            Column::of("thread", &shown, |fate| fate.thread.as_str()),
            Column::of("survived", &shown, |fate| fate.survived),
            Column::of("lost", &shown, |fate| (fate.lost, tone(fate.lost))),
        ],
        bars: shown.iter().map(bar).collect(),
        words: Some(Column::of("", &shown, words)),
        ..Table::default()
    })];
    if fates.len() > shown.len() {
        let more = plural((fates.len() - shown.len()) as u64, "other thread");
        blocks.push(Block::words(format!("and {more} that lost no more")));
    }
    blocks
}

/// Returns the store that overwrote the most increments.
fn streak(streak: &Streak) -> Block<'static> {
    if streak.increments == 1 {
        return Block::words("No store overwrote more than one increment.");
    }
    let [from, to] = [streak.from, streak.to].map(|count| grouped(count.into()));
    Block::words(format!(
        "The worst store: after {}, thread {} stored a stale {to} over {from}, and wiped out {}.",
        duration(streak.time_ns as f64),
        streak.by.thread,
        plural(streak.increments, "increment"),
    ))
}

/// Returns which thread overwrote how many increments of which.
fn overwritten(fates: &[ThreadFate], pairs: &[Overwritten]) -> Section<'static> {
    let blocks = if fates.len() > MOST_THREADS {
        most(pairs)
    } else {
        vec![Block::Table(matrix(fates, pairs))]
    };
    let heading = "Increments overwritten, by thread:";
    Section::new(Text::toned(Tone::Faint, heading), blocks)
}

/// Returns a row for each thread that overwrote, a column for each thread that was overwritten.
fn matrix(fates: &[ThreadFate], pairs: &[Overwritten]) -> Table<'static> {
    let labels = || fates.iter().map(|fate| fate.thread.as_str());
    let counts: HashMap<_, _> = pairs
        .iter()
        .map(|pair| ((pair.by.as_str(), pair.of.as_str()), pair.increments))
        .collect();
    // All columns of counts are equally wide.
    let widths = pairs.iter().map(|pair| grouped(pair.increments).len());
    let label = labels().map(str::len).max().unwrap_or(0);
    let width = widths.max().unwrap_or(0).max("of ".len() + label);
    let first = Column::new(" ".repeat(label + 5), labels().map(|by| format!("by {by}")));
    let losers = labels().map(|of| {
        let cells = labels().map(|by| match counts.get(&(by, of)) {
            None => (0, Tone::Faint),
            Some(&count) => (count, Tone::Lost),
        });
        Column::new(format!("{:>width$}", format!("of {of}")), cells)
    });
    Table {
        columns: [first].into_iter().chain(losers).collect(),
        otherwise: most(pairs),
        ..Table::default()
    }
}

/// Returns the pairs of threads in which one overwrote the most increments of the other.
fn most(pairs: &[Overwritten]) -> Vec<Block<'static>> {
    let mut most: Vec<_> = pairs.iter().collect();
    most.sort_by_key(|pair| Reverse(pair.increments));
    let shown = most.iter().take(MOST_PAIRS).map(|pair| {
        let Overwritten { by, of, increments } = pair;
        format!("  {by} over {of}: {}", grouped(*increments))
    });
    let more = most.len().saturating_sub(MOST_PAIRS) as u64;
    let more = (more > 0).then(|| format!("  and {} more", plural(more, "pair")));
    shown.chain(more).map(Block::words).collect()
}

/// Returns the circumstances of the trace, and what to try next.
fn notes(record: &TraceRecord, strategy: &Strategy, is_drawn: bool) -> Vec<Block<'static>> {
    let stopped = cut_short(record.stopped).map(|why| format!("{why}."));
    let notes = [
        stopped,
        unpinned(record.pinning_failed),
        window_added(record.window_added),
        repeated(record.runs_repeated),
    ];
    let mut blocks: Vec<_> = notes.into_iter().flatten().map(Block::words).collect();
    if record.run.is_some() {
        blocks.push(Block::Advice(advice(record, strategy, is_drawn).into()));
    }
    blocks
}

fn advice(record: &TraceRecord, strategy: &Strategy, is_drawn: bool) -> Advice {
    let shape = format!("-t {} -i {}", record.threads, record.increments);
    let lost = record.lost.is_some_and(|lost| lost > 0);
    if lost || strategy.is_correct() {
        let name = &record.strategy;
        let picture = format!("miscount trace {name} {shape} --svg trace.svg");
        let compare = format!("miscount trace unsynced {shape}");
        let remedy = format!("miscount {} {shape}", strategy.kind().remedy);
        let next = match (lost, is_drawn) {
            (true, false) => ("As a picture", picture),
            (true, true) => ("Fix it", remedy),
            (false, _) => ("Compare", compare),
        };
        return Advice::new(strategy.why(), [next]);
    }
    let mut advice = Lucky {
        program: "miscount trace",
        strategy,
        threads: record.threads,
        increments: record.increments,
        runs: record.runs_completed,
        cores: record.environment.cores,
    }
    .advice();
    if record.runs_completed > 1 {
        let runs = grouped(record.runs_completed);
        advice.text = format!("{} This is the last of {runs} runs.", advice.text);
    }
    advice
}
