//! A schedule as it is played on a terminal: for each step a line, and below it the state after it.

use crate::page::{grouped, signed};
use crate::record::{PlayedStep, PlayerRecord, StateWord};
use crate::term::{Page, Tone, cut, padded};

/// A narrower column has no room for a line of a program.
const LEAST_COLUMN: usize = 22;

/// The columns between threads.
const GAP: usize = 2;

/// What is shown of a step.
#[derive(Clone, Debug)]
pub struct Shot {
    /// What happened, in a line that stays.
    pub told: String,
    /// The state, in lines that those of the next step replace.
    pub state: Vec<String>,
}

/// Returns the steps of a schedule of a player, the start first. The lines are at most as wide as the page,
/// and those of a state no more than `height`.
pub fn shots<'a>(
    record: &'a PlayerRecord,
    steps: &'a [PlayedStep],
    page: &'a Page,
    height: usize,
) -> impl Iterator<Item = Shot> + 'a {
    let mut word = record.start.clone();
    let mut number = 0;
    let start = Shot {
        told: page.palette.paint(Tone::Faint, "before the first step"),
        state: state(record, &word, None, page, height),
    };
    let rest = steps.iter().map(move |step| {
        let PlayedStep(actor, count, _, _, shared, views) = step;
        number += count;
        word.0[0] = *shared;
        for changed in views {
            word.0[changed.0 + 1] = changed.1;
        }
        Shot {
            told: told(record, step, number, page),
            state: state(record, &word, *actor, page, height),
        }
    });
    std::iter::once(start).chain(rest)
}

fn told(record: &PlayerRecord, step: &PlayedStep, number: u64, page: &Page) -> String {
    let PlayedStep(actor, count, event, overwrites, ..) = step;
    let who = actor.map_or("several threads", |actor| &*record.actors[actor]);
    let event = event.and_then(|event| record.events.get(event as usize));
    let what = match event {
        Some(event) => {
            let value = event.1.map(|value| format!(" ({})", signed(value)));
            event.0.clone() + &value.unwrap_or_default()
        }
        None => format!("{} steps", grouped(*count)),
    };
    let (tone, lost) = match overwrites {
        0 => (Tone::Plain, String::new()),
        1 => (Tone::Lost, ": overwrites 1 update!".into()),
        more => (
            Tone::Lost,
            format!(": overwrites {} updates!", grouped(*more)),
        ),
    };
    let line = format!("{:>6}  {who}: {what}{lost}", grouped(number));
    page.palette.paint(tone, &cut(&line, page.width))
}

/// Returns what threads share, then the threads side by side, or one below the other where there is no room.
fn state(
    record: &PlayerRecord,
    word: &StateWord,
    moved: Option<usize>,
    page: &Page,
    height: usize,
) -> Vec<String> {
    let threads = record.threads.len().max(1);
    let column = (page.width + GAP) / threads;
    let panels: Vec<_> = (0..threads)
        .map(|thread| panel(record, word, thread, page))
        .collect();
    let tallest = panels.iter().map(Vec::len).max().unwrap_or(0);
    // The line that comes next is bold, and so is the label of the thread that has moved.
    let tone = |thread: usize, row: usize, line: &str| {
        let is_here = line.starts_with(page.signs.switch);
        if is_here || row == 0 && moved == Some(thread) {
            Tone::Strong
        } else {
            Tone::Plain
        }
    };
    let paint = |tone, line: &str, width| page.palette.paint(tone, &cut(line, width));
    let mut lines = vec![paint(Tone::Strong, &shared(record, word), page.width)];
    if column >= LEAST_COLUMN + GAP && tallest + 3 <= height {
        lines.extend((0..tallest).map(|row| {
            let cells = panels.iter().enumerate().map(|(thread, panel)| {
                let cell = panel.get(row).map_or("", String::as_str);
                padded(&paint(tone(thread, row, cell), cell, column - GAP), column)
            });
            cells.collect::<String>().trim_end().to_string()
        }));
    } else {
        let rows = panels.iter().enumerate().map(|(thread, panel)| {
            let here = panel
                .iter()
                .find(|line| line.starts_with(page.signs.switch));
            let parts = [panel.first(), here, panel.last()].into_iter().flatten();
            let words: Vec<_> = parts.map(|line| line.trim()).collect();
            paint(tone(thread, 0, ""), &words.join("  "), page.width)
        });
        lines.extend(rows.take(height.saturating_sub(2)));
    }
    lines
}

