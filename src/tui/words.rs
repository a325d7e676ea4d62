//! What is said about a game, in sentences.

use super::app::App;
use super::game::MOST_STEPS;
use super::judge::Standing;
use super::keys::{DIGITS, LETTERS};
use super::look::Look;
use super::state::About;
use crate::model::{Effect, Ending, Goal, Label, Machine, Status, Told};
use crate::puzzle::Solved;
use crate::page::{grouped, plural};
use crate::term::Tone;

pub(super) fn welcome(threads: usize, all_done: bool) -> String {
    if all_done {
        return "There is nothing to do: all threads are done. ? lists all keys.".into();
    }
    let keys = match threads {
        1 => "a lets the thread step".to_owned(),
        2 => "a or b lets a thread step".to_owned(),
        3..=LETTERS => {
            let last = Label(threads - 1).to_string().to_lowercase();
            format!("a to {last} let a thread step")
        }
        // f is a key of its own.
        _ if threads <= DIGITS => format!("1 to {threads} let a thread step"),
        _ => format!("1 to {DIGITS} let a thread step, Right and Space the others"),
    };
    format!("You are the scheduler: {keys}. ? lists all keys.")
}

/// What there is to bring about: `end with 10,000`.
pub(super) fn goal(goal: Goal) -> String {
    match goal {
        Goal::Total(total) => format!("end with {}", grouped(total)),
        goal => goal.to_string(),
    }
}

/// Says it where a step has wiped updates out; `None` where it has not.
pub(super) fn overwritten(told: &Told) -> Option<String> {
    let Effect::Wrote { before, after, .. } = told.effect else {
        return None;
    };
    let label = Label(told.thread);
    (told.overwrites > 0).then(|| {
        format!(
            "{label} stores {} over {}, which it has not seen: {} wiped out.",
            grouped(after),
            grouped(before),
            plural(told.overwrites, "update")
        )
    })
}

pub(super) fn no_such_thread(threads: usize) -> String {
    match threads {
        1 => "There is only one thread, A.".into(),
        2 => "There are only 2 threads, A and B.".into(),
        _ => format!(
            "There are only {threads} threads, A to {}.",
            Label(threads - 1)
        ),
    }
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

pub(super) fn ending(machine: &Machine<'_>, ending: &Ending, about: &About) -> (Tone, String) {
    match ending {
        &Ending::Total(total) => {
            let done = format!("All threads are done: {}", grouped(total));
            let Some(correct) = about.correct else {
                return (Tone::Plain, format!("{done}. u goes back."));
            };
            if total == correct {
                return (Tone::Good, format!("{done}, which is correct."));
            }
            let lost = match correct.checked_sub(total) {
                Some(lost) if about.counts => format!("; {} lost", grouped(lost)),
                _ => String::new(),
            };
            let instead = grouped(correct);
            (
                Tone::Lost,
                format!("{done} instead of {instead}{lost}. u goes back."),
            )
        }
        Ending::Deadlock(waits) => {
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

/// How the goal stands, for the line below the title: at length, and where there is no room for it.
pub(super) fn standing(
    standing: Standing<'_>,
    goal: &str,
    par: Option<u64>,
    switches: u64,
) -> (Tone, [String; 2]) {
    let par = par.map_or_else(String::new, |par| format!("par {}, ", grouped(par)));
    let switches = grouped(switches);
    let (tone, before, behind) = match standing {
        Standing::Open => (Tone::Strong, "Goal: ", format!("({par}yours {switches})")),
        Standing::OnTheWay(enough) => {
            let does = if enough == 1 { "does" } else { "do" };
            let enough = plural(enough, "switch");
            let behind = format!("({enough} {does} it, yours {switches})");
            (Tone::Strong, "Goal: ", behind)
        }
        Standing::Unknown => (Tone::Strong, "Goal: ", "(not known yet)".into()),
        Standing::TooLarge => (Tone::Strong, "Goal: ", "(cannot be judged)".into()),
        Standing::Reached(with) => (
            Tone::Good,
            "Goal reached: ",
            format!("({par}yours {})", grouped(with)),
        ),
        Standing::Impossible => {
            let text = format!("No schedule can {goal}.");
            return (Tone::Lost, [text.clone(), text]);
        }
        Standing::Lost(told) => {
            let (step, label) = (grouped(told.number), Label(told.thread));
            let long = format!(
                "Out of reach: {goal}, since step {step} ({label}: {}). u goes back.",
                told.text
            );
            let short = format!("Out of reach since step {step} ({label}); u undoes");
            return (Tone::Lost, [long, short]);
        }
    };
    let short = match standing {
        Standing::Reached(_) => format!("Goal reached {behind}"),
        _ => format!("{goal}  {behind}"),
    };
    (tone, [format!("{before}{goal}  {behind}"), short])
}

/// What is said of a puzzle that was just solved.
pub(super) fn solved(app: &App<'_>, solved: &Solved, look: &Look) -> Vec<(Tone, String)> {
    let par = app.game.par().unwrap_or(solved.switches);
    let verdict = match (solved.switches <= par, solved.stars) {
        (true, 3) => "Par: it cannot be done with fewer switches.",
        (true, _) => "At par, with a hint. Without one it is three stars.",
        (false, 2) => "Close to par.",
        (false, _) => "There is a way with fewer switches.",
    };
    let mut text = vec![
        (
            Tone::Good,
            format!("{}  {verdict}", look.stars(solved.stars)),
        ),
        (
            Tone::Plain,
            format!(
                "Switches: {}, par {}.",
                grouped(solved.switches),
                grouped(par)
            ),
        ),
    ];
    if let Some(puzzle) = app.about.puzzle {
        let on = if puzzle.has_next {
            "n: the next puzzle. Enter: stay and look around."
        } else {
            "That was the last puzzle. Enter: stay and look around."
        };
        for (tone, told) in [(Tone::Plain, puzzle.lesson), (Tone::Strong, on)] {
            text.push((Tone::Plain, String::new()));
            text.push((tone, told.into()));
        }
    }
    text
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
        more => format!(", overwrites {}", plural(more, "update")),
    };
    [value, lost]
}
