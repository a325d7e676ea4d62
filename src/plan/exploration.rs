//! A subject in the model, whose schedules are to be counted.

use std::time::Duration;

use super::subject::Subject;

/// A census of all schedules, to be taken.
#[derive(Debug)]
pub struct Exploration {
    /// The system.
    pub subject: Subject,
    /// The total whose reachability is asked for.
    pub reach: Option<u64>,
    /// What is asked of the outcomes of a race program, as it was typed.
    pub question: Option<String>,
    /// The most states to visit.
    pub states: Option<u64>,
    /// The most memory to hold, in bytes, where it was told.
    pub memory: Option<u64>,
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
        if let Some(memory) = self.memory {
            flags += &format!(" --max-memory {memory}");
        }
        if !self.witnesses {
            flags += " --no-witnesses";
        }
        flags
    }
}
