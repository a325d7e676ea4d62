//! Shows requests as they go.
//!
//! The reader of standard error may be slow, or not read at all. A thread of its own writes to it, so
//! that the requests never wait for the reader; it shows the latest state as often as the reader lets it.

use std::convert::Infallible;
use std::io::{self, BufWriter, IsTerminal, Stderr, Write};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use super::watch::Watched;
use crate::cli::OutputArgs;
use crate::plan::When;
use crate::render::Lines;
use crate::requests::{Event, Scenario, Tree};
use crate::strategy::lock;
use crate::sync::Observer;
use crate::term::{LiveDisplay, LiveState, live_line};

/// The time between two looks at the state: many events come at the same moment.
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

#[derive(Debug)]
enum Face {
    /// Nothing is shown.
    None,
    /// Line after line, each written before the next step is played.
    Lines(BufWriter<Watched<Stderr>>),
    /// A thread shows it.
    View(View),
}

impl<'a> Live<'a> {
    /// Returns a view of these requests.
    ///
    /// In virtual time nothing takes any time, so only the progress of many lines is shown.
    pub(super) fn new(scenario: &'a Scenario, is_virtual: bool, output: &OutputArgs) -> Self {
        let is_terminal = io::stderr().is_terminal();
        // A person watches, without a terminal in lines; otherwise only the result counts.
        let is_watched = !is_virtual && output.format.is_text() && !output.quiet;
        let tree = scenario.tree();
        let steps = u64::try_from(scenario.bounds().steps).unwrap_or(u64::MAX);
        let view = |state, patience| view(state, patience, output.ascii);
        let face = match output.progress {
            When::Never => Face::None,
            When::Auto if !is_terminal && !is_watched => Face::None,
            When::Auto if is_virtual && output.format.streamed() != Some(Lines::Json) => Face::None,
            When::Auto if is_virtual => view(LiveState::one_bar(tree, steps), PATIENCE),
            _ if is_virtual => Face::Lines(BufWriter::new(Watched(io::stderr()))),
            _ if is_terminal => view(LiveState::bars(tree, steps), Duration::ZERO),
            _ => view(LiveState::lines(), Duration::ZERO),
        };
        Self { tree, face }
    }

    /// Removes the bars from the screen.
    pub(super) fn clear(self) {
        match self.face {
            Face::None => {}
            Face::Lines(mut lines) => drop(lines.flush()),
            Face::View(view) => {
                drop(view.stop);
                // Waits only a little for a reader of what is left.
                let _ = view.end.recv_timeout(LAST_WAIT);
            }
        }
    }
}

impl Observer<Event> for Live<'_> {
    fn observe(&mut self, event: &Event) {
        match &mut self.face {
            Face::None => {}
            // A line that cannot be written has no one to be reported to.
            Face::Lines(lines) => drop(lines.write_all(live_line(self.tree, event).as_bytes())),
            Face::View(view) => {
                let mut state = lock(&view.state);
                state.live.note(self.tree, event);
                state.changed = true;
            }
        }
    }

    fn idle(&mut self) {
        if let Face::Lines(lines) = &mut self.face {
            drop(lines.flush());
        }
    }
}

/// The view that a thread shows.
#[derive(Debug)]
struct View {
    state: Arc<Mutex<State>>,
    /// Hung up to stop the thread.
    stop: Sender<Infallible>,
    /// Hung up by the thread at its end.
    end: Receiver<Infallible>,
}

#[derive(Debug)]
struct State {
    live: LiveState,
    /// Whether it has changed since it was shown.
    changed: bool,
}

/// Returns a view that is first shown after `patience`, or none if the machine refuses the thread.
fn view(live: LiveState, patience: Duration, ascii: bool) -> Face {
    let (stop, stopped) = mpsc::channel();
    let (ended, end) = mpsc::channel();
    let changed = true;
    let state = Arc::new(Mutex::new(State { live, changed }));
    let shown = Arc::clone(&state);
    let show = move || {
        show(&shown, &stopped, patience, ascii);
        drop::<Sender<Infallible>>(ended);
    };
    match thread::Builder::new().name("live view".into()).spawn(show) {
        Err(_) => Face::None,
        Ok(_) => Face::View(View { state, stop, end }),
    }
}

/// Shows the state whenever it has changed, and bars also when the terminal has another size.
fn show(state: &Mutex<State>, stopped: &Receiver<Infallible>, patience: Duration, ascii: bool) {
    let mut display = LiveDisplay::new(ascii);
    let mut wait = patience;
    loop {
        let stops = stopped.recv_timeout(wait) != Err(RecvTimeoutError::Timeout);
        wait = REDRAW;
        let news = {
            let mut state = lock(state);
            // At the end lines are written; bars leave nothing behind.
            let is_due = if stops {
                state.live.is_lines()
            } else {
                state.changed || display.is_resized()
            };
            state.changed = false;
            is_due.then(|| state.live.take())
        };
        // The lock is free again before anything is written.
        if let Some(news) = news {
            display.show(news);
        }
        if stops {
            return display.clear();
        }
    }
}
