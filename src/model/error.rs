//! What can be wrong with a program, a system, a plan or a census. Each message is one
//! lower-case sentence.

use std::fmt;

use super::label::Label;
use super::limits::Limit;

/// A program or system that makes no sense.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ModelError {
    /// A jump leads past the end of its program.
    JumpTarget {
        /// The program's name.
        program: String,
        /// The instruction's index.
        at: usize,
    },
    /// A label of the builder was used but never placed.
    UnplacedMark {
        /// The program's name.
        program: String,
        /// The instruction's index.
        at: usize,
    },
    /// A loop without any visible instruction: it could spin for ever inside one step.
    LoopWithoutStep {
        /// The program's name.
        program: String,
        /// An instruction in the loop.
        at: usize,
    },
    /// A register, variable or lock that was never declared.
    Undeclared {
        /// The program's name.
        program: String,
        /// The instruction's index.
        at: usize,
        /// `register`, `variable` or `lock`.
        what: &'static str,
    },
    /// A mutex has no read side.
    ReadLockOnMutex {
        /// The program's name.
        program: String,
        /// The instruction's index.
        at: usize,
    },
    /// A lock is given back where it is not certain that it is held in that mode.
    ReleaseNotHeld {
        /// The program's name.
        program: String,
        /// The instruction's index.
        at: usize,
    },
    /// A read lock is taken where the thread may already hold it for reading.
    ReadLockTwice {
        /// The program's name.
        program: String,
        /// The instruction's index.
        at: usize,
    },
    /// More of something than the machine holds.
    TooMany {
        /// What there is too much of.
        what: &'static str,
        /// How many there may be.
        at_most: usize,
    },
    /// A system needs at least one thread.
    NoThreads,
}

impl fmt::Display for ModelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::JumpTarget { program, at } => {
                write!(f, "{program}: instruction {at} jumps past the end")
            }
            Self::UnplacedMark { program, at } => {
                let place = "jumps to a mark that was never placed";
                write!(f, "{program}: instruction {at} {place}")
            }
            Self::LoopWithoutStep { program, at } => {
                let place = "is in a loop without any visible step";
                write!(f, "{program}: instruction {at} {place}")
            }
            Self::Undeclared { program, at, what } => {
                write!(f, "{program}: instruction {at} uses an undeclared {what}")
            }
            Self::ReadLockOnMutex { program, at } => {
                write!(f, "{program}: instruction {at} read-locks a mutex")
            }
            Self::ReleaseNotHeld { program, at } => {
                let place = "releases a lock that may not be held there";
                write!(f, "{program}: instruction {at} {place}")
            }
            Self::ReadLockTwice { program, at } => {
                let place = "read-locks a lock that the thread may already read-hold";
                write!(f, "{program}: instruction {at} {place}")
            }
            Self::TooMany { what, at_most } => write!(f, "at most {at_most} {what} are possible"),
            Self::NoThreads => f.write_str("a system needs at least one thread"),
        }
    }
}

impl std::error::Error for ModelError {}

/// Why a census cannot even be attempted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CensusError {
    /// Some schedules never end: the state graph has a cycle (threads that spin).
    Endless {
        /// The programs of the threads that go round.
        programs: Vec<String>,
    },
    /// More threads than a packed state can hold.
    TooManyThreads {
        /// How many there are.
        threads: usize,
        /// How many there may be.
        at_most: usize,
    },
    /// The states outgrew the widest packed key.
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

/// A segment of a schedule that can't be done.
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
    /// It names a thread that isn't there.
    NoSuchThread {
        /// How many threads there are.
        threads: usize,
    },
    /// Its thread is finished, after so many steps of the segment.
    Finished {
        /// The thread's index.
        thread: usize,
        /// Steps of this segment that were possible.
        after: u64,
    },
    /// Its thread is blocked, after so many steps of the segment.
    Blocked {
        /// The thread's index.
        thread: usize,
        /// Steps of this segment that were possible.
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
                write!(
                    f,
                    "the threads are A to {}",
                    Label(threads.saturating_sub(1))
                )
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
                f.write_str("the schedule ends before ")?;
                for (index, thread) in unfinished.iter().take(4).enumerate() {
                    let comma = if index == 0 { "" } else { ", " };
                    write!(f, "{comma}{}", Label(*thread))?;
                }
                let more = if unfinished.len() > 4 { ", ..." } else { "" };
                let verb = if unfinished.len() == 1 { "is" } else { "are" };
                let first = Label(unfinished.first().copied().unwrap_or(0));
                write!(f, "{more} {verb} done; add {first}-")
            }
        }
    }
}

impl std::error::Error for PlanError {}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::States => "the limit of states",
            Self::Memory => "the limit of memory",
            Self::Stopped => "the caller's stop",
        })
    }
}
