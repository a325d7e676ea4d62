//! The lines above and below the panels.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::super::app::App;
use super::super::areas::Areas;
use super::super::keys;
use super::super::keys::{Command, KEYS, MENU_KEYS};
use super::super::look::Look;
use super::super::words;
use crate::model::Label;
use crate::term::Tone;

pub(super) fn title(frame: &mut Frame<'_>, areas: &Areas, app: &App<'_>, look: &Look) {
    let (area, shown) = (areas.title, &areas.threads);
    let mut text = app.about.title.clone();
    if let (Some((first, _)), Some((last, _))) = (shown.first(), shown.last())
        && shown.len() < app.game.system().threads()
    {
        text += &format!(" ({} to {} shown)", Label(*first), Label(*last));
    }
    if app.folded {
        text += " (folded)";
    }
    let room = usize::from(area.width);
    let before = app.about.puzzle.and_then(|puzzle| puzzle.before);
    let stars = before.map_or_else(String::new, |solved| {
        format!("  {}", look.stars(solved.stars))
    });
    let text = look.cut(&text, room.saturating_sub(stars.chars().count()));
    let line = Line::from(vec![
        look.paint(Tone::Strong, text),
        look.paint(Tone::Good, stars),
    ]);
    frame.render_widget(line, area);
}

pub(super) fn goal(frame: &mut Frame<'_>, area: Rect, app: &App<'_>, look: &Look) {
    let game = &app.game;
    let (tone, text) = match (game.standing(), game.goal()) {
        (Some(standing), Some(goal)) => {
            words::standing(standing, &goal.to_string(), game.par(), game.switches())
        }
        _ => (
            Tone::Faint,
            format!(
                "No goal yet ({}). Steps {}, switches {}.",
                keys::shown(Command::Goal),
                game.steps(),
                game.switches()
            ),
        ),
    };
    let text = look.cut(&text, usize::from(area.width));
    frame.render_widget(Line::from(look.paint(tone, text)), area);
}

pub(super) fn message(frame: &mut Frame<'_>, area: Rect, app: &App<'_>, look: &Look) {
    let Some((tone, text)) = &app.message else {
        return;
    };
    let (width, height) = (usize::from(area.width), usize::from(area.height));
    let mut lines = textwrap::wrap(text, width);
    if let Some(last) = height.checked_sub(1).filter(|_| lines.len() > height) {
        // What has no room is not left out in silence.
        let rest = lines[last..].join(" ");
        lines.truncate(last);
        lines.push(look.cut(&rest, width).into());
    }
    let style = look.style(*tone);
    let lines = lines
        .into_iter()
        .map(|line| Line::styled(line.into_owned(), style));
    frame.render_widget(Paragraph::new(lines.collect::<Vec<_>>()), area);
}

/// As many keys as there is room for; the last, help and quit, always.
pub(super) fn footer(frame: &mut Frame<'_>, area: Rect, app: &App<'_>, look: &Look) {
    let table = if app.overlay.is_some() {
        MENU_KEYS
    } else {
        KEYS
    };
    let named = table.iter().filter(|binding| !binding.brief.is_empty());
    // Of several keys the first will do.
    let first = |shown: &'static str| shown.split(' ').next().unwrap_or(shown);
    let mut all: Vec<(&str, &str)> = named.map(|b| (first(b.shown), b.brief)).collect();
    let width = |all: &[(&str, &str)]| {
        let widths = all
            .iter()
            .map(|(shown, brief)| shown.len() + brief.len() + 3);
        widths.sum::<usize>().saturating_sub(2)
    };
    while width(&all) > usize::from(area.width) && all.len() > 3 {
        all.remove(all.len() - 3);
    }
    let mut spans: Vec<Span<'_>> = Vec::new();
    for (shown, brief) in all {
        if !spans.is_empty() {
            spans.push("  ".into());
        }
        spans.push(look.paint(Tone::Strong, shown));
        spans.push(format!(" {brief}").into());
    }
    frame.render_widget(Line::from(spans), area);
}
