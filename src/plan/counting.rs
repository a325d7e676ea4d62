//! Runs of one strategy, counted or traced.

use std::time::Duration;

use clap::ValueEnum;

use crate::strategy::{Shape, Strategy};

/// The most threads a run may have, counting or reading.
pub const MOST_THREADS: usize = 1024;

/// The start line: how the threads of a run are made to start together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum StartLine {
    /// All spin until an agreed tick of the clock
    ///
    /// The last thread to arrive names a moment a little ahead.
    #[default]
    Timebase,
    /// All spin until the last arrives
    Spin,
    /// All sleep until the last arrives
    Barrier,
    /// Each starts when it wakes up
    None,
}

/// Returns a value as it is typed, which is how records name it.
pub fn typed_name(value: &impl ValueEnum) -> String {
    let value = value.to_possible_value();
    value.map_or_else(String::new, |value| value.get_name().into())
}

/// Which cores the threads run on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Pinning {
    /// A core for each thread, round robin
    #[default]
    Spread,
    /// Any core
    None,
}

/// How a run ends: `--until` stops at the first such run, `--expect` demands it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[expect(
    missing_docs,
    reason = "their docs would be printed in the help, at length"
)]
pub enum Until {
    Lost,
    Correct,
}

/// An experiment: one strategy, one shape, a number of runs.
///
/// invariants: `runs >= 1`; `stride >= 1`; at most [`MOST_THREADS`] threads count and
/// as many read.
#[derive(Debug)]
pub struct CountingPlan {
    /// The way of counting.
    pub strategy: Strategy,
    /// Threads and increments.
    pub shape: Shape,
    /// The most runs to make.
    pub runs: u64,
    /// How long to go on making runs; `None` for as long as there are runs to make.
    pub budget: Option<Duration>,
    /// Which run is the last, if it comes before the limit.
    pub until: Option<Until>,
    /// How threads start together.
    pub start: StartLine,
    /// Where threads run.
    pub pinning: Pinning,
    /// Runs for each meeting at the start line.
    pub stride: usize,
    /// Whether the strategy has a window only because there is only one core.
    pub window_added: bool,
}

impl CountingPlan {
    /// Returns a plan for this number of runs, at least one, with the defaults in everything else.
    pub fn new(strategy: Strategy, shape: Shape, runs: u64) -> Self {
        Self {
            strategy,
            shape,
            runs: runs.max(1),
            budget: None,
            until: None,
            start: StartLine::default(),
            pinning: Pinning::default(),
            stride: 1,
            window_added: false,
        }
    }
}
