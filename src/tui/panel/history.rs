//! The history, the last step at the bottom.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::Paragraph;

use super::super::app::App;
use super::super::theme::ScreenTheme;
use super::super::words;
use crate::model::{Effect, Label, Scene, System, Told};
use crate::page::{grouped, plural};
use crate::term::Tone;

pub(super) fn draw(
    frame: &mut Frame<'_>,
    area: Rect,
    app: &App<'_>,
    theme: &ScreenTheme,
    roomy: bool,
) {
    let inner = if roomy {
        theme.framed(frame, area, "history")
    } else {
        area
    };
    let height = usize::from(inner.height);
    let mut lines: Vec<Line<'_>> = Vec::new();
    for scene in app.game.scenes() {
        if lines.len() >= height {
            break;
        }
        let width = usize::from(inner.width);
        backwards(app.game.system(), scene, theme, width, &mut lines);
    }
    lines.truncate(height);
    if lines.is_empty() {
        lines.push(Line::from(theme.paint(Tone::Faint, "nothing yet")));
    }
    lines.reverse();
    frame.render_widget(Paragraph::new(lines), inner);
}

/// Adds the steps of a scene, the last one first.
fn backwards(
    system: &System,
    scene: &Scene,
    theme: &ScreenTheme,
    width: usize,
    to: &mut Vec<Line<'static>>,
) {
    let line = |told: &Told| {
        let (tone, sign) = match told.overwrites {
            0 => (Tone::Plain, ' '),
            _ => (Tone::Lost, '!'),
        };
        let head = format!(
            "{:>2}{sign}{} {}",
            told.number,
            Label(told.thread),
            told.text
        );
        let [value, lost] = words::effect(told);
        let whole = format!("{head}{value}{lost}");
        let text = if whole.chars().count() <= width {
            whole
        } else if let Effect::Read { variable, value } = told.effect {
            // The variable matters more than the register.
            let name = &system.variables()[variable.index()];
            let label = Label(told.thread);
            let text = format!("{:>2}{sign}{label} {name}: {value}", told.number);
            theme.cut(&text, width)
        } else {
            // The value matters more than the end of a long instruction.
            theme.cut(&head, width.saturating_sub(value.len())) + &value
        };
        Line::from(theme.paint(tone, text))
    };
    to.extend(scene.last.iter().rev().map(line));
    if scene.skipped > 0 {
        let lost = match scene.skipped_overwrites {
            0 => String::new(),
            some => format!(", overwriting {}", grouped(some)),
        };
        let text = format!(
            "   {} ({}{lost})",
            Label(scene.thread),
            plural(scene.skipped, "more step")
        );
        to.push(Line::from(
            theme.paint(Tone::Faint, theme.cut(&text, width)),
        ));
    }
    to.extend(scene.first.iter().rev().map(line));
}
