//! The shared variables, and the locks with their holders and waiting threads.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::Paragraph;

use super::super::app::App;
use super::super::theme::ScreenTheme;
use super::super::words;
use crate::model::{Label, Machine, Mode, Status, Wait};
use crate::term::Tone;

pub(super) fn draw(
    frame: &mut Frame<'_>,
    area: Rect,
    app: &App<'_>,
    theme: &ScreenTheme,
    roomy: bool,
) {
    let machine = app.game.machine();
    if !roomy {
        let lines = packed(machine, area.width, area.height).into_iter();
        let lines = lines.map(|line| theme.cut(&line, usize::from(area.width)));
        let lines = lines.map(|line| Line::from(theme.paint(Tone::Strong, line)));
        frame.render_widget(Paragraph::new(lines.collect::<Vec<_>>()), area);
        return;
    }
    let inner = theme.framed(frame, area, "shared");
    let width = usize::from(inner.width);
    let lines = variables(machine)
        .into_iter()
        .map(|text| (Tone::Strong, text));
    let locks = locks(machine).into_iter().map(|text| (Tone::Plain, text));
    let mut shown: Vec<Line<'_>> = Vec::new();
    for (tone, text) in lines.chain(locks) {
        let options = textwrap::Options::new(width.max(1)).subsequent_indent("  ");
        for part in textwrap::wrap(&text, options) {
            shown.push(Line::from(theme.paint(tone, part.into_owned())));
        }
    }
    let height = usize::from(inner.height);
    if shown.len() > height {
        let left_out = shown.len() + 1 - height;
        shown.truncate(height.saturating_sub(1));
        shown.push(Line::from(
            theme.paint(Tone::Faint, format!("{left_out} more lines")),
        ));
    }
    frame.render_widget(Paragraph::new(shown), inner);
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
    let system = machine.system();
    let waiting = |index: usize| {
        let threads = 0..system.threads();
        threads.filter(move |&thread| match machine.status(thread) {
            Status::Blocked(Wait::Lock { lock, .. }) => lock.index() == index,
            _ => false,
        })
    };
    system
        .named_locks()
        .map(|(name, lock)| {
            let holders = machine.holders(lock);
            let who: Vec<_> = holders.iter().map(|(thread, _)| *thread).collect();
            let who = words::labels(&who);
            let mut text = match holders.first() {
                None => format!("{name}: free"),
                Some((_, Mode::Shared)) => format!("{name}: read by {who}"),
                Some((_, Mode::Exclusive)) => format!("{name}: held by {who}"),
            };
            let waiting: Vec<_> = waiting(lock.index()).collect();
            match waiting.as_slice() {
                [] => {}
                [one] => text += &format!("; {} waits", Label(*one)),
                more => text += &format!("; {} wait", words::labels(more)),
            }
            text
        })
        .collect()
}