/// Returns the variables, the locks with their holders, and who waits.
fn shared(record: &PlayerRecord, word: &StateWord) -> String {
    let Some(shared) = record.shared.get(word.0[0] as usize) else {
        return String::new();
    };
    let variables = record.variables.iter().zip(&shared.0);
    let variables = variables.map(|(name, value)| format!("{name} = {}", signed(*value)));
    let locks = record.locks.iter().zip(&shared.1).enumerate();
    let locks = locks.map(|(place, (name, lock))| {
        let holders: Vec<_> = lock
            .1
            .iter()
            .map(|&holder| &*record.threads[holder])
            .collect();
        let state = match &*lock.0 {
            "free" => "free".to_string(),
            state @ ("held" | "read") => format!("{state} by {}", holders.join(", ")),
            permits => format!("{permits} left"),
        };
        format!("{name}: {state}{}", waiting(record, word, ("lock", place)))
    });
    let queues = record.queues.iter().zip(&shared.2).enumerate();
    let queues = queues.map(|(place, (name, inside))| {
        format!(
            "{name}: {inside} in it{}",
            waiting(record, word, ("queue", place))
        )
    });
    variables
        .chain(locks)
        .chain(queues)
        .collect::<Vec<_>>()
        .join("   ")
}

/// Returns the threads that wait for this, behind what it is.
fn waiting(record: &PlayerRecord, word: &StateWord, what: (&str, usize)) -> String {
    let views = record.threads.iter().zip(&word.0[1..]);
    let waits = views.filter(|(_, view)| {
        let view = record.views.get(**view as usize);
        view.is_some_and(|view| view.2 == Some(what))
    });
    let labels: Vec<_> = waits.map(|(label, _)| &**label).collect();
    match labels.len() {
        0 => String::new(),
        1 => format!("; {} waits", labels[0]),
        _ => format!("; {} wait", labels.join(", ")),
    }
}

/// Returns a thread: its label and state, its lines with a mark at the next one, what it waits for, and its
/// registers with its store buffer.
fn panel(record: &PlayerRecord, word: &StateWord, thread: usize, page: &Page) -> Vec<String> {
    let Some(view) = record.views.get(word.0[thread + 1] as usize) else {
        return Vec::new();
    };
    let program = &record.programs[record.runs[thread]];
    let mut lines = vec![format!("{} {}", record.threads[thread], view.1)];
    let here = view.0.and_then(|at| *program.here.get(at)?);
    let listed = program.listing.iter().enumerate();
    lines.extend(listed.map(|(place, listed)| {
        let mark = if here == Some(place) {
            page.signs.switch
        } else {
            " "
        };
        format!("{mark}{:>3} {}", listed.0, listed.1)
    }));
    let words = view.3.as_deref().map(|words| words.replace('`', ""));
    lines.push(match (view.1, words) {
        ("blocked", Some(words)) => format!("waits for {words}"),
        (_, words) => words.unwrap_or_default(),
    });
    let registers = program.registers.iter().zip(&view.4);
    let registers =
        registers.filter_map(|(name, value)| Some(format!("{name} = {}", signed((*value)?))));
    let buffer = view.5.iter().flatten();
    let buffer = buffer.map(|(variable, value)| {
        format!(
            "buffered {} = {}",
            record.variables[*variable],
            signed(*value)
        )
    });
    lines.push(registers.chain(buffer).collect::<Vec<_>>().join("  "));
    lines
}
