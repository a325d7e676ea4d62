//! What is where on the screen: for drawing, and for the mouse.

use ratatui::layout::{Constraint, Layout, Position, Rect};

use super::app::App;
use super::panel::shared;

/// The smallest screen that can be used.
pub(super) const LEAST: (u16, u16) = (40, 12);

/// The smallest for frames around panels; below it threads have a line each.
const ROOMY: (u16, u16) = (72, 20);

/// From this height on there are always two lines for what is said.
const TALL: u16 = 16;

/// The least width of a thread's panel.
const LEAST_COLUMN: u16 = 26;

/// The parts of the screen.
#[derive(Debug)]
pub(super) struct Areas {
    /// Whether panels have frames.
    pub(super) roomy: bool,
    /// What is played.
    pub(super) title: Rect,
    /// The goal.
    pub(super) goal: Rect,
    /// The threads that are shown, each with its place.
    pub(super) threads: Vec<(usize, Rect)>,
    /// Variables and locks.
    pub(super) shared: Rect,
    /// What was played.
    pub(super) history: Rect,
    /// What can still come of it.
    pub(super) totals: Rect,
    /// What is said.
    pub(super) message: Rect,
    /// The keys.
    pub(super) footer: Rect,
}

impl Areas {
    /// The parts of a screen of this size; `None` if it is too small.
    pub(super) fn new(screen: Rect, app: &App<'_>) -> Option<Self> {
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
        // The second line is for what needs it, where rows are dear.
        let text = app.message.as_ref().map_or("", |(_, text)| text);
        let long = textwrap::wrap(text, usize::from(screen.width)).len() > 1;
        let said = 1 + u16::from(long || screen.height >= TALL);
        let lines = shown(app, most);
        // Two lines on the smallest screen, one more for every two that there are more.
        let most = 2 + (screen.height - LEAST.1) / 2;
        let shared = shared::packed(app.game.machine(), screen.width, most).len();
        let shared = u16::try_from(shared).unwrap_or(most);
        // There are at most so many as there are rows.
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

    /// The thread whose panel is there.
    pub(super) fn thread_at(&self, place: Position) -> Option<usize> {
        let found = self.threads.iter().find(|(_, area)| area.contains(place));
        found.map(|(thread, _)| *thread)
    }
}

/// The threads that are shown where there is room for so many: those around the chosen one.
fn shown(app: &App<'_>, room: usize) -> Vec<usize> {
    let threads = app.game.system().threads();
    let room = room.clamp(1, threads);
    let first = app.chosen.saturating_sub(room / 2).min(threads - room);
    (first..first + room).collect()
}

/// The height of a thread's panel: its program, its registers, what it waits for, the frame.
fn wanted_height(app: &App<'_>) -> u16 {
    let programs = app.game.system().programs().iter();
    let longest = programs.map(|program| program.code().len()).max();
    u16::try_from(longest.unwrap_or(0) + 4).unwrap_or(u16::MAX)
}
