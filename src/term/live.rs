//! Requests as they go: a bar for each on a terminal, a line for each step elsewhere; on standard
//! error.
//!
//! Whoever reads standard error may be slow, or not read at all. So that nobody waits for them, it
//! is written by a thread of its own, which shows what there is to be seen when it gets to it.

use std::io::{self, BufWriter, IsTerminal, Stderr, Write};
use std::mem;
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::bars::{Bars, Standing};
use super::progress::Wanted;
use crate::requests::{Event, Observer, Tree};

/// How often the bars are drawn, at the most. Many events come at the same moment.
const REDRAW: Duration = Duration::from_millis(50);

/// What takes no longer than this needs no bar.
const PATIENCE: Duration = Duration::from_millis(500);

/// At the end, so long is waited for those who read slowly.
const LAST_WAIT: Duration = Duration::from_secs(1);

/// The most bytes of lines that wait to be written. More are left out.
const MOST_UNWRITTEN: usize = 8 << 20;

/// Shows what happens.
#[derive(Debug)]
pub struct Live<'a> {
    tree: &'a Tree,
    face: Face,
}

/// What there is to watch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// It takes its time, and a person watches: without a terminal, in lines.
    Watched,
    /// It takes its time; what counts is the result.
    Aside,
    /// It takes no time, however long it is computed.
    Played,
}

#[derive(Debug)]
enum Face {
    /// Nothing is shown.
    None,
    /// Line after line. Whoever plays waits until they are written.
    Lines(BufWriter<Stderr>),
    /// A thread shows it.
    View(View),
}

impl<'a> Live<'a> {
    /// A view of the requests of this tree.
    pub fn new(tree: &'a Tree, wanted: Wanted, pace: Pace, ascii: bool) -> Self {
        let face = match (wanted, pace, io::stderr().is_terminal()) {
            (Wanted::Never, ..) | (Wanted::Auto, Pace::Aside | Pace::Played, false) => Face::None,
            (Wanted::Auto, Pace::Played, true) => {
                View::new(Seen::Bars(Standing::all(tree)), PATIENCE, ascii)
            }
            (_, Pace::Played, _) => Face::Lines(BufWriter::new(io::stderr())),
            (_, _, true) => View::new(Seen::Bars(Standing::new(tree)), Duration::ZERO, ascii),
            (_, _, false) => View::new(Seen::Lines(Lines::default()), Duration::ZERO, ascii),
        };
        Self { tree, face }
    }

    /// Takes the bars off the screen.
    pub fn clear(self) {
        match self.face {
            Face::None => {}
            Face::Lines(mut lines) => drop(lines.flush()),
            Face::View(view) => view.end(),
        }
    }
}

impl Observer for Live<'_> {
    fn observe(&mut self, event: &Event) {
        match (&mut self.face, event) {
            (Face::None, _) => {}
            (Face::Lines(lines), Event::Waiting) => drop(lines.flush()),
            // Nobody is there to be told if a line cannot be written.
            (Face::Lines(lines), event) => drop(lines.write_all(line(self.tree, event).as_bytes())),
            (Face::View(view), Event::Waiting) => view.show(),
            (Face::View(view), event) => view.note(self.tree, event),
        }
    }
}

/// What a thread shows.
#[derive(Debug)]
struct View {
    seen: Arc<Mutex<Seen>>,
    /// Whether that is more than has been shown.
    changed: bool,
    /// When the thread may be asked again to show it.
    next: Instant,
    ask: SyncSender<()>,
    /// Hung up by the thread at its end.
    end: Receiver<()>,
}

/// What there is to be seen.
#[derive(Clone, Debug)]
enum Seen {
    /// Bars.
    Bars(Standing),
    /// Lines that have not been written yet.
    Lines(Lines),
}

#[derive(Clone, Debug, Default)]
struct Lines {
    text: String,
    left_out: u64,
}

impl View {
    /// Shows this, but not before so long has passed; nothing if the machine refuses the thread.
    fn new(seen: Seen, patience: Duration, ascii: bool) -> Face {
        let (ask, asked) = mpsc::sync_channel(1);
        let (ended, end) = mpsc::sync_channel(0);
        let seen = Arc::new(Mutex::new(seen));
        let shown = Arc::clone(&seen);
        let show = move || {
            show(&shown, &asked, ascii);
            drop(ended);
        };
        let thread = thread::Builder::new().name("live view".into());
        match thread.spawn(show) {
            Err(_) => Face::None,
            Ok(_) => Face::View(Self {
                seen,
                changed: patience.is_zero(),
                next: Instant::now() + patience,
                ask,
                end,
            }),
        }
    }

    fn note(&mut self, tree: &Tree, event: &Event) {
        match &mut *lock(&self.seen) {
            Seen::Bars(bars) => bars.note(event),
            Seen::Lines(lines) => lines.note(tree, event),
        }
        self.changed = true;
    }

    /// Has it shown, unless that was so a moment ago, or is not yet done.
    fn show(&mut self) {
        if self.changed && Instant::now() >= self.next && self.ask.try_send(()).is_ok() {
            self.changed = false;
            if matches!(&*lock(&self.seen), Seen::Bars(_)) {
                self.next = Instant::now() + REDRAW;
            }
        }
    }

    /// Ends the view. Who does not read what is left is not waited for.
    fn end(self) {
        drop(self.ask);
        let _ = self.end.recv_timeout(LAST_WAIT);
    }
}

/// Shows what there is to be seen, as often as asked.
fn show(seen: &Mutex<Seen>, asked: &Receiver<()>, ascii: bool) {
    let mut drawn: Option<Bars> = None;
    let mut show = || {
        // The lock is free again before anything is written.
        let now = lock(seen).take();
        match now {
            Seen::Bars(standing) => drawn
                .get_or_insert_with(|| Bars::new(&standing, ascii))
                .draw(&standing),
            // Nobody is there to be told if that fails.
            Seen::Lines(lines) => drop(io::stderr().write_all(lines.into_text().as_bytes())),
        }
    };
    while asked.recv().is_ok() {
        show();
    }
    // What is left of lines; bars are not to be seen any longer.
    let lines = matches!(&*lock(seen), Seen::Lines(_));
    if lines {
        show();
    }
    if let Some(bars) = drawn {
        bars.clear();
    }
}

fn lock(seen: &Mutex<Seen>) -> MutexGuard<'_, Seen> {
    seen.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Seen {
    /// What is to be shown now. Lines are shown once.
    fn take(&mut self) -> Self {
        match self {
            Self::Bars(bars) => Self::Bars(bars.clone()),
            Self::Lines(lines) => Self::Lines(mem::take(lines)),
        }
    }
}

impl Lines {
    fn note(&mut self, tree: &Tree, event: &Event) {
        if self.text.len() < MOST_UNWRITTEN {
            self.text += &line(tree, event);
        } else {
            self.left_out += 1;
        }
    }

    fn into_text(mut self) -> String {
        if self.left_out > 0 {
            self.text += &format!("... {} lines that nobody has read\n", self.left_out);
        }
        self.text
    }
}

fn line(tree: &Tree, event: &Event) -> String {
    match event {
        Event::Step {
            request,
            step,
            items,
            ..
        } => format!("request {}: step {step} of {items}\n", tree.name(*request)),
        Event::Ended { request, outcome } => {
            let through = outcome
                .reason
                .signal()
                .map(|signal| tree.name(signal.through));
            let through = through.map_or_else(String::new, |name| format!(" through {name}"));
            let ended = outcome.reason.name();
            format!("request {}: {ended}{through}\n", tree.name(*request))
        }
        Event::Waiting => String::new(),
    }
}
