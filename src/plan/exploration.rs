//! A strategy in the model: its schedules to be counted, or the strategy to be explained.

use std::time::Duration;

use crate::strategy::{Shape, Strategy};

/// A census of all schedules, to be taken.
#[derive(Debug)]
pub struct Exploration {
    /// The way of counting.
    pub strategy: Box<dyn Strategy>,
    /// Threads and increments.
    pub shape: Shape,
    /// The total whose reachability is asked for, at most the expected total.
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

/// A strategy that is to be explained, with the sizes at which the model looks at it.
#[derive(Debug)]
pub struct Explaining {
    /// The way of counting.
    pub strategy: Box<dyn Strategy>,
    /// The size that its program is listed for: the default number of increments of the counting
    /// subcommands.
    pub listed: Shape,
    /// The smallest size at which two threads can interleave.
    pub broken: Shape,
    /// A size whose schedules are counted at once.
    pub counted: Shape,
}
