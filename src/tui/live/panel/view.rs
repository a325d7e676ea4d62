//! The live screen as a whole.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span, Text};

use super::super::super::boxes::WIDEST;
use super::super::super::keys::{Binding, OVERLAY_KEYS, OverlayCommand};
use super::super::super::theme::ScreenTheme;
use super::super::app::LiveApp;
use super::super::keys::LIVE_KEYS;
use super::super::reports::LiveReport;
use super::super::words;
use super::areas::{Areas, LEAST, ROOMY};
use crate::page::grouped;
use crate::record::LiveReading;
use crate::term::Tone;

/// The greatest width of a report: as wide as reports are laid out for.
const WIDEST_REPORT: u16 = 104;

/// The notes below the keys.
const NOTES: [&str; 6] = [
    "Mouse: a click chooses a strategy, a program or a knob; the wheel turns the knob below it.",
    "Totals: + is the correct one; ! marks those that have lost updates.",
    "Behind a share stands its 95% interval; with no loss, the most that is likely.",
    "Last runs: a cell each, the newest on the right; a full cell is a correct run.",
    "Cost: the time of a whole run divided by its increments, beside the strategies looked at before.",
    "Small terminals leave out the list, the other knobs, the costs and the pace.",
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
        let (width, height, times) = (screen.width, screen.height, theme.signs.times);
        let text = format!(
            "This terminal is {width} {times} {height}; live needs {} {times} {}. Make it larger; q \
             quits.",
            LEAST.0, LEAST.1
        );
        frame.render_widget(Text::from(theme.wrapped(Tone::Plain, &text, width)), screen);
        return;
    };
    frame.render_widget(view.title(areas.title.width.into()), areas.title);
    view.panel(frame, &areas, areas.list, "strategies", |area| {
        view.list(area)
    });
    view.panel(frame, &areas, areas.knobs, "knobs (Tab)", |area| {
        view.knobs(area)
    });
    let runs = words::share(&app.reading).map_or(0, |(_, runs)| runs);
    let (title, is_race) = match app.reading {
        LiveReading::Race(_) => (format!("outcomes of {} runs", grouped(runs)), true),
        _ => (format!("totals of {} runs", grouped(runs)), false),
    };
    view.panel(frame, &areas, areas.totals, &title, |area| {
        match &app.reading {
            LiveReading::Race(record) => view.outcomes(record, area),
            LiveReading::Counting(reading) => view.totals(reading, area),
            LiveReading::Nothing | LiveReading::Failed(_) => Vec::new(),
        }
    });
    let title = if is_race { "runs" } else { "last runs" };
    view.panel(frame, &areas, areas.runs, title, |area| {
        view.runs(area, areas.big)
    });
    if areas.costs.height > 2 {
        view.panel(frame, &areas, areas.costs, "cost of an increment", |area| {
            view.costs(area)
        });
    }
    frame.render_widget(Text::from(view.message(areas.message)), areas.message);
    let mut keys = theme.footer(LIVE_KEYS.iter(), 1, areas.footer.width);
    if let Some(scrolls) = view.overlay(frame) {
        let works = |binding: &&Binding<_>| match binding.command {
            OverlayCommand::Next | OverlayCommand::Close => false,
            OverlayCommand::Accept => true,
            _ => scrolls,
        };
        keys = theme.footer(OVERLAY_KEYS.iter().filter(works), 1, areas.footer.width);
    }
    frame.render_widget(keys, areas.footer);
}

impl View<'_> {
    pub(super) fn is_roomy(self) -> bool {
        self.app.area.width >= ROOMY.0 && self.app.area.height >= ROOMY.1
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

    /// Returns a message, or else what one sees.
    fn message(self, area: Rect) -> Vec<Line<'static>> {
        let (tone, text) = match &self.app.message {
            Some((tone, text)) => (*tone, text.clone()),
            None => words::seen(self.app),
        };
        let (width, height) = (usize::from(area.width), usize::from(area.height));
        let mut lines: Vec<String> = textwrap::wrap(&text, width)
            .into_iter()
            .map(std::borrow::Cow::into_owned)
            .collect();
        if let Some(last) = height.checked_sub(1).filter(|_| lines.len() > height) {
            let rest = lines[last..].join(" ");
            lines.truncate(last);
            lines.push(rest);
        }
        let lines = lines.iter();
        lines
            .map(|line| self.theme.line(tone, line, width))
            .collect()
    }

    /// Draws what covers the panels. Returns whether it has lines to scroll to; `None` if nothing
    /// does.
    fn overlay(self, frame: &mut Frame<'_>) -> Option<bool> {
        let (theme, scroll) = (self.theme, &self.app.scroll);
        let screen = frame.area();
        if self.app.help {
            let width = screen.width.min(WIDEST) - 4;
            let mut lines = theme.key_lines(LIVE_KEYS, 1, width);
            let notes = NOTES.into_iter();
            lines.extend(notes.flat_map(|note| theme.wrapped(Tone::Faint, note, width)));
            return Some(theme.scrolled(frame, scroll, "Keys", WIDEST, lines));
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

    /// Draws a panel, with a frame if there is room for one.
    fn panel(
        self,
        frame: &mut Frame<'_>,
        areas: &Areas,
        area: Rect,
        title: &str,
        lines: impl FnOnce(Rect) -> Vec<Line<'static>>,
    ) {
        if areas.roomy {
            frame.render_widget(self.theme.block(title, false), area);
        }
        let inside = areas.inside(area);
        frame.render_widget(Text::from(lines(inside)), inside);
    }
}
