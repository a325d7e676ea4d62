//! Runs of one strategy, counted or traced.

use std::time::Duration;

use super::typed::{set_up, shape};
use crate::cli;
use crate::error::Error;
use crate::strategy::{Setting, Shape, Strategy};

/// The start line: how the threads of a run are made to start together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StartLine {
    /// The last to arrive names a moment a little ahead; all spin until the time-stamp counter
    /// has passed it.
    #[default]
    Timebase,
    /// All spin until the last to arrive says go.
    Spin,
    /// All sleep at a barrier of the operating system.
    Barrier,
    /// No line: each thread starts when the operating system has woken it.
    None,
}

impl StartLine {
    /// Its name on the command line and in records.
    pub fn name(self) -> &'static str {
        match self {
            Self::Timebase => "timebase",
            Self::Spin => "spin",
            Self::Barrier => "barrier",
            Self::None => "none",
        }
    }
}

/// Which cores the threads run on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pinning {
    /// Thread k on the k-th allowed core, round robin.
    #[default]
    Spread,
    /// Wherever the system puts them.
    None,
}

/// What a run must be like to be the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// It lost an update.
    Lost,
    /// It ended with the expected total.
    Correct,
}

/// An experiment: one strategy, one shape, so many runs.
///
/// invariants: `runs >= 1`; `stride >= 1`; at most [`MOST_THREADS`](super::MOST_THREADS) threads count and as many read.
#[derive(Debug)]
pub struct Plan {
    /// The way of counting.
    pub strategy: Box<dyn Strategy>,
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
}

impl Plan {
    /// So many runs, at least one, with the defaults in everything else.
    pub fn new(strategy: Box<dyn Strategy>, shape: Shape, runs: u64) -> Self {
        Self {
            strategy,
            shape,
            runs: runs.max(1),
            budget: None,
            until: None,
            start: StartLine::default(),
            pinning: Pinning::default(),
            stride: 1,
        }
    }
}

impl TryFrom<&cli::Count> for Plan {
    type Error = Error;

    fn try_from(typed: &cli::Count) -> Result<Self, Error> {
        let common = &typed.experiment;
        let shape = shape(common.threads, common.increments)?;
        let strategy = set_up(typed.kind, &typed.settings, &[])?;
        let runs = match common.budget {
            Some(_) => u64::MAX,
            None => common.runs,
        };
        Ok(Self {
            budget: common.budget,
            until: common.until.map(Into::into),
            start: common.start.into(),
            pinning: common.pin.into(),
            stride: common.stride,
            ..Self::new(strategy, shape, runs)
        })
    }
}

impl TryFrom<&cli::Trace> for Plan {
    type Error = Error;

    fn try_from(typed: &cli::Trace) -> Result<Self, Error> {
        let strategy = set_up(typed.kind, &typed.settings, &[Setting::Await])?;
        let shape = shape(typed.threads, typed.increments)?;
        // Where no update can be lost, another run shows nothing new.
        let safe = strategy.is_correct() || shape.threads() == 1 || shape.expected() == 0;
        let usual = if safe { 1 } else { 1000 };
        Ok(Self {
            until: Some(Until::Lost),
            start: typed.start.into(),
            pinning: typed.pin.into(),
            ..Self::new(strategy, shape, typed.runs.unwrap_or(usual))
        })
    }
}
