//! Titles and sentences that several reports share.

use super::document::Block;
use super::numbers::{grouped, interval, percent, plural};
use super::text::Text;
use crate::record::{
    CensusRecord, EndKind, EndRecord, Gap, StepRecord, StopReason, SubjectRecord, WaitingRecord,
    label,
};
use crate::term::Tone;

/// Returns a title: what was run, its size, and what else there is to say of it.
pub(super) fn title(
    name: Text,
    threads: usize,
    names: &str,
    increments: impl Into<Option<u64>>,
    more: &[String],
) -> Text {
    let mut size = format!(": {}", plural(threads as u64, "thread"));
    if !names.is_empty() {
        size += &format!(" ({names})");
    }
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
    let names = thread_names(subject);
    title(
        name.and(behind),
        subject.threads,
        &names,
        subject.increments,
        more,
    )
}

/// The most names of threads that a title has room for.
const MOST_NAMES: usize = 8;

/// Returns which thread has which name in its program: `A: reader, B to D: writer`; empty if none has one.
pub(super) fn thread_names(subject: &SubjectRecord) -> String {
    let mut first = 0;
    let groups = subject.thread_names.chunk_by(|one, other| one == other);
    let groups = groups.map(|group| {
        let from = first;
        first += group.len();
        let labels = match group.len() {
            1 => label(from),
            2 => format!("{} and {}", label(from), label(from + 1)),
            _ => format!("{} to {}", label(from), label(first - 1)),
        };
        (labels, &group[0])
    });
    let named = groups.filter(|(_, name)| !name.is_empty());
    let mut named: Vec<_> = named
        .map(|(labels, name)| format!("{labels}: {name}"))
        .collect();
    if named.len() > MOST_NAMES {
        named.truncate(MOST_NAMES);
        named.push("...".into());
    }
    named.join(", ")
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

/// Returns the same for one of several outcomes: where there is more than one deadlock, they are numbered.
pub(super) fn label_among<'a>(
    outcome: &EndRecord,
    all: impl IntoIterator<Item = &'a EndRecord>,
) -> String {
    let label = outcome_label(outcome);
    if outcome.kind != EndKind::Deadlock {
        return label;
    }
    let deadlocks = all.into_iter().filter(|end| end.kind == EndKind::Deadlock);
    let deadlocks: Vec<_> = deadlocks.collect();
    match deadlocks.iter().position(|end| *end == outcome) {
        Some(place) if deadlocks.len() > 1 => format!("{label} {}", place + 1),
        _ => label,
    }
}

/// Returns which threads wait for what in a deadlock, which is called like this, in a sentence.
pub(super) fn deadlock_sentence(label: &str, deadlock: &[WaitingRecord]) -> String {
    let number = label.trim_start_matches("deadlock");
    format!("Deadlock{number}: {}.", waits(deadlock))
}

/// The most outcomes whose schedule is shown.
pub(super) const MOST_COMMANDS: usize = 3;

/// A longer token is not shown: it is too long to type.
pub(super) const LONG: usize = 400;

/// Returns the wrong outcomes that a report tells how to force, each with its schedule: the one with the shortest
/// schedule, and each deadlock where there are several.
pub(super) fn worth_forcing<'a>(
    outcomes: impl Iterator<Item = (&'a EndRecord, Option<&'a str>)>,
) -> Vec<(&'a EndRecord, &'a str)> {
    let wrong = outcomes
        .filter(|(end, _)| end.correct == Some(false) && end.kind != EndKind::Livelock)
        .filter_map(|(end, token)| Some((end, token?)));
    // Where the first step never comes, an empty schedule is all there is to force.
    let is_typed = |token: &str| !token.is_empty() && token.len() <= LONG;
    let wrong: Vec<_> = wrong.filter(|(_, token)| is_typed(token)).collect();
    let is_deadlock = |end: &EndRecord| end.kind == EndKind::Deadlock;
    let deadlocks = wrong.iter().filter(|(end, _)| is_deadlock(end)).count();
    let shortest = wrong.iter().map(|(_, token)| token.len()).min();
    let first = wrong
        .iter()
        .position(|(_, token)| Some(token.len()) == shortest);
    let chosen = wrong
        .iter()
        .enumerate()
        .filter(|(place, (end, _))| Some(*place) == first || deadlocks > 1 && is_deadlock(end));
    chosen
        .map(|(_, wrong)| *wrong)
        .take(MOST_COMMANDS)
        .collect()
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
    let waits = deadlock.iter();
    let waits = waits.map(|waiting| format!("{} {}", waiting.thread, wait(waiting, deadlock)));
    waits.collect::<Vec<_>>().join("; ")
}

