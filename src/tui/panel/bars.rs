//! The lines above and below the panels.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::super::app::App;
use super::super::keys::{Binding, KEYS, OVERLAY_KEYS, OverlayCommand};
use super::super::overlay::Overlay;
use super::super::theme::ScreenTheme;
use super::super::words;
use super::areas::Areas;
use crate::model::Label;
use crate::page::grouped;
use crate::term::Tone;

pub(super) fn title(frame: &mut Frame<'_>, areas: &Areas, app: &App<'_>, theme: &ScreenTheme) {
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
    let before = app.info.puzzle.and_then(|puzzle| puzzle.before);
    let stars = before.map_or_else(String::new, |score| {
        format!("  {}", theme.stars(score.stars))
    });
    let room = room.saturating_sub(stars.chars().count() + behind.len());
    let line = Line::from(vec![
        theme.paint(Tone::Strong, theme.cut(&app.info.title, room) + &behind),
        theme.paint(Tone::Good, stars),
    ]);
    frame.render_widget(line, area);
}

pub(super) fn goal(frame: &mut Frame<'_>, area: Rect, app: &App<'_>, theme: &ScreenTheme) {
    let game = &app.game;
    let (tone, texts) = if let (Some(status), Some(goal)) = (game.goal_status(), game.goal()) {
        words::goal_status(status, &words::goal(goal), game.par(), game.switches())
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
    let text = theme.cut(fits.unwrap_or(&texts[1]), width);
    frame.render_widget(Line::from(theme.paint(tone, text)), area);
}

pub(super) fn message(frame: &mut Frame<'_>, area: Rect, app: &App<'_>, theme: &ScreenTheme) {
    let Some((tone, text)) = &app.message else {
        return;
    };
    let (width, height) = (usize::from(area.width), usize::from(area.height));
    let mut lines = textwrap::wrap(text, width);
    if let Some(last) = height.checked_sub(1).filter(|_| lines.len() > height) {
        // The last line shows that there is more.
        let rest = lines[last..].join(" ");
        lines.truncate(last);
        lines.push(theme.cut(&rest, width).into());
    }
    let style = theme.style(*tone);
    let lines = lines
        .into_iter()
        .map(|line| Line::styled(line.into_owned(), style));
    frame.render_widget(Paragraph::new(lines.collect::<Vec<_>>()), area);
}

/// Draws as many keys as there is room for, and always the last two, help and quit.
pub(super) fn footer(frame: &mut Frame<'_>, area: Rect, app: &App<'_>, theme: &ScreenTheme) {
    let threads = app.game.system().threads();
    let keys = KEYS.iter().filter_map(|binding| brief(binding, threads));
    draw_keys(frame, area, theme, keys.collect());
}

/// Draws the keys of an overlay; `scrolls` says whether it has lines to scroll to or to select.
pub(super) fn overlay_keys(
    frame: &mut Frame<'_>,
    area: Rect,
    app: &App<'_>,
    theme: &ScreenTheme,
    overlay: &Overlay,
    scrolls: bool,
) {
    let has_next = app.info.puzzle.is_some_and(|puzzle| puzzle.has_next);
    let works = |command| match command {
        OverlayCommand::Next => has_next && matches!(overlay, Overlay::Solved(_)),
        // Without a menu it does the same as Accept.
        OverlayCommand::Close => matches!(overlay, Overlay::Menu(_)),
        OverlayCommand::Accept | OverlayCommand::Suspend | OverlayCommand::Interrupt => true,
        _ => scrolls,
    };
    let keys = OVERLAY_KEYS.iter().filter(|binding| works(binding.command));
    let keys = keys.filter_map(|binding| brief(binding, 1));
    draw_keys(frame, area, theme, keys.collect());
}

/// Returns the first key of a binding, and its word for the footer.
fn brief<C>(binding: &Binding<C>, threads: usize) -> Option<(String, &'static str)> {
    let first = binding.keys.first()?;
    (!binding.brief.is_empty()).then(|| (first.shown(threads), binding.brief))
}

fn draw_keys(frame: &mut Frame<'_>, area: Rect, theme: &ScreenTheme, mut all: Vec<(String, &str)>) {
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
        spans.push(theme.paint(Tone::Strong, shown));
        spans.push(format!(" {brief}").into());
    }
    frame.render_widget(Line::from(spans), area);
}
