//! The areas of the screen, for drawing and for the mouse.

use ratatui::layout::Constraint::{Fill, Length};
use ratatui::layout::{Layout, Position, Rect};

use super::super::app::App;
use super::super::boxes::{LEAST, roomy};
use super::shared;

/// The least height at which the message always has two lines, without and with frames.
const TALL: [u16; 2] = [16, 30];

/// The lines that history, variables and ends have at least, if they have a frame.
const LEAST_BELOW: usize = 5;

/// The least width of a thread's panel.
const LEAST_COLUMN: u16 = 26;

/// The areas of the screen.
#[derive(Debug)]
pub(in super::super) struct Areas {
    /// Whether panels have frames; without them each thread has one line.
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
        let roomy = roomy(screen)?;
        let spare = screen.width.saturating_sub(80);
        let shared_width = 16 + spare / 6;
        let [threads, shared] = if roomy {
            let body = screen.height - 5;
            // What the panels below do not need, but at least about half, is for the programs.
            let left = body.saturating_sub(needed_below(app, shared_width - 2));
            let threads = wanted_height(app).min(left.max(body * 11 / 20));
            // The variables and locks share a row with the history.
            [threads, 0]
        } else {
            tight_heights(screen, app)
        };
        // Where rows are scarce, only a long message has a second line.
        let text = app.message.as_ref().map_or("", |(_, text)| text);
        let is_long = textwrap::wrap(text, usize::from(screen.width)).len() > 1;
        let has_two = is_long || screen.height >= TALL[usize::from(roomy)];
        let [threads, shared, message] = [threads, shared, 1 + u16::from(has_two)].map(Length);
        let rows = [
            Length(1),
            Length(1),
            threads,
            shared,
            Fill(1),
            message,
            Length(1),
        ];
        let [title, goal, threads, shared, below, message, footer] =
            Layout::vertical(rows).areas(screen);
        let (shared, history, totals, threads) = if roomy {
            let columns = [Length(shared_width), Fill(1), Length(34 + spare / 4)];
            let [shared, history, totals] = Layout::horizontal(columns).areas(below);
            let room = usize::from(threads.width / LEAST_COLUMN);
            let columns = vec![Fill(1); room.clamp(1, app.game.system().threads())];
            let columns = Layout::horizontal(columns).split(threads).to_vec();
            (shared, history, totals, columns)
        } else {
            let halves = [Fill(1), Length(screen.width / 2)];
            let [totals, history] = Layout::horizontal(halves).spacing(1).areas(below);
            (shared, history, totals, threads.rows().collect())
        };
        Some(Self {
            roomy,
            title,
            goal,
            threads: shown(app, threads.len()).zip(threads).collect(),
            shared,
            history,
            totals,
            message,
            footer,
        })
    }

    /// Returns the thread whose panel is at a place.
    pub(in super::super) fn thread_at(&self, place: Position) -> Option<usize> {
        let found = self.threads.iter().find(|(_, area)| area.contains(place));
        found.map(|(thread, _)| *thread)
    }
}

/// Returns the heights of threads and variables on a screen without frames.
fn tight_heights(screen: Rect, app: &App<'_>) -> [u16; 2] {
    let system = app.game.system();
    let threads = u16::try_from(system.threads()).unwrap_or(u16::MAX);
    // Two lines on the smallest screen, and one more for every two rows more.
    let most = 2 + (screen.height - LEAST.1) / 2;
    let shared = shared::packed(app.game.machine(), screen.width, most).len();
    [
        threads.min((screen.height - 5) / 2),
        u16::try_from(shared).unwrap_or(most),
    ]
}

/// Returns `room` threads to show: those around the selected one.
fn shown(app: &App<'_>, room: usize) -> impl Iterator<Item = usize> {
    let threads = app.game.system().threads();
    let first = app.selected.saturating_sub(room / 2);
    let first = first.min(threads.saturating_sub(room));
    first..first + room
}

/// Returns the height, with a frame, that variables and ends need. It is that of the start of the game
/// unless more is needed later, so that panels do not jump at each step.
fn needed_below(app: &App<'_>, width: u16) -> u16 {
    let outlook = app.game.outlook();
    let start = outlook.start();
    let lines = |machine| shared::lines(machine, width.into()).len();
    let ends = outlook.chances(&start).map_or(0, <[_]>::len);
    let needs = [
        LEAST_BELOW,
        ends + 1,
        lines(&start),
        lines(app.game.machine()),
    ];
    let most = needs.into_iter().max().unwrap_or(LEAST_BELOW);
    u16::try_from(most + 2).unwrap_or(u16::MAX)
}

/// Returns the height of a thread's panel: the program, the registers or the wait, the frame.
fn wanted_height(app: &App<'_>) -> u16 {
    let programs = app.game.system().programs().iter();
    let longest = programs.map(|program| {
        let lines = (0..program.code().len()).filter_map(|at| program.line(at));
        let (least, most) = (lines.clone().min(), lines.max());
        let source = least.zip(most).map_or(0, |(least, most)| 1 + most - least);
        program.code().len() + source as usize
    });
    let longest = longest.max();
    u16::try_from(longest.unwrap_or(0) + 4).unwrap_or(u16::MAX)
}
