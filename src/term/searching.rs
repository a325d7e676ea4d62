//! The progress of a search, on standard error: layers, states, memory. Nobody knows how far it
//! is to the end, so there is no bar.

use std::cell::RefCell;
use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

use indicatif::{HumanBytes, HumanCount, ProgressBar, ProgressStyle};

use super::margin;
use super::screen::fitting;
use crate::model::Progress;
use crate::plan::When;

/// Whatever ends sooner needs no progress.
const PATIENCE: Duration = Duration::from_millis(500);

/// Without a terminal, a line is written as often as this.
const LINE_EVERY: Duration = Duration::from_secs(1);

/// Shows how far a search has come.
#[derive(Debug)]
pub struct Searching {
    face: RefCell<Face>,
    began: Instant,
    ascii: bool,
}

#[derive(Debug)]
enum Face {
    /// Nothing is shown.
    None,
    /// A line that is redrawn; `None` until it is worth it.
    Line(Option<ProgressBar>),
    /// Line after line, for logs.
    Lines(Instant),
}

impl Searching {
    /// The progress of a search that begins now.
    pub fn new(when: When, ascii: bool) -> Self {
        let face = match when {
            When::Auto | When::Always if std::io::stderr().is_terminal() => Face::Line(None),
            When::Always => Face::Lines(Instant::now()),
            When::Auto | When::Never => Face::None,
        };
        Self {
            face: RefCell::new(face),
            began: Instant::now(),
            ascii,
        }
    }

    /// Shows where the search is.
    pub fn show(&self, progress: &Progress) {
        if self.began.elapsed() < PATIENCE {
            return;
        }
        match &mut *self.face.borrow_mut() {
            Face::None => {}
            Face::Line(line) => {
                let line = line.get_or_insert_with(|| {
                    ProgressBar::with_draw_target(None, margin::stderr())
                        .with_style(style(self.ascii))
                });
                line.set_message(fitting(&parts(progress), margin::room()));
                line.tick();
            }
            Face::Lines(last) => {
                if last.elapsed() >= LINE_EVERY {
                    *last = Instant::now();
                    // Nobody is there to be told if that fails.
                    let _ = writeln!(std::io::stderr().lock(), "{}", parts(progress).join(", "));
                }
            }
        }
    }

    /// Takes the progress line off the screen.
    pub fn clear(&self) {
        if let Face::Line(Some(line)) = &*self.face.borrow() {
            line.finish_and_clear();
        }
    }
}

/// What there is to say, what matters most first.
fn parts(progress: &Progress) -> [String; 2] {
    let (steps, states) = (HumanCount(progress.layer), HumanCount(progress.states));
    [
        format!("after {steps} steps: {states} states"),
        HumanBytes(progress.memory).to_string(),
    ]
}

fn style(ascii: bool) -> ProgressStyle {
    let style = ProgressStyle::with_template("{spinner} {msg}")
        .unwrap_or_else(|_| ProgressStyle::default_spinner());
    if ascii {
        style.tick_chars("-\\|/")
    } else {
        style
    }
}
