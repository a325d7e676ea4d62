//! The panels, one file each.

mod areas;
mod bars;
mod ends;
mod history;
mod overlay;
mod shared;
mod threads;
mod totals;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::widgets::Paragraph;

use super::app::App;
use super::overlay::Overlay;
use super::theme::ScreenTheme;
use crate::term::Tone;

pub(super) use areas::Areas;
use areas::LEAST;

/// Draws the screen.
pub fn draw(frame: &mut Frame<'_>, app: &App<'_>, theme: &ScreenTheme) {
    let screen = frame.area();
    let Some(areas) = Areas::new(screen, app) else {
        let (width, height) = LEAST;
        let text = format!(
            "This terminal is {} {} {}; step needs {width} {} {height}. Make it larger; q quits.",
            screen.width, theme.signs.times, screen.height, theme.signs.times
        );
        let lines = theme.wrapped(Tone::Plain, &text, screen.width);
        frame.render_widget(Paragraph::new(lines), screen);
        return;
    };
    bars::title(frame, &areas, app, theme);
    bars::goal(frame, areas.goal, app, theme);
    for &(thread, area) in &areas.threads {
        threads::draw(frame, area, app, theme, thread, areas.roomy);
    }
    shared::draw(frame, areas.shared, app, theme, areas.roomy);
    history::draw(frame, areas.history, app, theme, areas.roomy);
    totals::draw(frame, areas.totals, app, theme, areas.roomy);
    bars::message(frame, areas.message, app, theme);
    match &app.overlay {
        None => bars::footer(frame, areas.footer, app, theme),
        Some(overlay) => {
            let scrolls = overlay::draw(frame, screen, app, theme, overlay);
            bars::overlay_keys(frame, areas.footer, app, theme, overlay, scrolls);
        }
    }
}

/// Returns the line of the open menu at a place of the screen.
pub(super) fn menu_line_at(screen: Rect, app: &App<'_>, place: Position) -> Option<usize> {
    match &app.overlay {
        Some(Overlay::Menu(menu)) => overlay::line_at(screen, menu, place),
        _ => None,
    }
}
