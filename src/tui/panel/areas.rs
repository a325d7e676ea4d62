//! The areas of the screen, for drawing and for the mouse.

use ratatui::layout::{Constraint, Layout, Position, Rect};

use super::super::app::App;
use super::shared;

/// The smallest screen that can be used.
pub(super) const LEAST: (u16, u16) = (40, 12);

/// The smallest screen with frames around panels; on smaller ones each thread has one line.
const ROOMY: (u16, u16) = (72, 20);

/// The least height at which the message always has two lines.
const TALL: u16 = 16;

/// The least width of a thread's panel.
const LEAST_COLUMN: u16 = 26;

/// The areas of the screen.
#[derive(Debug)]
pub(in super::super) struct Areas {
    /// Whether panels have frames.
    pub(super) roomy: bool,
    pub(super) title: Rect,
    pub(super) goal: Rect,
    /// The threads that are shown, each with its area.
    pub(super) threads: Vec<(usize, Rect)>,
    /// Variables and locks.
    pub(super) shared: Rect,
    pub(super) history: Rect,
    /// The totals that are still reachable.
    pub(super) totals: Rect,
    pub(super) message: Rect,
    pub(super) footer: Rect,
}

impl Areas {
    /// Divides a screen of this size; returns `None` if it is too small.
    pub(in super::super) fn new(screen: Rect, app: &App<'_>) -> Option<Self> {
        if screen.width < LEAST.0 || screen.height < LEAST.1 {
            return None;
        }
        let roomy = screen.width >= ROOMY.0 && screen.height >= ROOMY.1;
        Some(if roomy {
            Self::roomy(screen, app)
        } else {
            Self::tight(screen, app)
        })
    }

    fn roomy(screen: Rect, app: &App<'_>) -> Self {
        let body = screen.height - 5;
        let wanted = wanted_height(app).min(body * 11 / 20);
        let [title, goal, threads, below, message, footer] = Layout::vertical([
            Constraint::Length(1),
            Constraint::Length(1),
            Constraint::Length(wanted),
            Constraint::Fill(1),
            Constraint::Length(2),
            Constraint::Length(1),
        ])
        .areas(screen);
        let spare = screen.width.saturating_sub(80);
        let [shared, history, totals] = Layout::horizontal([
            Constraint::Length(16 + spare / 6),
            Constraint::Fill(1),
            Constraint::Length(34 + spare / 4),
        ])
        .areas(below);
        let columns = shown(app, usize::from(threads.width / LEAST_COLUMN));
        let places = Layout::horizontal(columns.iter().map(|_| Constraint::Fill(1))).split(threads);
        Self {
            roomy: true,
            title,
            goal,
            threads: columns.into_iter().zip(places.iter().copied()).collect(),
            shared,
            history,
            totals,
            message,
            footer,
        }
    }

    fn tight(screen: Rect, app: &App<'_>) -> Self {
        let most = usize::from((screen.height - 5) / 2);
        // Where rows are scarce, only a long message has a second line.
        let text = app.message.as_ref().map_or("", |(_, text)| text);
        let long = textwrap::wrap(text, usize::from(screen.width)).len() > 1;
        let said = 1 + u16::from(long || screen.height >= TALL);
        let lines = shown(app, most);
        // Two lines on the smallest screen, and one more for every two rows more.
        let most = 2 + (screen.height - LEAST.1) / 2;
        let shared = shared::packed(app.game.machine(), screen.width, most).len();
        let shared = u16::try_from(shared).unwrap_or(most);
        // There are not more lines than rows.
        let height = u16::try_from(lines.len()).unwrap_or(0);
        let [title, goal, threads, shared, below, message, footer] = Layout::vertical([
            Constraint::Length(1),
            Constraint::Length(1),
            Constraint::Length(height),
            Constraint::Length(shared),
            Constraint::Fill(1),
            Constraint::Length(said),
            Constraint::Length(1),
        ])
        .areas(screen);
        let halves = [Constraint::Fill(1), Constraint::Length(screen.width / 2)];
        let [totals, history] = Layout::horizontal(halves).spacing(1).areas(below);
        Self {
            roomy: false,
            title,
            goal,
            threads: lines.into_iter().zip(threads.rows()).collect(),
            shared,
            history,
            totals,
            message,
            footer,
        }
    }

    /// Returns the thread whose panel is at a place.
    pub(in super::super) fn thread_at(&self, place: Position) -> Option<usize> {
        let found = self.threads.iter().find(|(_, area)| area.contains(place));
        found.map(|(thread, _)| *thread)
    }
}

/// Returns the threads to show if there is room for `room` of them: those around the selected one.
fn shown(app: &App<'_>, room: usize) -> Vec<usize> {
    let threads = app.game.system().threads();
    let room = room.clamp(1, threads);
    let first = app.selected.saturating_sub(room / 2).min(threads - room);
    (first..first + room).collect()
}

/// Returns the height of a thread's panel: the program, the registers, the wait, the frame.
fn wanted_height(app: &App<'_>) -> u16 {
    let programs = app.game.system().programs().iter();
    let longest = programs.map(|program| program.code().len()).max();
    u16::try_from(longest.unwrap_or(0) + 4).unwrap_or(u16::MAX)
}
