//! The live screen as a whole.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::super::super::boxes::roomy;
use super::super::super::theme::ScreenTheme;
use super::super::app::LiveApp;
use super::super::keys::{LIVE_KEYS, LiveCommand};
use super::super::reports::LiveReport;
use super::super::words;
use super::areas::Areas;
use crate::page::grouped;
use crate::plan::LiveSubject;
use crate::record::LiveReading;
use crate::term::Tone;

/// The greatest width of a report: as wide as reports are laid out for.
const WIDEST_REPORT: u16 = 104;

/// The notes below the keys.
const NOTES: [&str; 6] = [
    "Mouse: a click chooses a strategy, a program or a knob; the wheel turns the knob below it.",
    "Totals: + is the correct one; ! marks those that have lost updates.",
    "In brackets: the 95% interval, or its upper end.",
    "Last runs: a cell each, the newest on the right; a full cell is a correct run.",
    "Cost: the time of a run divided by its increments.",
    "Small terminals show less.",
];

/// An app and its theme. Each panel is a method in a file of its own.
#[derive(Clone, Copy, Debug)]
pub(super) struct View<'a> {
    pub(super) app: &'a LiveApp,
    pub(super) theme: &'a ScreenTheme,
}

/// Returns the columns that a report has on a screen.
pub(in super::super) fn report_width(screen: Rect) -> usize {
    usize::from(screen.width.min(WIDEST_REPORT).saturating_sub(4)).max(20)
}

/// Draws the live screen.
pub fn draw(frame: &mut Frame<'_>, app: &LiveApp, theme: &ScreenTheme) {
    let view = View { app, theme };
    let screen = frame.area();
    let Some(areas) = Areas::new(screen, app) else {
        return theme.too_small(frame, "live");
    };
    let roomy = areas.roomy;
    frame.render_widget(view.title(areas.title.width.into()), areas.title);
    theme.panel(frame, areas.list, roomy, "strategies", |area| {
        view.list(area)
    });
    theme.panel(frame, areas.knobs, roomy, "knobs (Tab)", |area| {
        view.knobs(area)
    });
    let runs = words::share(&app.reading).map_or(0, |(_, runs)| runs);
    let (title, is_race) = match app.reading {
        LiveReading::Race(_) => (format!("outcomes of {} runs", grouped(runs)), true),
        _ => (format!("totals of {} runs", grouped(runs)), false),
    };
    theme.panel(frame, areas.totals, roomy, &title, |area| {
        match &app.reading {
            LiveReading::Race(record) => view.outcomes(record, area),
            LiveReading::Counting(reading) => view.totals(reading, area),
            LiveReading::Nothing | LiveReading::Failed(_) => Vec::new(),
        }
    });
    let title = if is_race { "runs" } else { "last runs" };
    theme.panel(frame, areas.runs, roomy, title, |area| {
        view.runs(area, areas.big)
    });
    if areas.costs.height > 2 {
        theme.panel(frame, areas.costs, roomy, "cost of an increment", |area| {
            view.costs(area)
        });
    }
    // A message, or else what one sees.
    let message = app.message.clone();
    let (tone, text) = message.unwrap_or_else(|| words::seen(app));
    theme.message(frame, areas.message, tone, &text);
    let is_program = matches!(app.plan.subject, LiveSubject::Program(_));
    let keys = LIVE_KEYS.iter();
    let keys = keys.filter(|key| !is_program || key.command != LiveCommand::Compare);
    let mut keys = theme.footer(keys, 1, areas.footer.width);
    if let Some(scrolls) = view.overlay(frame) {
        keys = theme.overlay_footer(areas.footer.width, [false, scrolls, false]);
    }
    frame.render_widget(keys, areas.footer);
}

impl View<'_> {
    pub(super) fn is_roomy(self) -> bool {
        roomy(self.app.area) == Some(true)
    }

    fn title(self, width: usize) -> Line<'static> {
        let state = match (&self.app.report, self.app.paused) {
            (Some(_), _) => "frozen",
            (None, true) => "paused; p goes on",
            (None, false) => "racing",
        };
        let (arguments, flags) = (self.app.plan.arguments(), self.app.plan.circumstances());
        let text = format!("miscount live {arguments}{flags}");
        let room = width.saturating_sub(state.len() + 2);
        let text = self.theme.cut(&text, room);
        Line::from(vec![
            self.theme.paint(Tone::Strong, format!("{text:<room$}  ")),
            self.theme.paint(Tone::Good, state),
        ])
    }

    /// Draws what covers the panels. Returns whether it has lines to scroll to; `None` if nothing
    /// does.
    fn overlay(self, frame: &mut Frame<'_>) -> Option<bool> {
        let (theme, scroll) = (self.theme, &self.app.scroll);
        let screen = frame.area();
        if self.app.help {
            return Some(theme.help(frame, scroll, LIVE_KEYS, 1, &NOTES));
        }
        let report = self.app.report.as_ref()?;
        let lines = self.report(report, report_width(screen));
        let title = format!("miscount {}", report.command);
        Some(theme.scrolled(frame, scroll, &title, WIDEST_REPORT, lines))
    }

    fn report(self, report: &LiveReport, width: usize) -> Vec<Line<'static>> {
        let narrow = u16::try_from(width).unwrap_or(u16::MAX);
        let mut lines = Vec::new();
        if !report.lead.is_empty() {
            lines.extend(self.theme.wrapped(Tone::Strong, &report.lead, narrow));
            lines.push(Line::default());
        }
        match &report.text {
            None => lines.push(Line::from("Working on it; Esc goes back.")),
            Some(Err(reason)) => lines.extend(self.theme.wrapped(Tone::Lost, reason, narrow)),
            Some(Ok(text)) => {
                let text = text.lines();
                lines.extend(text.map(|line| Line::from(Span::raw(self.theme.cut(line, width)))));
            }
        }
        lines
    }
}
