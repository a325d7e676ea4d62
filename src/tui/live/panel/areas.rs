//! The areas of the live screen, for drawing and for the mouse.

use ratatui::layout::Constraint::{Fill, Length};
use ratatui::layout::{Layout, Position, Rect};

use super::super::super::boxes::{LEAST, inside, roomy};
use super::super::app::LiveApp;
use super::super::digits::HEIGHT;
use super::list;
use crate::plan::LiveSubject;

/// The smallest screen on which digits are big by themselves.
const PRESENTATION: (u16, u16) = (130, 40);

/// The width of list and knobs.
const LEFT: u16 = 27;

/// The areas of the screen; on a small screen `list` and `knobs` are a line each and `costs` is empty.
#[derive(Debug)]
pub(in super::super) struct Areas {
    /// Whether panels have frames.
    pub(super) roomy: bool,
    /// Whether the share is shown in big digits.
    pub(super) big: bool,
    pub(super) title: Rect,
    pub(super) list: Rect,
    pub(super) knobs: Rect,
    /// Totals, or outcomes of a program.
    pub(super) totals: Rect,
    pub(super) runs: Rect,
    pub(super) costs: Rect,
    pub(super) message: Rect,
    pub(super) footer: Rect,
}

impl Areas {
    /// Divides a screen of this size; returns `None` if it is too small.
    pub(in super::super) fn new(screen: Rect, app: &LiveApp) -> Option<Self> {
        let Rect { width, height, .. } = screen;
        let roomy = roomy(screen)?;
        let is_large = width >= PRESENTATION.0 && height >= PRESENTATION.1;
        let big = app.big.unwrap_or(is_large) && roomy;
        let knob_count = u16::try_from(app.plan.knobs().len()).unwrap_or(u16::MAX);
        if !roomy {
            // The message has two lines where there is one to spare.
            let lines = 1 + u16::from(height > LEAST.1);
            let rows = [1, 1, 1]
                .map(Length)
                .into_iter()
                .chain([Fill(1), Length(2)]);
            let rows = rows.chain([Length(1 + lines), Length(1)]);
            let [title, list, knobs, totals, runs, message, footer] =
                Layout::vertical(rows).areas(screen);
            return Some(Self {
                roomy,
                big,
                title,
                list,
                knobs,
                totals,
                runs,
                costs: Rect::default(),
                message,
                footer,
            });
        }
        let rows = [Length(1), Fill(1), Length(2), Length(1)];
        let [title, body, message, footer] = Layout::vertical(rows).areas(screen);
        let [left, right] = Layout::horizontal([Length(LEFT), Fill(1)]).areas(body);
        let knobs = (knob_count + 2).min(left.height / 2);
        let [list, knobs] = Layout::vertical([Fill(1), Length(knobs)]).areas(left);
        let runs = if big { HEIGHT + 5 } else { 5 };
        let looked = u16::try_from(app.strategies_looked().count()).unwrap_or(u16::MAX);
        let costs = match app.plan.subject {
            LiveSubject::Strategy(_) => {
                (looked.max(1) + 2).min(right.height.saturating_sub(runs) / 2)
            }
            LiveSubject::Program(_) => 0,
        };
        let rows = [Fill(1), Length(runs), Length(costs)];
        let [totals, runs, costs] = Layout::vertical(rows).areas(right);
        Some(Self {
            roomy,
            big,
            title,
            list,
            knobs,
            totals,
            runs,
            costs,
            message,
            footer,
        })
    }

    /// Returns the place of the knob at a place of the screen.
    pub(in super::super) fn knob_at(&self, place: Position, app: &LiveApp) -> Option<usize> {
        let area = inside(self.knobs, self.roomy);
        if !area.contains(place) {
            return None;
        }
        if !self.roomy {
            return Some(app.knob);
        }
        let knobs = app.plan.knobs().len();
        let knob = first(app.knob, knobs, area.height) + usize::from(place.y - area.y);
        (knob < knobs).then_some(knob)
    }

    /// Returns the place of the list's item at a place of the screen.
    pub(in super::super) fn item_at(&self, place: Position, app: &LiveApp) -> Option<usize> {
        let area = inside(self.list, self.roomy);
        if !self.roomy || !area.contains(place) {
            return None;
        }
        let lines = list::lines(app);
        let at = lines
            .iter()
            .position(|line| *line == Some(app.at))
            .unwrap_or(0);
        let line = first(at, lines.len(), area.height) + usize::from(place.y - area.y);
        lines.get(line).copied().flatten()
    }
}

/// Returns the first of `lines` lines that is shown in this height, so that the line `at` is.
pub(super) fn first(at: usize, lines: usize, height: u16) -> usize {
    let height = usize::from(height);
    at.saturating_sub(height / 2)
        .min(lines.saturating_sub(height))
}
