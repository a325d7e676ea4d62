//! Titles and sentences that several reports share.

use super::document::Block;
use super::numbers::{grouped, interval, percent, plural};
use super::text::Text;
use crate::record::{CensusRecord, EndKind, EndRecord, StopReason, SubjectRecord, WaitingRecord};
use crate::term::Tone;

/// Returns a title: what was run, its size, and what else there is to say of it.
pub(super) fn title(
    name: Text,
    threads: usize,
    increments: impl Into<Option<u64>>,
    more: &[String],
) -> Text {
    let mut size = format!(": {}", plural(threads as u64, "thread"));
    if let Some(increments) = increments.into() {
        size += &format!(" × {}", plural(increments, "increment"));
    }
    for more in more.iter().filter(|more| !more.is_empty()) {
        size += &format!(", {more}");
    }
    name.and(size)
}

/// Returns the title of a page about a subject: words follow the name.
pub fn subject_title(subject: &SubjectRecord, behind: &str, more: &[String]) -> Text {
    let name = Text::toned(Tone::Strong, subject.name.to_string());
    title(name.and(behind), subject.threads, subject.increments, more)
}

/// Returns what is called an outcome of a race program: `x = 1, y = 2`, or how it failed.
pub fn outcome_label(outcome: &EndRecord) -> String {
    let place = || {
        let line = outcome.line.map(|line| format!(", line {line}"));
        line.unwrap_or_default()
    };
    match outcome.kind {
        EndKind::Finished => {
            let values = outcome.values.iter().flatten();
            let values: Vec<_> = values
                .map(|(name, value)| format!("{name} = {value}"))
                .collect();
            values.join(", ")
        }
        EndKind::Deadlock => "deadlock".into(),
        EndKind::Livelock => "livelock".into(),
        EndKind::Assertion => format!("assertion{}", place()),
        EndKind::Fault => {
            format!(
                "{}{}",
                outcome.problem.as_deref().unwrap_or("fault"),
                place()
            )
        }
    }
}

/// Returns the tone of an outcome.
pub(super) fn outcome_tone(outcome: &EndRecord) -> Tone {
    match outcome.correct {
        Some(true) => Tone::Good,
        Some(false) => Tone::Lost,
        None => Tone::Plain,
    }
}

/// Returns which threads wait for what in a deadlock, and which threads hold it.
pub(super) fn waits(deadlock: &[WaitingRecord]) -> String {
    // In a deadlock no thread can move: one that does not wait has ended.
    let has_ended = |holder: &String| deadlock.iter().all(|other| other.thread != *holder);
    let wait = |waiting: &WaitingRecord| {
        let now = match (waiting.held_by.as_slice(), waiting.value) {
            ([], None) => String::new(),
            ([], Some(value)) => format!(" (it is {})", grouped(value)),
            (holders, _) => {
                let ended = if holders.iter().all(has_ended) {
                    ", which has ended"
                } else {
                    ""
                };
                format!(", held by {}{ended}", holders.join(", "))
            }
        };
        format!("{} waits for {}{now}", waiting.thread, waiting.waits_for)
    };
    let waits: Vec<String> = deadlock.iter().map(wait).collect();
    waits.join("; ")
}

/// Returns how a program that goes wrong is mended: a purpose and a command.
pub(super) fn mended(subject: &SubjectRecord) -> Option<(String, String)> {
    match subject.repaired() {
        Some(repaired) => Some((
            "The repaired form".into(),
            format!("miscount explain {repaired}"),
        )),
        None if subject.name.source.is_some() => {
            Some(("How to mend it".into(), "miscount explain symptoms".into()))
        }
        None => None,
    }
}

/// Why threads with two or more increments each cannot end with less than 2.
pub(super) const WHY_TWO: &str = "Less is impossible: each store writes at least 1, so a thread's second load reads \
                                  at least 1, and its second store writes at least 2.";

/// Returns what the parts of a schedule's token mean.
pub(super) fn token_legend(token: &str) -> &'static str {
    if token.contains(|c: char| c.is_ascii_digit()) {
        "(`A`: one step of A; `A3`: three; `B-`: the rest of B.)"
    } else {
        "(`A`: one step of A; `B-`: the rest of B.)"
    }
}

/// Returns what cut the work short, if something outside it did.
pub(super) fn cut_short(stopped: StopReason) -> Option<&'static str> {
    match stopped {
        StopReason::Timeout => Some("Timed out"),
        StopReason::Interrupted => Some("Interrupted"),
        StopReason::Completed | StopReason::Found | StopReason::Budget => None,
    }
}

/// Returns why there are fewer runs (or rounds) than were asked for.
pub(super) fn ended(
    stopped: StopReason,
    done: u64,
    requested: Option<u64>,
    noun: &str,
) -> Option<String> {
    let why = match stopped {
        StopReason::Found => "Stopped at the first match,",
        _ => cut_short(stopped)?,
    };
    Some(match requested {
        Some(of) => format!("{why} after {} of {}.", grouped(done), plural(of, noun)),
        None => format!("{why} after {}.", plural(done, noun)),
    })
}

/// Returns the note for threads that were to be pinned and could not be.
pub(super) fn unpinned(failed: bool) -> Option<String> {
    let note = "Note: the threads could not be pinned to cores.";
    failed.then(|| note.into())
}

/// Returns the note for a window that was not asked for.
pub(super) fn window_added(added: bool) -> Option<String> {
    let note = "Note: with one core, the threads yield between load and store (--window yield); \
                --window none turns that off.";
    added.then(|| note.into())
}

/// Returns the note for threads that have no core of their own.
pub(super) fn sharing(threads: usize, cores: Option<usize>) -> Option<String> {
    let cores = cores.filter(|&cores| cores > 1 && threads > cores)?;
    Some(format!(
        "Note: {threads} threads share {cores} cores, so some wait for a core and seldom race."
    ))
}

/// Returns the note for runs that were repeated because their threads did not start together.
pub(super) fn repeated(runs: u64) -> Option<String> {
    let was = if runs == 1 { "was" } else { "were" };
    (runs > 0).then(|| {
        format!(
            "Note: {} {was} repeated, because their threads did not start together.",
            plural(runs, "run")
        )
    })
}

/// Returns one paragraph of the sentences there are, if there are any.
pub(super) fn paragraph(
    sentences: impl IntoIterator<Item = Option<String>>,
) -> Option<Block<'static>> {
    let sentences: Vec<String> = sentences.into_iter().flatten().collect();
    (!sentences.is_empty()).then(|| Block::words(sentences.join(" ")))
}

/// Returns an estimated share with its confidence interval, in parentheses.
pub(super) fn estimate(share: Option<f64>, ends: Option<[f64; 2]>) -> String {
    let share = share.map(percent).unwrap_or_default();
    let range = ends.map(|[low, high]| format!(", 95% interval {}", interval(low, high)));
    format!(" ({share}{})", range.unwrap_or_default())
}

/// Names the purpose of a command that replays a schedule: no program can force a store buffer to
/// deliver on real threads.
pub(super) fn forcing(record: &CensusRecord, what: &str) -> String {
    match &*record.memory {
        "sc" => format!("Force {what} on real threads"),
        _ => format!("Follow {what} step by step in the model"),
    }
}
