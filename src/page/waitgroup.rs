//! The report of runs with a wait group.

use super::advice::Advice;
use super::counting::MOST_LINES;
use super::document::{Block, Document, Section};
use super::histogram::histogram;
use super::made::made;
use super::numbers::{decimal, duration, grouped, nanoseconds, percent, plural};
use super::sentences::{ended, estimate, title};
use super::shares::{losses, tone};
use super::spreads::{Quantity, spreads};
use super::table::{Column, Table};
use super::text::Text;
use crate::record::{ReadRecord, WaitGroupRecord, WaitGroupRunRecord};
use crate::stats::rule_of_three;
use crate::term::Tone;

/// Returns the report of runs with a wait group.
pub fn waitgroup(record: &WaitGroupRecord) -> Document<'_> {
    let runs = record.runs_completed;
    let name = match record.mistake.as_deref() {
        Some(mistake) => format!("waitgroup --mistake {mistake}"),
        None => "waitgroup".into(),
    };
    let lead = match &record.runs {
        _ if runs == 0 => {
            let words = unfinished(record).unwrap_or_else(|| "No run was finished.".into());
            vec![Block::words(words)]
        }
        Some(runs) if runs.len() <= MOST_LINES => {
            let table = Block::Table(run_lines(record, runs));
            verdicts(record).into_iter().chain([table]).collect()
        }
        _ => verdicts(record)
            .into_iter()
            .chain(histograms(record))
            .collect(),
    };
    let mut sections = Vec::new();
    if runs > 0 {
        sections.push(Section::untitled([numbers(record)]));
    }
    let ended = ended(record.stopped, runs, record.runs_requested, "run");
    // Where no run was finished, the first sentence has said why.
    let notes = [unfinished(record).filter(|_| runs > 0), ended];
    let notes = notes.into_iter().flatten();
    sections.extend(notes.map(|note| Section::untitled([Block::words(note)])));
    if runs > 0 || record.unfinished.is_some() {
        sections.push(Section::advice(advice(record)));
    }
    let title = title(
        Text::toned(Tone::Strong, name),
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

/// Returns which threads were missing when a wait was given up.
fn unfinished(record: &WaitGroupRecord) -> Option<String> {
    /// More names than this tell nothing more.
    const MOST_NAMED: usize = 20;
    let left = record.unfinished.as_ref()?;
    let named = &left.missing[..left.missing.len().min(MOST_NAMED)];
    let more = match left.missing.len() - named.len() {
        0 => String::new(),
        more => format!(" and {} more", grouped(more as u64)),
    };
    let whole = if left.actual == record.expected {
        ": every increment is there, yet the wait did not return".to_string()
    } else {
        format!(" of {}", grouped(record.expected))
    };
    let who = if named.is_empty() {
        "no thread had been added".to_string()
    } else {
        format!("missing: {}{more}", named.join(", "))
    };
    Some(format!(
        "The wait gave up after {}; {who}. The counter was at {}{whole}.",
        nanoseconds(left.elapsed_ns),
        grouped(left.actual)
    ))
}

/// Returns a row for each run: both totals, and a bar of the one that this is about.
fn run_lines(record: &WaitGroupRecord, runs: &[WaitGroupRunRecord]) -> Table<'static> {
    // Where the wait itself goes wrong, its total is the one to look at.
    let missing = |run: &WaitGroupRunRecord| match record.mistake.as_deref() {
        Some(_) => run.missing_after_waiting,
        None => run.missing_without_waiting,
    };
    let columns = vec![
        Column::of("run", runs, |run| run.run),
        Column::of("without waiting", runs, |run| {
            (run.without_waiting, tone(run.missing_without_waiting))
        }),
        Column::of("after waiting", runs, |run| {
            (run.after_waiting, tone(run.missing_after_waiting))
        }),
    ];
    let loss = |run: &WaitGroupRunRecord| (missing(run), record.expected);
    losses(columns, runs, loss, "missing", "complete")
}

/// Returns the totals and how many runs were read with each, at both moments.
fn histograms(record: &WaitGroupRecord) -> Vec<Block<'static>> {
    let one = |title: &str, read: &ReadRecord| {
        let (distribution, runs) = (&read.distribution, record.runs_completed);
        [
            Block::words(Text::toned(Tone::Strong, title)),
            Block::Table(histogram(distribution, record.expected, runs)),
        ]
    };
    let mut blocks = Vec::from(one("Before waiting", &record.without_waiting));
    blocks.push(Block::Gap);
    blocks.extend(one("After waiting", &record.after_waiting));
    blocks
}

