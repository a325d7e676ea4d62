//! A strategy in the model: every schedule of it, or what is to be said about it.

use std::time::Duration;

use super::typed::{NOT_MODELLED, set_up, shape};
use crate::cli;
use crate::error::Error;
use crate::strategy::{Kind, Shape, Strategy};

/// A census to be taken.
#[derive(Debug)]
pub struct Exploration {
    /// The way of counting.
    pub strategy: Box<dyn Strategy>,
    /// Threads and increments.
    pub shape: Shape,
    /// The total that is asked for, at most the expected one.
    pub reach: Option<u64>,
    /// The most states to look at.
    pub states: Option<u64>,
    /// The most memory to hold, in bytes.
    pub memory: u64,
    /// The most time to take.
    pub timeout: Option<Duration>,
    /// Whether to find a witness for each total.
    pub witnesses: bool,
}

impl TryFrom<&cli::Explore> for Exploration {
    type Error = Error;

    fn try_from(typed: &cli::Explore) -> Result<Self, Error> {
        let (strategy, shape) = modelled(&typed.modelled)?;
        if let Some(total) = typed.reach.filter(|&total| total > shape.expected()) {
            return Err(Error::Usage(format!(
                "--reach {total} is more than {} times {}; no total is above {}",
                shape.threads(),
                shape.increments(),
                shape.expected()
            )));
        }
        Ok(Self {
            strategy,
            shape,
            reach: typed.reach,
            states: typed.max_states,
            memory: typed.memory,
            timeout: typed.timeout,
            witnesses: !typed.no_witnesses,
        })
    }
}

/// The strategy that is to run in the model, and its size.
///
/// # Errors
///
/// [`Error::Usage`] for a setting that the strategy does not take, or a size beyond 64 bits.
pub fn modelled(typed: &cli::Modelled) -> Result<(Box<dyn Strategy>, Shape), Error> {
    let strategy = set_up(typed.kind, &typed.settings, NOT_MODELLED)?;
    let shape = shape(typed.threads, typed.increments)?;
    Ok((strategy, shape))
}

/// A strategy that is to be explained, with the sizes at which the model looks at it.
#[derive(Debug)]
pub struct Explaining {
    /// The way of counting.
    pub strategy: Box<dyn Strategy>,
    /// The size that its program is listed for: that of the counting subcommands.
    pub listed: Shape,
    /// The smallest size at which two threads can come between each other.
    pub broken: Shape,
    /// A size whose schedules are counted in no time.
    pub counted: Shape,
}

impl Explaining {
    /// What is to be explained.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] for a setting that the strategy does not take, [`Error::Machine`] for one
    /// that the machine does not have.
    pub fn new(kind: &Kind, settings: &cli::StrategyFlags) -> Result<Self, Error> {
        Ok(Self {
            strategy: set_up(kind, settings, NOT_MODELLED)?,
            listed: shape(2, 5000)?,
            broken: shape(2, 1)?,
            counted: shape(2, 2)?,
        })
    }
}
