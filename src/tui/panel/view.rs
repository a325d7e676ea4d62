//! The screen as a whole.

use ratatui::Frame;

use super::super::app::App;
use super::super::overlay::Overlay;
use super::super::theme::ScreenTheme;
use super::areas::Areas;

/// An app and its theme. Each panel is a method in a file of its own.
#[derive(Clone, Copy, Debug)]
pub(super) struct View<'a, 's> {
    pub(super) app: &'a App<'s>,
    pub(super) theme: &'a ScreenTheme,
}

/// Draws the screen.
pub fn draw(frame: &mut Frame<'_>, app: &App<'_>, theme: &ScreenTheme) {
    let view = View { app, theme };
    let screen = frame.area();
    let Some(areas) = Areas::new(screen, app) else {
        return theme.too_small(frame, "step");
    };
    let roomy = areas.roomy;
    frame.render_widget(view.title(&areas), areas.title);
    frame.render_widget(view.goal(areas.goal.width.into()), areas.goal);
    for &(thread, area) in &areas.threads {
        if roomy {
            view.thread(frame, area, thread);
        } else {
            frame.render_widget(view.brief_thread(thread, area.width.into()), area);
        }
    }
    let shared = |inner| view.shared(inner, roomy);
    theme.panel(frame, areas.shared, roomy, "shared", shared);
    theme.panel(frame, areas.history, roomy, "history", |inner| {
        view.history(inner)
    });
    let totals = |inner| view.totals(inner, roomy);
    theme.panel(frame, areas.totals, roomy, &view.totals_title(), totals);
    if let Some((tone, text)) = &app.message {
        theme.message(frame, areas.message, *tone, text);
    }
    let keys = match &app.overlay {
        None => view.footer(areas.footer.width),
        Some(overlay) => {
            let scrolls = view.overlay(frame, overlay);
            let is_menu = matches!(overlay, Overlay::Menu(_));
            let puzzle = app.info.puzzle.as_ref();
            let has_next = puzzle.is_some_and(|puzzle| puzzle.has_next);
            let has_next = has_next && matches!(overlay, Overlay::Solved(_));
            theme.overlay_footer(areas.footer.width, [is_menu, scrolls, has_next])
        }
    };
    frame.render_widget(keys, areas.footer);
}
