//! Runs that wait for their threads with a wait group.

use std::time::Duration;

use clap::ValueEnum;

use crate::strategy::Shape;

/// Runs whose threads are waited for with a wait group.
///
/// invariants: `runs >= 1`.
#[derive(Clone, Copy, Debug)]
pub struct WaitGroupPlan {
    /// Threads and increments.
    pub shape: Shape,
    /// The most runs to make.
    pub runs: u64,
    /// How long to go on making runs; `None` for as long as there are runs to make.
    pub budget: Option<Duration>,
    /// When to give up.
    pub timeout: Option<Duration>,
    /// The mistake to make, if any.
    pub mistake: Option<Mistake>,
}

/// The classic mistakes with wait groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Mistake {
    /// Threads add themselves to the group, instead of being added before they start
    AddInside,
    /// A thread forgets to say that it is done: the wait never ends
    ForgetDone,
    /// A thread says twice that it is done: the wait ends too early, and the count would become negative
    DoneTwice,
    /// Threads add themselves for a second round while the wait for the first may still be on
    AddLate,
}

impl WaitGroupPlan {
    /// Returns how often this thread signals that it is done: with two of the mistakes, the one in the
    /// middle does so too seldom or too often.
    pub fn signals(&self, thread: usize) -> u32 {
        match self.mistake {
            Some(Mistake::ForgetDone) if thread == self.shape.threads() / 2 => 0,
            Some(Mistake::DoneTwice) if thread == self.shape.threads() / 2 => 2,
            _ => 1,
        }
    }
}
