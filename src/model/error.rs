//! The errors of programs, systems, plans and censuses. Each message is one lower-case sentence.

use std::fmt;

/// A program or system that makes no sense.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ModelError {
    /// An instruction that makes no sense where it stands.
    Instruction {
        /// The program's name.
        program: String,
        /// The instruction's index.
        at: usize,
        /// What is wrong with it, as a predicate: `jumps past the end`.
        problem: &'static str,
    },
    /// More registers, variables, ... than the machine holds.
    TooMany {
        /// What there is too much of.
        what: &'static str,
        /// The greatest number possible.
        at_most: usize,
    },
    /// A system needs at least one thread.
    NoThreads,
}

impl ModelError {
    pub(in crate::model) fn instruction(program: &str, at: usize, problem: &'static str) -> Self {
        Self::Instruction {
            program: program.to_owned(),
            at,
            problem,
        }
    }

    /// Checks some numbers, each with its limit and its name.
    pub(in crate::model) fn check_limits(
        numbers: &[(usize, usize, &'static str)],
    ) -> Result<(), Self> {
        let too_many = numbers.iter().find(|(number, at_most, _)| number > at_most);
        match too_many {
            Some(&(_, at_most, what)) => Err(Self::TooMany { what, at_most }),
            None => Ok(()),
        }
    }
}

impl fmt::Display for ModelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Instruction {
                program,
                at,
                problem,
            } => write!(f, "{program}: instruction {at} {problem}"),
            Self::TooMany { what, at_most } => write!(f, "at most {at_most} {what} are possible"),
            Self::NoThreads => f.write_str("a system needs at least one thread"),
        }
    }
}

impl std::error::Error for ModelError {}

/// Why a census cannot even be attempted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CensusError {
    /// More threads than a packed state can hold.
    #[expect(missing_docs, reason = "the fields are named in full")]
    TooManyThreads { threads: usize, at_most: usize },
    /// The states have outgrown the widest packed key.
    TooWide,
}

impl fmt::Display for CensusError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooManyThreads { threads, at_most } => write!(
                f,
                "{threads} threads are too many for a census: at most {at_most}"
            ),
            Self::TooWide => f.write_str("the states are too large to be packed"),
        }
    }
}

impl std::error::Error for CensusError {}

/// A schedule that can't be executed; the message names the segment and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanError(pub(in crate::model) String);

impl fmt::Display for PlanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for PlanError {}