/// Returns the same of one thread, for the end of its column or lane.
pub fn waits_at_end(waiting: &WaitingRecord, deadlock: &[WaitingRecord]) -> String {
    wait(waiting, deadlock).replace('`', "")
}

fn wait(waiting: &WaitingRecord, deadlock: &[WaitingRecord]) -> String {
    // In a deadlock no thread can move: one that does not wait has ended.
    let has_ended = |holder: &String| deadlock.iter().all(|other| other.thread != *holder);
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
    format!("waits for {}{now}", waiting.waits_for)
}

/// Returns what has to be said of a step beside its instruction: the updates that it overwrites, or that its
/// notification is lost.
pub fn step_remark(step: &StepRecord) -> Option<String> {
    match (step.overwrites, step.woken) {
        (0, Some(0)) => Some("wakes no thread".into()),
        (0, _) => None,
        (updates, _) => Some(format!("overwrites {}", plural(updates, "update"))),
    }
}

/// Returns what is left out of a schedule.
pub fn left_out(gap: &Gap) -> String {
    match (gap.steps_left_out, gap.moves_left_out) {
        (Some(steps), _) => plural(steps, "more step"),
        (None, moves) => plural(moves.unwrap_or(0), "move"),
    }
}

/// Returns how a program that ends wrong like this is mended: a purpose and a command.
pub(super) fn mended(subject: &SubjectRecord, end: &EndRecord) -> Option<(String, String)> {
    let (purpose, name) = match subject.repaired() {
        Some(repaired) => ("The repaired form", repaired),
        None if subject.name.text.is_some() => {
            let (purpose, name) = similar_repair(end.deadlock.as_deref().unwrap_or_default());
            (purpose, name.to_owned())
        }
        None => return None,
    };
    Some((purpose.into(), format!("miscount explain {name}")))
}

/// Returns where to read how such a deadlock is mended.
fn similar_repair(deadlock: &[WaitingRecord]) -> (&'static str, &'static str) {
    let holds_other = |waiting: &WaitingRecord| {
        let is_other = |holder: &String| {
            *holder != waiting.thread && deadlock.iter().any(|one| one.thread == *holder)
        };
        !waiting.held_by.is_empty() && waiting.held_by.iter().all(is_other)
    };
    if deadlock.is_empty() {
        ("How to mend it", "symptoms")
    } else if deadlock.iter().all(holds_other) {
        ("How such a deadlock is mended", "two-locks-fixed")
    } else if deadlock.iter().all(WaitingRecord::is_for_notification) {
        ("How a lost wake-up is mended", "lost-wakeup-fixed")
    } else {
        ("How to mend it", "symptoms")
    }
}

/// Why threads with two or more increments each cannot end with less than 2.
pub(super) const WHY_TWO: &str = "Less is impossible: each store writes at least 1, so a thread's second load reads \
                                  at least 1, and its second store writes at least 2.";

/// Returns what the parts of a schedule's token mean: of each kind the first that it has.
pub(super) fn token_legend(token: &str) -> String {
    let meaning = |segment: &str| {
        let thread = segment.trim_end_matches(|c: char| c == '-' || c.is_ascii_digit());
        let whose = thread.to_ascii_uppercase();
        match (&segment[thread.len()..], whose == thread) {
            ("-", true) => (0, format!("the rest of {whose}")),
            ("", true) => (1, format!("one step of {whose}")),
            (steps, true) => (2, format!("{steps} steps of {whose}")),
            (_, false) => (3, format!("a delivery from {whose}'s store buffer")),
        }
    };
    let mut kinds = Vec::new();
    let mut parts = Vec::new();
    for segment in token.split(',').filter(|segment| !segment.is_empty()) {
        let (kind, words) = meaning(segment);
        if !kinds.contains(&kind) {
            kinds.push(kind);
            parts.push(format!("`{segment}`: {words}"));
        }
    }
    format!("({}.)", parts.join("; "))
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
