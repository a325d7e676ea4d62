//! The progress of a search, on standard error: layers, states, memory. The distance to the end is
//! unknown, so there is no bar.

use std::cell::RefCell;

use indicatif::{HumanBytes, HumanCount};

use super::status::StatusLine;
use crate::model::Progress;
use crate::plan::When;

/// Shows how far a search has come.
#[derive(Debug)]
pub struct Searching(RefCell<StatusLine>);

impl Searching {
    /// Returns the progress of a search that begins now.
    pub fn new(when: When, ascii: bool) -> Self {
        let line = StatusLine::new(when, None, "{spinner} {msg}", ascii);
        Self(RefCell::new(line))
    }

    /// Shows where the search is.
    pub fn show(&self, progress: &Progress) {
        self.0.borrow_mut().show(0, |_| {
            let (steps, states) = (HumanCount(progress.layer), HumanCount(progress.states));
            let reached = format!("after {steps} steps: {states} states");
            vec![reached, HumanBytes(progress.memory).to_string()]
        });
    }

    /// Removes the line from the screen.
    pub fn clear(&self) {
        self.0.borrow().clear();
    }
}
