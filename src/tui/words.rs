//! The sentences of the screen.

use super::info::{GameInfo, PuzzleInfo};
use super::keys::{DIGITS, LETTERS};
use crate::game::puzzle::Score;
use crate::game::{AutoPlayError, GoalStatus, MOST_STEPS};
use crate::model::{
    Actor, Effect, Ending, Goal, Label, Machine, MemoryModel, Status, StoryStep, System,
};
use crate::page::{grouped, plural};
use crate::term::Tone;

/// A paragraph of an overlay; a newline at its beginning or end is an empty line.
pub(super) type Paragraph = (Tone, String);

/// Says why a puzzle that the automatic player has solved gives no stars.
pub(super) const PLAYED_ITSELF: &str = "Goal reached, but not by you: no stars. r restarts.";

pub(super) fn welcome(system: &System, all_done: bool) -> String {
    let threads = system.threads();
    if all_done {
        return "All threads are done. ? lists all keys.".into();
    }
    let keys = match threads {
        1 => "a lets the thread step".to_owned(),
        2 => "a or b lets a thread step".to_owned(),
        3..=LETTERS => {
            let last = Label(threads - 1).to_string().to_lowercase();
            format!("a to {last} let a thread step")
        }
        // The letter f is a command.
        _ if threads <= DIGITS => format!("1 to {threads} let a thread step"),
        _ => format!("1 to {DIGITS} let a thread step, Right and Space the others"),
    };
    let deliver = match system.memory() {
        MemoryModel::Sc => "",
        MemoryModel::Tso => ", and v lets the chosen thread's store buffer deliver",
    };
    format!("You are the scheduler: {keys}{deliver}. ? lists all keys.")
}

/// Says that stores still wait where no thread has a step left.
pub(super) fn undelivered(machine: &Machine<'_>) -> Option<String> {
    let mut threads = 0..machine.system().threads();
    let are_done = threads
        .clone()
        .all(|thread| machine.status(thread) == Status::Done);
    let thread = threads.find(|&thread| !machine.buffered(thread).is_empty())?;
    are_done.then(|| format!("Stores still wait: choose {} and press v.", Label(thread)))
}

/// Names a goal: `end with 10,000`.
pub(super) fn goal(goal: &Goal) -> String {
    let total = match goal {
        Goal::End(condition) => condition.as_total(),
        Goal::Wait { .. } => None,
    };
    total.map_or_else(
        || goal.to_string(),
        |total| format!("end with {}", grouped(total)),
    )
}

/// Reports the updates that a step has overwritten, if any.
pub(super) fn overwritten(told: &StoryStep) -> Option<String> {
    let Effect::Wrote { before, after, .. } = told.effect else {
        return None;
    };
    let (label, [before, after]) = (Label(told.actor.thread()), [before, after].map(grouped));
    let updates = plural(told.overwrites, "update");
    (told.overwrites > 0)
        .then(|| format!("{label} stores a stale {after} over {before}: {updates} wiped out."))
}

pub(super) fn no_such_thread(threads: usize) -> String {
    match threads {
        1 => "There is only one thread, A.".into(),
        2 => "There are only 2 threads, A and B.".into(),
        _ => {
            let last = Label(threads - 1);
            format!("There are only {threads} threads, A to {last}.")
        }
    }
}

pub(super) fn cannot_move(machine: &Machine<'_>, thread: usize, status: Status) -> String {
    let label = Label(thread);
    match status {
        Status::Blocked(wait) => {
            let wait = machine.describe(wait);
            format!("{label} is blocked: it waits for {wait}.")
        }
        Status::Done => format!("{label} is done."),
        Status::Ready => format!("{label} can move."),
        Status::Failed(_) => format!("{label} has failed, which ended the run."),
        Status::Halted => "A thread has failed, which ended the run.".into(),
    }
}

/// Reports that a move took the most steps it may have and its thread is not done.
pub(super) fn not_done(thread: usize) -> String {
    let (label, steps) = (Label(thread), grouped(MOST_STEPS));
    format!("{label} is not done after {steps} steps; press again to continue.")
}

pub(super) fn hint(machine: &Machine<'_>, actor: Actor) -> String {
    match actor {
        Actor::Thread(thread) => {
            let text = machine.next_text(thread).unwrap_or_default();
            format!("Hint: let {actor} move ({text}).")
        }
        Actor::Buffer(thread) => {
            let label = Label(thread);
            format!("Hint: let the store buffer of {label} deliver (v).")
        }
    }
}

/// Explains why a store buffer does not deliver.
pub(super) fn nothing_to_deliver(system: &System, thread: usize) -> String {
    match system.memory() {
        MemoryModel::Sc => "There are no store buffers here: add --memory tso.".into(),
        MemoryModel::Tso => format!("The store buffer of {} is empty.", Label(thread)),
    }
}

