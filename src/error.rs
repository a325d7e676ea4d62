//! The errors, and the exit codes that scripts may rely on.

use std::fmt;
use std::process::ExitCode;

/// How the program ends: a documented contract, see docs/formats.md.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// What was asked has been done.
    Done,
    /// An expectation does not hold.
    Unexpected,
    /// The command line is wrong.
    Usage,
    /// The machine said no: threads that cannot start, a file that cannot be written.
    Machine,
    /// The answer is incomplete: a search ended at its limit, or not all could be measured.
    Incomplete,
    /// `--timeout` has passed.
    TimedOut,
    /// Interrupted by a signal.
    Interrupted,
}

impl Exit {
    /// All of them, in order of their numbers.
    pub const ALL: [Self; 7] = [
        Self::Done,
        Self::Unexpected,
        Self::Usage,
        Self::Machine,
        Self::Incomplete,
        Self::TimedOut,
        Self::Interrupted,
    ];

    /// Returns what it means, for the manual.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Done => "What was asked has been done.",
            Self::Unexpected => {
                "The expectation of --expect does not hold; the total of --reach is impossible."
            }
            Self::Usage => "The command line is wrong.",
            Self::Machine => {
                "The machine said no: threads or commands that cannot start, output that cannot be written."
            }
            Self::Incomplete => {
                "An answer is incomplete: a search stopped at its limit, or there was no time to \
                 measure all."
            }
            Self::TimedOut => "--timeout has passed; what had finished is reported.",
            Self::Interrupted => "Interrupted by a signal; what had finished is reported.",
        }
    }

    /// The number that the shell sees.
    pub fn number(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Unexpected => 1,
            Self::Usage => 2,
            Self::Machine => 3,
            Self::Incomplete => 4,
            Self::TimedOut => 124,
            Self::Interrupted => 130,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.number())
    }
}

/// Why a subcommand could not do its work: one lower-case sentence that names the flag or file,
/// and the way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// The command line is wrong.
    Usage(String),
    /// A race program is wrong: what is wrong, in lines beside the source.
    Program(String),
    /// The machine said no.
    Machine(String),
}

impl Error {
    /// The exit code that goes with it.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Usage(_) | Self::Program(_) => Exit::Usage,
            Self::Machine(_) => Exit::Machine,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(sentence) | Self::Machine(sentence) | Self::Program(sentence) => {
                f.write_str(sentence)
            }
        }
    }
}

impl std::error::Error for Error {}
