//! Runs of any command.

use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use clap::ValueEnum;
use regex::bytes::Regex;

use super::counting::Until;

/// The most processes that run at the same time.
pub const MOST_JOBS: usize = 1024;

/// A command that is run again and again.
///
/// invariants: `runs >= 1`; `jobs >= 1`; `each` is not zero; conditions of the kind
/// [`RunCondition::Counted`] come with an `expected` outcome.
#[derive(Clone, Debug)]
pub struct RepeatPlan {
    /// The program, by its path or by a name that is looked up on the `PATH`.
    pub program: OsString,
    /// The arguments of the program.
    pub arguments: Vec<OsString>,
    /// The most runs to make.
    pub runs: u64,
    /// How long to go on making runs; `None` for as long as there are runs to make.
    pub budget: Option<Duration>,
    /// The time that one run may take.
    pub each: Duration,
    /// The last run, if it comes before the limit.
    pub until: Option<RunCondition>,
    /// The condition that the runs are held to.
    pub expect: Option<RunCondition>,
    /// Finds the outcome in a line of standard output; without it all of standard output is the
    /// outcome.
    pub outcome: Option<Regex>,
    /// The correct outcome.
    pub expected: Option<Expected>,
    /// The number of processes that run at the same time.
    pub jobs: usize,
    /// The number of cores that the processes may use; `None` for all.
    pub cores: Option<usize>,
    /// Whether busy threads compete with the processes.
    pub stress: bool,
    /// Where each process may run.
    pub pinning: ProcessPinning,
    /// The folder for the output of the first run of each outcome.
    pub keep: Option<PathBuf>,
}

/// The correct outcome of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// A number; from smaller ones, something is lost.
    Number(u64),
    /// A text without white space at its ends.
    Text(String),
}

/// What may be true of a run: `--until` stops at the first such run, `--expect` demands it.
#[derive(Clone, Debug)]
pub enum RunCondition {
    /// It has the outcome of the first run.
    Same,
    /// It has another outcome than the first run.
    Different,
    /// Its outcome is the expected one, or is not.
    Counted(Until),
    /// It ends with this exit status.
    Exit(u8),
    /// A line of its standard output matches.
    Output(Regex),
}

/// As it is typed.
impl fmt::Display for RunCondition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Same => f.write_str("same"),
            Self::Different => f.write_str("different"),
            Self::Counted(Until::Lost) => f.write_str("wrong"),
            Self::Counted(Until::Correct) => f.write_str("correct"),
            Self::Exit(status) => write!(f, "{status}"),
            Self::Output(regex) => f.write_str(regex.as_str()),
        }
    }
}

impl Expected {
    /// Returns it if it is a number.
    pub fn number(&self) -> Option<u64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Text(_) => None,
        }
    }
}

/// The cores that each process may use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ProcessPinning {
    /// Wherever the system puts it
    #[default]
    None,
    /// Another set of cores, drawn at random, for each run
    Random,
}
