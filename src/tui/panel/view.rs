//! The screen as a whole.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Text};

use super::super::app::App;
use super::super::theme::ScreenTheme;
use super::areas::{Areas, LEAST};
use crate::term::Tone;

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
        frame.render_widget(Text::from(view.too_small(screen)), screen);
        return;
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
    view.panel(frame, areas.shared, roomy, "shared", shared);
    view.panel(frame, areas.history, roomy, "history", |inner| {
        view.history(inner)
    });
    let totals = |inner| view.totals(inner, roomy);
    view.panel(frame, areas.totals, roomy, &view.totals_title(), totals);
    frame.render_widget(Text::from(view.message(areas.message)), areas.message);
    let keys = match &app.overlay {
        None => view.footer(areas.footer.width),
        Some(overlay) => {
            let scrolls = view.overlay(frame, overlay);
            view.overlay_footer(areas.footer.width, overlay, scrolls)
        }
    };
    frame.render_widget(keys, areas.footer);
}

impl View<'_, '_> {
    fn too_small(self, screen: Rect) -> Vec<Line<'static>> {
        let Rect { width, height, .. } = screen;
        let (times, least) = (self.theme.signs.times, LEAST);
        let text = format!(
            "This terminal is {width} {times} {height}; step needs {} {times} {}. Make it larger; \
             q quits.",
            least.0, least.1
        );
        self.theme.wrapped(Tone::Plain, &text, width)
    }

    /// Draws a panel, with a frame if there is room for one.
    fn panel(
        self,
        frame: &mut Frame<'_>,
        area: Rect,
        roomy: bool,
        title: &str,
        lines: impl FnOnce(Rect) -> Vec<Line<'static>>,
    ) {
        let mut inner = area;
        if roomy {
            let block = self.theme.block(title, false);
            inner = block.inner(area);
            frame.render_widget(block, area);
        }
        frame.render_widget(Text::from(lines(inner)), inner);
    }
}
