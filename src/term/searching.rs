//! The progress of a search, on standard error: layers, states, memory. The distance to the end is
//! unknown, so there is no bar.

use std::sync::{Mutex, MutexGuard, PoisonError};

use indicatif::{HumanBytes, HumanCount};

use super::status::StatusLine;
use crate::model::Progress;
use crate::plan::When;

/// Shows how far a search has come.
#[derive(Debug)]
pub struct Searching {
    /// The line, and the number of searches that are over.
    line: Mutex<(StatusLine, u64)>,
    /// The number of all searches, if there are several.
    several: Option<u64>,
}

impl Searching {
    /// Returns the progress of a search that begins now.
    pub fn new(when: When, ascii: bool) -> Self {
        let line = StatusLine::new(when, None, "{spinner} {msg}", ascii);
        Self {
            line: Mutex::new((line, 0)),
            several: None,
        }
    }

    /// Returns the progress of several searches that begin now, one after the other.
    pub fn several(when: When, ascii: bool, searches: u64) -> Self {
        let line = StatusLine::new(when, Some(searches), "{wide_bar} {msg}", ascii);
        Self {
            line: Mutex::new((line, 0)),
            several: Some(searches),
        }
    }

    fn line(&self) -> MutexGuard<'_, (StatusLine, u64)> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes that one of several searches is over.
    pub fn advance(&self) {
        if let Some(all) = self.several {
            let (line, over) = &mut *self.line();
            *over += 1;
            line.show(*over, |_| {
                vec![format!("{} of {all} tests", HumanCount(*over))]
            });
        }
    }

    /// Shows where the search is.
    pub fn show(&self, progress: &Progress) {
        let (line, over) = &mut *self.line();
        line.show(*over, |_| {
            let (steps, states) = (HumanCount(progress.layer), HumanCount(progress.states));
            let reached = format!("after {steps} steps: {states} states");
            let several = self.several.iter();
            let several = several.map(|all| format!("{} of {all} tests", HumanCount(*over)));
            let here = [reached, HumanBytes(progress.memory).to_string()];
            several.chain(here).collect()
        });
    }

    /// Removes the line from the screen.
    pub fn clear(&self) {
        self.line().0.clear();
    }
}
