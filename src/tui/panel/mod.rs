//! What is drawn: one file a panel.

mod bars;
mod ends;
mod history;
mod overlay;
pub(super) mod shared;
mod threads;
mod totals;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::widgets::Paragraph;

use super::app::App;
use super::areas::{Areas, LEAST};
use super::look::Look;
use super::state::Overlay;
use crate::term::Tone;

/// Draws everything.
pub fn draw(frame: &mut Frame<'_>, app: &App<'_>, look: &Look) {
    let screen = frame.area();
    let Some(areas) = Areas::new(screen, app) else {
        let (width, height) = LEAST;
        let text = format!(
            "This terminal is {} {} {}; step needs {width} {} {height}. Make it larger; q quits.",
            screen.width, look.signs.times, screen.height, look.signs.times
        );
        let lines = look.wrapped(Tone::Plain, &text, screen.width);
        frame.render_widget(Paragraph::new(lines), screen);
        return;
    };
    bars::title(frame, &areas, app, look);
    bars::goal(frame, areas.goal, app, look);
    for &(thread, area) in &areas.threads {
        threads::draw(frame, area, app, look, thread, areas.roomy);
    }
    shared::draw(frame, areas.shared, app, look, areas.roomy);
    history::draw(frame, areas.history, app, look, areas.roomy);
    totals::draw(frame, areas.totals, app, look, areas.roomy);
    bars::message(frame, areas.message, app, look);
    match &app.overlay {
        None => bars::footer(frame, areas.footer, app, look),
        Some(overlay) => {
            let scrolls = overlay::draw(frame, screen, app, look, overlay);
            bars::answers(frame, areas.footer, app, look, overlay, scrolls);
        }
    }
}

/// The line of the open menu that is there.
pub(super) fn menu_line_at(screen: Rect, app: &App<'_>, place: Position) -> Option<usize> {
    match &app.overlay {
        Some(Overlay::Menu(menu)) => overlay::line_at(screen, menu, place),
        _ => None,
    }
}
