//! The lines above and below the panels.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::super::app::App;
use super::super::areas::Areas;
use super::super::keys::{Answer, Binding, KEYS, MENU_KEYS};
use super::super::look::Look;
use super::super::state::Overlay;
use super::super::words;
use crate::model::Label;
use crate::page::grouped;
use crate::term::Tone;

pub(super) fn title(frame: &mut Frame<'_>, areas: &Areas, app: &App<'_>, look: &Look) {
    let (area, shown) = (areas.title, &areas.threads);
    let mut behind = String::new();
    if let (Some((first, _)), Some((last, _))) = (shown.first(), shown.last())
        && shown.len() < app.game.system().threads()
    {
        behind += &format!(" ({} to {} shown)", Label(*first), Label(*last));
    }
    if app.folded {
        behind += " (folded)";
    }
    let room = usize::from(area.width);
    let before = app.about.puzzle.and_then(|puzzle| puzzle.before);
    let stars = before.map_or_else(String::new, |solved| {
        format!("  {}", look.stars(solved.stars))
    });
    let room = room.saturating_sub(stars.chars().count() + behind.len());
    let line = Line::from(vec![
        look.paint(Tone::Strong, look.cut(&app.about.title, room) + &behind),
        look.paint(Tone::Good, stars),
    ]);
    frame.render_widget(line, area);
}

pub(super) fn goal(frame: &mut Frame<'_>, area: Rect, app: &App<'_>, look: &Look) {
    let game = &app.game;
    let (tone, texts) = if let (Some(standing), Some(goal)) = (game.standing(), game.goal()) {
        words::standing(standing, &words::goal(goal), game.par(), game.switches())
    } else {
        let (steps, switches) = (grouped(game.steps()), grouped(game.switches()));
        let counted = format!("Steps {steps}, switches {switches}.");
        (
            Tone::Faint,
            [format!("No goal yet (g). {counted}"), counted],
        )
    };
    let width = usize::from(area.width);
    let fits = texts.iter().find(|text| text.chars().count() <= width);
    let text = look.cut(fits.unwrap_or(&texts[1]), width);
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
    let threads = app.game.system().threads();
    let keys = KEYS.iter().filter_map(|binding| briefly(binding, threads));
    named(frame, area, look, keys.collect());
}

/// The keys that do something to what lies over the panels; `scrolls`: it has more lines than are
/// shown, or lines to choose from.
pub(super) fn answers(
    frame: &mut Frame<'_>,
    area: Rect,
    app: &App<'_>,
    look: &Look,
    overlay: &Overlay,
    scrolls: bool,
) {
    let has_next = app.about.puzzle.is_some_and(|puzzle| puzzle.has_next);
    let works = |answer| match answer {
        Answer::Up
        | Answer::Down
        | Answer::PageUp
        | Answer::PageDown
        | Answer::First
        | Answer::Last => scrolls,
        Answer::Next => has_next && matches!(overlay, Overlay::Solved(_)),
        // Elsewhere it does what Accept does.
        Answer::Close => matches!(overlay, Overlay::Menu(_)),
        Answer::Accept | Answer::Suspend | Answer::Interrupt => true,
    };
    let keys = MENU_KEYS.iter().filter(|binding| works(binding.command));
    named(
        frame,
        area,
        look,
        keys.filter_map(|b| briefly(b, 1)).collect(),
    );
}

/// Of several keys the first, and what it does.
fn briefly<C>(binding: &Binding<C>, threads: usize) -> Option<(String, &'static str)> {
    let first = binding.strokes.first()?;
    (!binding.brief.is_empty()).then(|| (first.shown(threads), binding.brief))
}

fn named(frame: &mut Frame<'_>, area: Rect, look: &Look, mut all: Vec<(String, &str)>) {
    let width = |all: &[(String, &str)]| {
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
