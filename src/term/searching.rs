//! The progress of a search, on standard error: layers, states, memory. The distance to the end is
//! unknown, so there is no bar.

use std::cell::{Cell, RefCell};

use indicatif::{HumanBytes, HumanCount};

use super::status::StatusLine;
use crate::model::Progress;
use crate::plan::When;

/// Shows how far a search has come.
#[derive(Debug)]
pub struct Searching {
    line: RefCell<StatusLine>,
    /// The searches that are over, and all of them, if there are several.
    several: Option<(Cell<u64>, u64)>,
}

impl Searching {
    /// Returns the progress of a search that begins now.
    pub fn new(when: When, ascii: bool) -> Self {
        let line = StatusLine::new(when, None, "{spinner} {msg}", ascii);
        Self {
            line: RefCell::new(line),
            several: None,
        }
    }

    /// Returns the progress of so many searches that begin now, one after the other.
    pub fn several(when: When, ascii: bool, searches: u64) -> Self {
        let line = StatusLine::new(when, Some(searches), "{wide_bar} {msg}", ascii);
        Self {
            line: RefCell::new(line),
            several: Some((Cell::new(0), searches)),
        }
    }

    /// Notes that one of several searches is over.
    pub fn advance(&self) {
        if let Some((over, all)) = &self.several {
            over.set(over.get() + 1);
            let words = || vec![format!("{} of {all} tests", HumanCount(over.get()))];
            self.line.borrow_mut().show(over.get(), |_| words());
        }
    }

    /// Shows where the search is.
    pub fn show(&self, progress: &Progress) {
        let over = self.several.as_ref().map_or(0, |(over, _)| over.get());
        self.line.borrow_mut().show(over, |_| {
            let (steps, states) = (HumanCount(progress.layer), HumanCount(progress.states));
            let reached = format!("after {steps} steps: {states} states");
            let several = self.several.iter();
            let several =
                several.map(|(over, all)| format!("{} of {all} tests", HumanCount(over.get())));
            let here = [reached, HumanBytes(progress.memory).to_string()];
            several.chain(here).collect()
        });
    }

    /// Removes the line from the screen.
    pub fn clear(&self) {
        self.line.borrow().clear();
    }
}
