//! The shared variables, and the locks with their holders and waiting threads.

use ratatui::layout::Rect;
use ratatui::text::Line;

use super::super::words;
use super::view::View;
use crate::model::{Label, LockKind, Machine, Mode, Status, Wait};
use crate::page::plural;
use crate::term::Tone;

impl View<'_, '_> {
    pub(super) fn shared(self, area: Rect, roomy: bool) -> Vec<Line<'static>> {
        let machine = self.app.game.machine();
        let (width, height) = (usize::from(area.width), usize::from(area.height));
        if !roomy {
            let lines = packed(machine, area.width, area.height).into_iter();
            let lines = lines.map(|line| self.theme.line(Tone::Strong, &line, width));
            return lines.collect();
        }
        let lines = lines(machine, width).into_iter();
        let lines = lines.map(|(tone, text)| Line::from(self.theme.paint(tone, text)));
        let mut lines: Vec<_> = lines.collect();
        if lines.len() > height {
            let left_out = format!("{} more lines", lines.len() + 1 - height);
            lines.truncate(height.saturating_sub(1));
            lines.push(Line::from(self.theme.paint(Tone::Faint, left_out)));
        }
        lines
    }
}

/// Returns the variables and locks, each from a line of its own on.
pub(super) fn lines(machine: &Machine<'_>, width: usize) -> Vec<(Tone, String)> {
    let options = textwrap::Options::new(width.max(1)).subsequent_indent("  ");
    let mut lines = Vec::new();
    for (tone, texts) in [
        (Tone::Strong, variables(machine)),
        (Tone::Plain, locks(machine)),
        (Tone::Plain, queues(machine)),
        (Tone::Strong, buffers(machine)),
    ] {
        let parts = texts.iter().flat_map(|text| textwrap::wrap(text, &options));
        lines.extend(parts.map(|part| (tone, part.into_owned())));
    }
    lines
}

/// Returns the variables and locks side by side in at most `most` lines, of which the last one may
/// be too long.
pub(super) fn packed(machine: &Machine<'_>, width: u16, most: u16) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for text in [
        variables(machine),
        locks(machine),
        queues(machine),
        buffers(machine),
    ]
    .concat()
    {
        let is_last = lines.len() == usize::from(most);
        match lines.last_mut() {
            Some(line) if is_last || line.len() + 2 + text.len() <= usize::from(width) => {
                *line += "  ";
                *line += &text;
            }
            _ => lines.push(text),
        }
    }
    lines
}

/// Returns the store buffers, each with its stores from the oldest on.
fn buffers(machine: &Machine<'_>) -> Vec<String> {
    let system = machine.system();
    let buffer = |thread| {
        let stores = machine.buffered(thread).iter();
        let stores = stores.map(|&(variable, value)| {
            let name = &system.variables()[variable.index()];
            format!("{name}={}", value.cast_signed())
        });
        let stores = stores.collect::<Vec<_>>().join(", ");
        let stores = if stores.is_empty() { "empty" } else { &stores };
        format!("buffer {}: {stores}", Label(thread))
    };
    let buffers = system.actors().filter(|actor| actor.is_buffer());
    buffers.map(|actor| buffer(actor.thread())).collect()
}

/// Returns the variables with their values; the elements of an array side by side.
fn variables(machine: &Machine<'_>) -> Vec<String> {
    let named = machine.system().named_variables();
    let mut texts: Vec<String> = Vec::new();
    let mut array = "";
    for (name, variable) in named {
        let value = machine.variable(variable).cast_signed();
        let element = name.split_once('[').filter(|_| name.ends_with(']'));
        match (element, texts.last_mut()) {
            (Some((of, _)), Some(text)) if of == array => *text += &format!(", {value}"),
            (Some((of, _)), _) => texts.push(format!("{of} = {value}")),
            (None, _) => texts.push(format!("{name} = {value}")),
        }
        array = element.map_or("", |(of, _)| of);
    }
    texts
}

/// Returns what follows an object that threads wait for.
fn waiting(machine: &Machine<'_>, for_it: impl Fn(Wait) -> bool) -> String {
    let waits = |thread: &usize| match machine.status(*thread) {
        Status::Blocked(wait) => for_it(wait),
        _ => false,
    };
    let waiting: Vec<_> = (0..machine.system().threads()).filter(waits).collect();
    match waiting.len() {
        0 => String::new(),
        1 => format!("; {} waits", words::labels(waiting)),
        _ => format!("; {} wait", words::labels(waiting)),
    }
}

fn locks(machine: &Machine<'_>) -> Vec<String> {
    let system = machine.system();
    let named = system.named_locks().zip(system.lock_kinds());
    let lines = named.map(|((name, lock), kind)| {
        let holders = machine.holders(lock);
        let who = words::labels(holders.iter().map(|(thread, _)| *thread));
        let held = match (kind, holders.first()) {
            (LockKind::Semaphore { .. }, _) => plural(machine.permits(lock).into(), "permit"),
            (_, None) => "free".into(),
            (_, Some((_, Mode::Shared))) => format!("read by {who}"),
            (_, Some((_, Mode::Exclusive | Mode::Permit))) => format!("held by {who}"),
        };
        let wants = |wait| matches!(wait, Wait::Lock { lock: wanted, .. } if wanted == lock);
        format!("{name}: {held}{}", waiting(machine, wants))
    });
    lines.collect()
}

/// Returns the conditions and barriers, each with its number of threads, and those that were not
/// called yet.
fn queues(machine: &Machine<'_>) -> Vec<String> {
    let named = machine.system().named_queues();
    let lines = named.map(|(name, queue)| {
        let wants = |wait| matches!(wait, Wait::Queue { queue: wanted } if wanted == queue);
        let inside = match machine.queued(queue) {
            0 => "empty".into(),
            // Threads that were called are inside until they move.
            threads => format!("{threads} in it"),
        };
        format!("{name}: {inside}{}", waiting(machine, wants))
    });
    lines.collect()
}
