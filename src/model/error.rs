//! The errors of programs, systems, plans and censuses. Each message is one lower-case sentence.

use std::fmt;

use super::label::Label;

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
    /// Some schedules never end: the state graph has a cycle, because threads spin.
    Endless {
        /// The programs of the threads that move on the cycle.
        programs: Vec<String>,
    },
    /// More threads than a packed state can hold.
    TooManyThreads {
        /// The number of threads.
        threads: usize,
        /// The greatest number possible.
        at_most: usize,
    },
    /// The states have outgrown the widest packed key.
    TooWide,
}

impl fmt::Display for CensusError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Endless { programs } => write!(
                f,
                "some schedules never end, so they can't be counted: {} can go round for ever; \
                 wait with `await` instead of spinning",
                programs.join(", ")
            ),
            Self::TooManyThreads { threads, at_most } => write!(
                f,
                "{threads} threads are too many for a census: at most {at_most}"
            ),
            Self::TooWide => f.write_str("the states are too large to be packed"),
        }
    }
}

impl std::error::Error for CensusError {}

/// A segment of a schedule that can't be executed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanError {
    /// The segment's number, from 1.
    pub number: u64,
    /// The segment as text; empty for a schedule that ended early.
    pub segment: String,
    /// What is wrong with it.
    pub trouble: Trouble,
}

/// What is wrong with a segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// It names a thread that does not exist.
    NoSuchThread {
        /// The number of threads.
        threads: usize,
    },
    /// Its thread is done before the segment is.
    Finished {
        /// The thread's index.
        thread: usize,
        /// The number of steps of this segment that were possible.
        after: u64,
    },
    /// Its thread is blocked before the segment is done.
    Blocked {
        /// The thread's index.
        thread: usize,
        /// The number of steps of this segment that were possible.
        after: u64,
        /// What it waits for, as a phrase: ``lock `m`, held by A``.
        waits_for: String,
    },
    /// The segments ended before the threads did, and completing them was not allowed.
    EndsEarly {
        /// The threads that are not done.
        unfinished: Vec<usize>,
    },
}

impl fmt::Display for PlanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            number, segment, ..
        } = self;
        if !matches!(self.trouble, Trouble::EndsEarly { .. }) {
            write!(f, "segment {number} ({segment}): ")?;
        }
        match &self.trouble {
            Trouble::NoSuchThread { threads: 1 } => f.write_str("the only thread is A"),
            Trouble::NoSuchThread { threads } => {
                let last = Label(threads.saturating_sub(1));
                write!(f, "the threads are A to {last}")
            }
            Trouble::Finished { thread, after: 0 } => {
                write!(f, "{} is already done", Label(*thread))
            }
            Trouble::Finished { thread, after } => {
                let thread = Label(*thread);
                write!(
                    f,
                    "{thread} is done after {after} of these steps; write {thread}-"
                )
            }
            Trouble::Blocked {
                thread,
                after,
                waits_for,
            } => {
                write!(f, "{} is blocked", Label(*thread))?;
                if *after > 0 {
                    write!(f, " after {after} of these steps")?;
                }
                write!(f, ": it waits for {waits_for}")
            }
            Trouble::EndsEarly { unfinished } => {
                let named = unfinished.iter().take(4);
                let named: Vec<_> = named.map(|&thread| Label(thread).to_string()).collect();
                let first = named.first().map_or("A", String::as_str);
                let named = named.join(", ");
                let more = if unfinished.len() > 4 { ", ..." } else { "" };
                let verb = if unfinished.len() == 1 { "is" } else { "are" };
                write!(
                    f,
                    "the schedule ends before {named}{more} {verb} done; add {first}-"
                )
            }
        }
    }
}

impl std::error::Error for PlanError {}
