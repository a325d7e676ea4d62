//! `replay`: any schedule, forced on real threads.

use std::time::Duration;

use clap::{Args, ValueEnum};

use super::picture::PictureArgs;
use super::strategy::modelled;
use super::subject::ModelArgs;
use super::values;
use crate::error::Error;
use crate::plan::{MemoryModel, Pinning, Until};

/// Force a schedule, step by step, on real threads.
#[derive(Args, Clone, Debug)]
#[command(mut_args(modelled))]
pub struct ReplayArgs {
    /// The subject.
    #[command(flatten)]
    pub modelled: ModelArgs,
    /// The order of steps: a token such as A,B9998,A,B,A-,B- or a name
    ///
    /// Names: worst, lockstep, serial, random:SEED. @FILE or - reads one.
    #[arg(short, long, value_name = "SCHEDULE", default_value = "worst")]
    pub schedule: String,
    /// Where to run it [default: threads, or model with --memory tso]
    #[arg(long, value_enum, value_name = "WHERE", hide_possible_values = true)]
    on: Option<On>,
    /// Print the steps, a column for each thread
    #[arg(long)]
    pub steps: bool,
    /// Play the steps one at a time, with the state after each
    #[arg(long)]
    pub play: bool,
    /// Steps a second; 0: press Enter for each
    #[arg(long, value_name = "STEPS/s", default_value = "2/s", requires = "play", value_parser = values::speed)]
    pub speed: f64,
    /// The picture of the schedule.
    #[command(flatten)]
    pub picture: PictureArgs,
    /// Fail if the schedule ends before the threads do
    #[arg(long)]
    pub strict: bool,
    /// Exit with 1 unless the run is correct, or lost
    #[arg(long, value_enum, value_name = "WHAT", hide_possible_values = true)]
    pub expect: Option<Until>,
    /// Which cores the threads run on
    #[arg(long, value_enum, value_name = "HOW", default_value_t)]
    pub pin: Pinning,
    /// Stop after this long, exit with 124
    #[arg(long, value_name = "DURATION", allow_hyphen_values = true, value_parser = values::duration)]
    pub timeout: Option<Duration>,
}

impl ReplayArgs {
    /// Returns where to run it. A store buffer can't be forced to deliver.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] for real threads under a memory model with store buffers.
    pub fn on(&self) -> Result<On, Error> {
        match (self.on, self.modelled.memory()) {
            (Some(On::Threads), MemoryModel::Tso) => Err(Error::Usage(
                "--memory tso is for the model: no program can force a processor's store buffer to \
                 deliver; use --on model"
                    .into(),
            )),
            (None, MemoryModel::Tso) => Ok(On::Model),
            (on, _) => Ok(on.unwrap_or(On::Threads)),
        }
    }
}

/// `--on`
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum On {
    /// On real threads, after the model has predicted the total
    Threads,
    /// In the model alone
    Model,
}
