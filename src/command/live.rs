//! Shows requests as they go.
//!
//! The reader of standard error may be slow, or not read at all. A thread of its own writes to it, so
//! that the requests never wait for the reader; it shows the latest state whenever it gets to it.

use std::io::{self, BufWriter, IsTerminal, Stderr, Write};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::plan::When;
use crate::requests::{Event, Scenario, Tree};
use crate::sync::Observer;
use crate::term::{LiveDisplay, LiveState, live_line};

/// The shortest time between two drawings of the bars: many events come at the same moment.
const REDRAW: Duration = Duration::from_millis(50);

/// Work that takes no longer than this needs no bar.
const PATIENCE: Duration = Duration::from_millis(500);

/// The longest wait for a slow reader at the end.
const LAST_WAIT: Duration = Duration::from_secs(1);

/// Shows the requests as they go.
#[derive(Debug)]
pub(super) struct Live<'a> {
    tree: &'a Tree,
    face: Face,
}

/// Whether there is something to watch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pace {
    /// It takes its time, and a person watches: without a terminal, in lines.
    Watched,
    /// It takes its time; only the result counts.
    Aside,
    /// It takes no time, however long the computation takes.
    Played,
}

#[derive(Debug)]
enum Face {
    /// Nothing is shown.
    None,
    /// Line after line, each written before the next step is played.
    Lines(BufWriter<Stderr>),
    /// A thread shows it.
    View(View),
}

impl<'a> Live<'a> {
    /// A view of these requests.
    pub(super) fn new(scenario: &'a Scenario, when: When, pace: Pace, ascii: bool) -> Self {
        let at_once = Duration::ZERO;
        let tree = scenario.tree();
        let steps = u64::try_from(scenario.bounds().steps).unwrap_or(u64::MAX);
        let face = match (when, pace, io::stderr().is_terminal()) {
            (When::Never, ..) | (When::Auto, Pace::Aside | Pace::Played, false) => Face::None,
            (When::Auto, Pace::Played, true) => {
                view(LiveState::one_bar(tree, steps), PATIENCE, ascii)
            }
            (_, Pace::Played, _) => Face::Lines(BufWriter::new(io::stderr())),
            (_, _, true) => view(LiveState::bars(tree, steps), at_once, ascii),
            (_, _, false) => view(LiveState::lines(), at_once, ascii),
        };
        Self { tree, face }
    }

    /// Takes the bars off the screen.
    pub(super) fn clear(self) {
        match self.face {
            Face::None => {}
            Face::Lines(mut lines) => drop(lines.flush()),
            Face::View(view) => view.end(),
        }
    }
}

impl Observer<Event> for Live<'_> {
    fn observe(&mut self, event: &Event) {
        match &mut self.face {
            Face::None => {}
            // A line that cannot be written has no one to be reported to.
            Face::Lines(lines) => drop(lines.write_all(live_line(self.tree, event).as_bytes())),
            Face::View(view) => view.note(self.tree, event),
        }
    }

    fn idle(&mut self) {
        match &mut self.face {
            Face::None => {}
            Face::Lines(lines) => drop(lines.flush()),
            Face::View(view) => view.show(),
        }
    }
}

/// The view that a thread shows.
#[derive(Debug)]
struct View {
    state: Arc<Mutex<LiveState>>,
    /// Whether the state has changed since it was shown.
    changed: bool,
    /// When the thread may be asked again to show it.
    next: Instant,
    ask: SyncSender<()>,
    /// Hung up by the thread at its end.
    end: Receiver<()>,
}

impl View {
    fn note(&mut self, tree: &Tree, event: &Event) {
        lock(&self.state).note(tree, event);
        self.changed = true;
    }

    /// Asks the thread to show the state, unless it did so a moment ago or is still busy.
    fn show(&mut self) {
        if self.changed && Instant::now() >= self.next && self.ask.try_send(()).is_ok() {
            self.changed = false;
            if !lock(&self.state).is_lines() {
                self.next = Instant::now() + REDRAW;
            }
        }
    }

    /// Ends the view, and waits only a little for a reader of what is left.
    fn end(self) {
        drop(self.ask);
        let _ = self.end.recv_timeout(LAST_WAIT);
    }
}

/// Returns a view that is first shown after `patience`, or none if the machine refuses the thread.
fn view(state: LiveState, patience: Duration, ascii: bool) -> Face {
    let (ask, asked) = mpsc::sync_channel(1);
    let (ended, end) = mpsc::sync_channel(0);
    let state = Arc::new(Mutex::new(state));
    let shown = Arc::clone(&state);
    let show = move || {
        show(&shown, &asked, ascii);
        drop::<SyncSender<()>>(ended);
    };
    match thread::Builder::new().name("live view".into()).spawn(show) {
        Err(_) => Face::None,
        Ok(_) => Face::View(View {
            state,
            changed: true,
            next: Instant::now() + patience,
            ask,
            end,
        }),
    }
}

/// Shows the state as often as asked, and bars also when the terminal has another size.
fn show(state: &Mutex<LiveState>, asked: &Receiver<()>, ascii: bool) {
    let mut display = LiveDisplay::new(ascii);
    let show = |display: &mut LiveDisplay| {
        // The lock is free again before anything is written.
        let now = lock(state).take();
        display.show(now);
    };
    loop {
        match asked.recv_timeout(REDRAW) {
            Ok(()) => show(&mut display),
            Err(RecvTimeoutError::Timeout) if display.is_resized() => show(&mut display),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    // Remaining lines are written; bars leave nothing behind.
    let is_lines = lock(state).is_lines();
    if is_lines {
        show(&mut display);
    }
    display.clear();
}

fn lock(state: &Mutex<LiveState>) -> MutexGuard<'_, LiveState> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}
