//! What is said about a game, in sentences.

use super::game::{MOST_STEPS, Standing};
use crate::model::{Effect, Ending, Label, Machine, Status, Told};
use crate::report::grouped;
use crate::term::Tone;

pub(super) fn welcome(threads: usize) -> String {
    let letters = match threads {
        1 => "a lets the thread".to_owned(),
        2 => "a or b lets a thread".to_owned(),
        _ => "a, b, c, ... lets a thread".to_owned(),
    };
    format!("You are the scheduler: {letters} take its next step. ? lists all keys.")
}

/// A number of things: `1 thread`, `2 threads`.
pub fn many(number: u64, thing: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {thing}{plural}", grouped(number))
}

/// Says it where a step has wiped updates out; `None` where it has not.
pub(super) fn overwritten(told: &Told) -> Option<String> {
    let Effect::Wrote { before, after, .. } = told.effect else {
        return None;
    };
    let label = Label(told.thread);
    (told.overwrites > 0).then(|| {
        format!(
            "{label} stores {after} over {before}, which it has not seen: {} wiped out.",
            many(told.overwrites, "update")
        )
    })
}

pub(super) fn no_such_thread(threads: usize) -> String {
    format!(
        "There are only {threads} threads, A to {}.",
        Label(threads - 1)
    )
}

pub(super) fn cannot_move(machine: &Machine<'_>, thread: usize, status: Status) -> String {
    let label = Label(thread);
    match status {
        Status::Blocked(wait) => {
            format!(
                "{label} is blocked: it waits for {}.",
                machine.describe(wait)
            )
        }
        Status::Done => format!("{label} is done."),
        Status::Ready => format!("{label} can move."),
    }
}

/// After a run that was cut short.
pub(super) fn goes_on(thread: usize) -> String {
    let steps = grouped(MOST_STEPS);
    format!(
        "{} has taken {steps} steps and is not done; press again to go on.",
        Label(thread)
    )
}

pub(super) fn hint(machine: &Machine<'_>, thread: usize) -> String {
    let at = machine.at(thread);
    let text = at.and_then(|at| machine.system().text(thread, at));
    format!(
        "Hint: let {} move ({}).",
        Label(thread),
        text.unwrap_or_default()
    )
}

pub(super) fn ending(
    machine: &Machine<'_>,
    ending: &Ending,
    correct: Option<u64>,
) -> (Tone, String) {
    match (ending, correct) {
        (Ending::Total(total), Some(correct)) if *total == correct => (
            Tone::Good,
            format!("All threads are done: {total}, which is correct."),
        ),
        (Ending::Total(total), Some(correct)) if *total < correct => (
            Tone::Lost,
            format!(
                "All threads are done: {total} instead of {correct}; {} lost. u goes back.",
                correct - total
            ),
        ),
        (Ending::Total(total), Some(correct)) => (
            Tone::Lost,
            format!("All threads are done: {total} instead of {correct}. u goes back."),
        ),
        (Ending::Total(total), None) => (
            Tone::Plain,
            format!("All threads are done: {total}. u goes back."),
        ),
        (Ending::Deadlock(waits), _) => {
            let waits: Vec<_> = waits
                .iter()
                .map(|&(thread, wait)| {
                    format!("{} waits for {}", Label(thread), machine.describe(wait))
                })
                .collect();
            (
                Tone::Lost,
                format!("Deadlock: {}. u goes back.", waits.join("; ")),
            )
        }
    }
}

/// How the goal stands, for the line below the title.
pub(super) fn standing(
    standing: Standing<'_>,
    goal: &str,
    par: Option<u64>,
    switches: u64,
) -> (Tone, String) {
    let par = par.map_or_else(String::new, |par| format!("par {par}, "));
    match standing {
        Standing::Open => (
            Tone::Strong,
            format!("Goal: {goal}  ({par}yours {switches})"),
        ),
        Standing::Unknown => (
            Tone::Strong,
            format!("Goal: {goal}  (switches: {switches})"),
        ),
        Standing::Reached(with) => (
            Tone::Good,
            format!("Goal reached: {goal}  ({par}yours {with})"),
        ),
        Standing::Impossible => (Tone::Lost, format!("No schedule can {goal}.")),
        Standing::Lost(told) => (
            Tone::Lost,
            format!(
                "Out of reach: {goal}, since step {} ({}: {}). u goes back.",
                told.number,
                Label(told.thread),
                told.text
            ),
        ),
    }
}

/// What a step did, behind its instruction: the value, and what it overwrote.
pub(super) fn effect(told: &Told) -> [String; 2] {
    let value = match told.effect {
        Effect::Read { value, .. } => format!(" ({value})"),
        Effect::Wrote { after, .. } | Effect::Updated { after, .. } => format!(" ({after})"),
        Effect::Refused { value, .. } => format!(" (refused: {value})"),
        Effect::Acquired { .. } | Effect::Released { .. } => String::new(),
    };
    let lost = match told.overwrites {
        0 => String::new(),
        more => format!(", overwrites {}", many(more, "update")),
    };
    [value, lost]
}