/// Returns in how many runs each total was read too early, how sure that is, and an empty line.
fn verdicts(record: &WaitGroupRecord) -> Vec<Block<'static>> {
    let (before, after) = (&record.without_waiting, &record.after_waiting);
    let mut blocks = vec![
        verdict(record, "Without waiting", before, true),
        verdict(record, "After waiting", after, record.mistake.is_some()),
    ];
    blocks.extend(record.runs_misused.map(|runs| misuse(record, runs)));
    blocks.push(Block::Gap);
    blocks
}

/// Returns how totals and times are spread.
fn numbers(record: &WaitGroupRecord) -> Block<'static> {
    let (before, after) = (&record.without_waiting, &record.after_waiting);
    let totals = [("without waiting", before), ("after waiting", after)];
    let totals = totals.into_iter().filter(|(_, read)| read.runs_early > 0);
    let totals = totals.map(|(name, read)| Quantity(name, &read.actual, decimal));
    let time = Quantity("time", &record.elapsed_ns, duration);
    let quantities: Vec<_> = totals.chain([time]).collect();
    let median = record.elapsed_ns.median;
    let median = median.map(|median| format!("median time {}", duration(median)));
    Block::Table(spreads(&quantities, median.unwrap_or_default()))
}

/// Returns in how many runs the group itself showed the mistake, and what Go does then.
fn misuse(record: &WaitGroupRecord, runs: u64) -> Block<'static> {
    let (what, panic) = match record.mistake.as_deref() {
        Some("add-late") => (
            "the group was reused before the wait had returned",
            "WaitGroup is reused before previous Wait has returned",
        ),
        _ => ("there was one done too many", "negative WaitGroup counter"),
    };
    let words = format!(
        "In {} of {} {what}",
        grouped(runs),
        plural(record.runs_completed, "run")
    );
    let panic = format!(". Go panics there: sync: {panic}.");
    Block::Words(Text::toned(Tone::Lost, words).and(panic))
}

/// Returns in how many runs a total was read too early. If it was in none, that may have been luck.
fn verdict(record: &WaitGroupRecord, when: &str, read: &ReadRecord, luck: bool) -> Block<'static> {
    let done = record.runs_completed;
    let runs = plural(done, "run");
    let early = grouped(read.runs_early);
    if read.runs_early == 0 {
        let all = grouped(done);
        let words = format!("{when} the total was complete in {all} of {runs}");
        // Where nothing is to be counted nothing can be missing.
        let most = rule_of_three(done).filter(|_| luck && record.expected > 0);
        let most = most.map(|most| {
            let most = percent(most);
            format!(" (too early in at most {most}, 95% confidence)")
        });
        let most = most.unwrap_or_default();
        return Block::Words(Text::toned(Tone::Good, words).and(most + "."));
    }
    let words = format!("{when} the total was read too early in {early} of {runs}");
    let share = estimate(read.runs_early_share, read.runs_early_interval);
    let missing = read.missing_share.map(percent).unwrap_or_default();
    let missing = format!("{share}; {missing} of all increments were missing.");
    Block::Words(Text::toned(Tone::Lost, words).and(missing))
}

/// Returns what happened, and what to try next.
fn advice(record: &WaitGroupRecord) -> Advice {
    let increments = match record.increments {
        // Without increments there is nothing to see.
        0 => 5000,
        increments => increments,
    };
    let shape = format!("-t {} -i {increments}", record.threads);
    let (text, purpose, flags) = match record.mistake.as_deref() {
        None => (
            "Add each thread to the group before starting it, then wait for the group.",
            "A mistake: add inside the thread",
            " --mistake add-inside",
        ),
        Some("add-inside") => (
            "The group may still be empty when the wait begins. Add each thread before starting it.",
            "Another mistake: done forgotten",
            " --mistake forget-done",
        ),
        Some("done-twice") => (
            "A thread signals done twice, so the wait may return while another still counts. Signal \
             done once for each add.",
            "Another mistake: the group reused too early",
            " --mistake add-late",
        ),
        Some("add-late") => (
            "Each thread signals done halfway, then adds itself again; the wait may return in \
             between. Reuse a group after every wait on it has returned.",
            "The correct version",
            "",
        ),
        Some(_) => (
            "One thread never signals done. Signal done on every path out of the thread (in Go: \
             defer wg.Done()).",
            "The correct version",
            "",
        ),
    };
    Advice::new(
        text,
        [(purpose, format!("miscount waitgroup{flags} {shape}"))],
    )
}
