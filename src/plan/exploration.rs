//! A subject in the model: its schedules to be counted, or itself to be explained.

use std::sync::Arc;
use std::time::Duration;

use super::subject::Subject;
use crate::model::Limits;
use crate::strategy::Strategy;

/// A census of all schedules, to be taken.
#[derive(Debug)]
pub struct Exploration {
    /// The system.
    pub subject: Subject,
    /// The total whose reachability is asked for.
    pub reach: Option<u64>,
    /// The most states to visit.
    pub states: Option<u64>,
    /// The most memory to hold, in bytes.
    pub memory: u64,
    /// The most time to take.
    pub timeout: Option<Duration>,
    /// Whether to find a witness for each total.
    pub witnesses: bool,
}

impl Exploration {
    /// Returns the flags of the limits that differ from the default, each behind a space.
    pub fn limit_flags(&self) -> String {
        let mut flags = String::new();
        if let Some(states) = self.states {
            flags += &format!(" --max-states {states}");
        }
        if self.memory != Limits::default().memory {
            flags += &format!(" --memory {}", self.memory);
        }
        if !self.witnesses {
            flags += " --no-witnesses";
        }
        flags
    }
}

/// A subject that is to be explained, at the sizes at which the model looks at it.
#[derive(Debug)]
pub struct Explaining {
    /// The strategy that makes it, if one does: it has more words.
    pub strategy: Option<Arc<dyn Strategy>>,
    /// The size that its program is listed for: the default number of increments of the counting
    /// subcommands.
    pub listed: Subject,
    /// The smallest size at which two threads can interleave.
    pub broken: Subject,
    /// A size whose schedules are counted at once.
    pub counted: Subject,
}
