//! What the threads share: variables, and locks with who holds them and who waits.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::Paragraph;

use super::super::app::App;
use super::super::look::Look;
use crate::model::{Label, Machine, Mode, Status, Wait};
use crate::term::Tone;

pub(super) fn draw(frame: &mut Frame<'_>, area: Rect, app: &App<'_>, look: &Look, roomy: bool) {
    let machine = app.game.machine();
    if !roomy {
        let lines = packed(machine, area.width, area.height).into_iter();
        let lines = lines.map(|line| look.cut(&line, usize::from(area.width)));
        let lines = lines.map(|line| Line::from(look.paint(Tone::Strong, line)));
        frame.render_widget(Paragraph::new(lines.collect::<Vec<_>>()), area);
        return;
    }
    let inner = look.framed(frame, area, "shared", false);
    let width = usize::from(inner.width);
    let lines = variables(machine)
        .into_iter()
        .map(|text| (Tone::Strong, text));
    let locks = locks(machine).into_iter().map(|text| (Tone::Plain, text));
    let mut shown: Vec<Line<'_>> = Vec::new();
    for (tone, text) in lines.chain(locks) {
        let options = textwrap::Options::new(width.max(1)).subsequent_indent("  ");
        for part in textwrap::wrap(&text, options) {
            shown.push(Line::from(look.paint(tone, part.into_owned())));
        }
    }
    let height = usize::from(inner.height);
    if shown.len() > height {
        let left_out = shown.len() + 1 - height;
        shown.truncate(height.saturating_sub(1));
        shown.push(Line::from(
            look.paint(Tone::Faint, format!("{left_out} more lines")),
        ));
    }
    frame.render_widget(Paragraph::new(shown), inner);
}

/// Variables and locks side by side, in as many lines as it takes, but not more than so many; what
/// does not fit is at the end of the last.
pub(in super::super) fn packed(machine: &Machine<'_>, width: u16, most: u16) -> Vec<String> {
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
            let labels = |threads: &[usize]| {
                let labels: Vec<_> = threads.iter().map(|t| Label(*t).to_string()).collect();
                labels.join(", ")
            };
            let who: Vec<_> = holders.iter().map(|(thread, _)| *thread).collect();
            let mut text = match holders.first() {
                None => format!("{name}: free"),
                Some((_, Mode::Shared)) => format!("{name}: read by {}", labels(&who)),
                Some((_, Mode::Exclusive)) => format!("{name}: held by {}", labels(&who)),
            };
            let waiting: Vec<_> = waiting(lock.index()).collect();
            match waiting.as_slice() {
                [] => {}
                [one] => text += &format!("; {} waits", Label(*one)),
                more => text += &format!("; {} wait", labels(more)),
            }
            text
        })
        .collect()
}
