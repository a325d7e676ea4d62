//! What a run of a command reports.

use crate::lab::{Setup, Stopped};
use crate::plan::Expected;

/// The most outcomes that are told apart; runs with further ones are counted together.
pub const MOST_OUTCOMES: usize = 1000;

/// How a process ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ProcessEnding {
    /// It exited with this status.
    Exited(i32),
    /// This signal ended it.
    Signaled(i32),
    /// It took too long and was ended.
    TimedOut,
}

/// A run that has ended by itself, or because it took too long.
#[derive(Clone, Debug)]
pub struct ProcessRun {
    /// Its number in the order in which runs ended, counted from 1.
    pub number: u64,
    /// The number of its outcome in the order in which outcomes occurred, counted from 1; `None` if
    /// there had been [`MOST_OUTCOMES`] others.
    pub outcome: Option<u64>,
    /// Whether it is the first run with its outcome.
    pub is_first: bool,
    /// How it ended.
    pub ending: ProcessEnding,
    /// The beginning of its outcome: of the group that was searched for, else of standard output;
    /// `None` if the group was not found.
    pub output: Option<Vec<u8>>,
    /// Whether the outcome is longer than that.
    pub is_cut: bool,
    /// The outcome as a number, if it is one.
    pub value: Option<u64>,
    /// The number of bytes on standard output.
    pub bytes: u64,
    /// The SHA-256 digest of standard output.
    pub digest: [u8; 32],
    /// The beginning of its standard error.
    pub errors: Vec<u8>,
    /// Nanoseconds from before the process was started until it had ended.
    pub elapsed_ns: u64,
    /// Whether the condition of the plan's `expect` holds; `None` without one.
    pub as_expected: Option<bool>,
}

/// How an experiment with processes ended.
#[derive(Clone, Debug)]
pub struct RepeatOutcome {
    /// Why there were no further runs.
    pub stopped: Stopped,
    /// The circumstances.
    pub setup: Setup,
}

impl ProcessRun {
    /// Returns whether it ended well, with the correct outcome.
    pub fn is_correct(&self, expected: &Expected) -> bool {
        let is_right = match expected {
            Expected::Number(number) => self.value == Some(*number),
            Expected::Text(text) => {
                let output = self.output.as_deref().filter(|_| !self.is_cut);
                output.is_some_and(|output| output.trim_ascii() == text.as_bytes())
            }
        };
        self.ending == ProcessEnding::Exited(0) && is_right
    }
}
