//! The shared variables, and the locks with their holders and waiting threads.

use ratatui::layout::Rect;
use ratatui::text::Line;

use super::super::words;
use super::view::View;
use crate::model::{Machine, Mode, Status, Wait};
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
        let options = textwrap::Options::new(width.max(1)).subsequent_indent("  ");
        let mut lines = Vec::new();
        for (tone, texts) in [
            (Tone::Strong, variables(machine)),
            (Tone::Plain, locks(machine)),
        ] {
            for part in texts.iter().flat_map(|text| textwrap::wrap(text, &options)) {
                lines.push(Line::from(self.theme.paint(tone, part)));
            }
        }
        if lines.len() > height {
            let left_out = format!("{} more lines", lines.len() + 1 - height);
            lines.truncate(height.saturating_sub(1));
            lines.push(Line::from(self.theme.paint(Tone::Faint, left_out)));
        }
        lines
    }
}

/// Returns the variables and locks side by side in at most `most` lines, of which the last one may
/// be too long.
pub(super) fn packed(machine: &Machine<'_>, width: u16, most: u16) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for text in variables(machine).into_iter().chain(locks(machine)) {
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

fn variables(machine: &Machine<'_>) -> Vec<String> {
    let named = machine.system().named_variables();
    named
        .map(|(name, variable)| format!("{name} = {}", machine.variable(variable)))
        .collect()
}

fn locks(machine: &Machine<'_>) -> Vec<String> {
    let named = machine.system().named_locks();
    let lines = named.map(|(name, lock)| {
        let holders = machine.holders(lock);
        let who = words::labels(holders.iter().map(|(thread, _)| *thread));
        let held = match holders.first() {
            None => "free".into(),
            Some((_, Mode::Shared)) => format!("read by {who}"),
            Some((_, Mode::Exclusive | Mode::Permit)) => format!("held by {who}"),
        };
        let waits = |thread: &usize| match machine.status(*thread) {
            Status::Blocked(Wait::Lock { lock: wanted, .. }) => wanted == lock,
            _ => false,
        };
        let waiting: Vec<_> = (0..machine.system().threads()).filter(waits).collect();
        let wait = match waiting.len() {
            0 => return format!("{name}: {held}"),
            1 => "waits",
            _ => "wait",
        };
        format!("{name}: {held}; {} {wait}", words::labels(waiting))
    });
    lines.collect()
}