pub(super) fn ending(machine: &Machine<'_>, ending: &Ending, info: &GameInfo) -> (Tone, String) {
    match ending {
        &Ending::Total(total) => {
            let done = format!("All threads are done: {}", grouped(total));
            let Some(correct) = info.correct_total() else {
                return (Tone::Plain, format!("{done}. u undoes."));
            };
            if total == correct {
                return (Tone::Good, format!("{done}, which is correct."));
            }
            let lost = match correct.checked_sub(total) {
                Some(lost) => format!("; {} lost", grouped(lost)),
                None => String::new(),
            };
            let instead = format!("instead of {}", grouped(correct));
            (Tone::Lost, format!("{done} {instead}{lost}. u undoes."))
        }
        Ending::Values(_) => {
            let values = ending.text(machine.system());
            let (tone, verdict) = match info.is_correct(ending) {
                Some(true) => (Tone::Good, ", which is correct"),
                Some(false) => (Tone::Lost, ", which is wrong"),
                None => (Tone::Plain, ""),
            };
            let done = format!("All threads are done: {values}{verdict}. u undoes.");
            (tone, done)
        }
        Ending::Livelock => (
            Tone::Lost,
            "Livelock: the threads move forever. u undoes.".into(),
        ),
        Ending::Failed(thread, failure) => {
            let line = machine.system().program(*thread).line(failure.at);
            let line = line
                .map(|line| format!(" in line {line}"))
                .unwrap_or_default();
            let (label, fault) = (Label(*thread), failure.fault);
            (Tone::Lost, format!("{label}: {fault}{line}. u undoes."))
        }
        Ending::Deadlock(waits) => {
            let waits = waits.iter().map(|&(thread, wait)| {
                let wait = machine.describe(wait);
                format!("{} waits for {wait}", Label(thread))
            });
            let waits = waits.collect::<Vec<_>>().join("; ");
            (Tone::Lost, format!("Deadlock: {waits}. u undoes."))
        }
    }
}

/// Describes the status of the goal for the line below the title, in a long and a short version.
pub(super) fn goal_status(
    status: GoalStatus<'_>,
    goal: &str,
    par: Option<u64>,
    switches: u64,
) -> (Tone, [String; 2]) {
    let par = par.map_or_else(String::new, |par| format!("par {}, ", grouped(par)));
    let switches = grouped(switches);
    let (tone, before, behind) = match status {
        GoalStatus::Reachable => (Tone::Strong, "Goal: ", format!("({par}yours {switches})")),
        GoalStatus::OnSchedule(enough) => {
            let does = if enough == 1 { "does" } else { "do" };
            let enough = plural(enough, "switch");
            let behind = format!("({enough} {does} it, yours {switches})");
            (Tone::Strong, "Goal: ", behind)
        }
        GoalStatus::Pending => (Tone::Strong, "Goal: ", "(not known yet)".into()),
        GoalStatus::Unknown => (Tone::Strong, "Goal: ", "(cannot be judged)".into()),
        GoalStatus::Reached(with) => {
            let with = grouped(with);
            (Tone::Good, "Goal reached: ", format!("({par}yours {with})"))
        }
        GoalStatus::Unreachable => {
            let text = format!("No schedule can {goal}.");
            return (Tone::Lost, [text.clone(), text]);
        }
        GoalStatus::Lost(told) => {
            let (step, label) = (grouped(told.number), told.actor);
            let long = format!(
                "Out of reach: {goal}, since step {step} ({label}: {}). u undoes.",
                told.text
            );
            let short = format!("Out of reach since step {step} ({label}); u undoes");
            return (Tone::Lost, [long, short]);
        }
    };
    let short = match status {
        GoalStatus::Reached(_) => format!("Goal reached {behind}"),
        _ => format!("{goal}  {behind}"),
    };
    (tone, [format!("{before}{goal}  {behind}"), short])
}

/// Returns the score of a puzzle that was just solved, and its lesson.
pub(super) fn solved(
    score: Score,
    stars: &str,
    par: u64,
    puzzle: Option<&PuzzleInfo>,
) -> Vec<Paragraph> {
    let verdict = match (score.switches <= par, score.stars) {
        (true, 3) => "At par: no solution needs fewer switches.",
        (true, _) => "At par, with a hint. Three stars without one.",
        (false, _) => "Fewer switches are possible.",
    };
    let (switches, par) = (grouped(score.switches), grouped(par));
    let mut text = vec![
        (Tone::Good, format!("{stars}  {verdict}")),
        (Tone::Plain, format!("Switches: {switches}, par {par}.")),
    ];
    if let Some(puzzle) = puzzle {
        let on = if puzzle.has_next {
            "n: next puzzle. Esc: stay here."
        } else {
            "That was the last puzzle. Esc: stay here."
        };
        text.push((Tone::Plain, format!("\n{}\n", puzzle.lesson)));
        text.push((Tone::Strong, on.into()));
    }
    text
}

/// Explains why the automatic player does not play.
pub(super) fn no_auto_play(error: AutoPlayError) -> &'static str {
    match error {
        AutoPlayError::Ended => "Deadlock: no thread can move. Press u to undo or r to restart.",
        AutoPlayError::Full => "No room for more steps; r restarts.",
        AutoPlayError::Pending => "Still counting; ask again.",
        AutoPlayError::TooLarge => "Too many states to find the worst; try a smaller size.",
        AutoPlayError::TooLargeFromHere => {
            "Too many states to find the worst from here; r restarts."
        }
        AutoPlayError::TooLong => "The runs are too long to find the worst; try a smaller size.",
        AutoPlayError::Impossible => "The worst schedule cannot be played.",
    }
}

/// Lists threads: `A, B`.
pub(super) fn labels(threads: impl IntoIterator<Item = usize>) -> String {
    let labels = threads.into_iter().map(|thread| Label(thread).to_string());
    labels.collect::<Vec<_>>().join(", ")
}

/// Returns what follows the instruction of a step: the value, and the updates it has overwritten.
pub(super) fn effect(told: &StoryStep) -> [String; 2] {
    let value = match told.effect {
        Effect::Read { value, .. } => format!(" ({})", value.cast_signed()),
        Effect::Wrote { after, .. } | Effect::Updated { after, .. } => {
            format!(" ({})", after.cast_signed())
        }
        Effect::Refused { value, .. } => format!(" (refused: {})", value.cast_signed()),
        Effect::Notified { threads: 0, .. } => " (wakes none)".into(),
        Effect::Notified { threads, .. } => format!(" (wakes {threads})"),
        _ => String::new(),
    };
    let lost = match told.overwrites {
        0 => String::new(),
        more => format!(", overwrites {}", plural(more, "update")),
    };
    [value, lost]
}
