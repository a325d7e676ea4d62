//! Several strategies side by side.

use super::counting::{Pinning, StartLine};
use crate::strategy::{Shape, Strategy};

/// Several strategies side by side: each makes a run in each round.
///
/// invariants: `rounds >= 1`; at least one entry; the entries of one thread count stand together, in
/// the order of their thread counts; no two entries are alike.
#[derive(Debug)]
pub struct Comparison {
    /// The strategies that take part, each at one thread count.
    pub entries: Vec<Entry>,
    /// The number of runs that each makes.
    pub rounds: u64,
    /// How threads start together.
    pub start: StartLine,
    /// Where threads run.
    pub pinning: Pinning,
}

/// A strategy at one thread count.
#[derive(Debug)]
pub struct Entry {
    /// The way of counting.
    pub strategy: Strategy,
    /// Threads and increments.
    pub shape: Shape,
}
