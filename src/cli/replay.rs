//! `replay`: any schedule, forced on real threads.

use std::time::Duration;

use clap::{Args, ValueEnum};

use super::strategy::modelled;
use super::subject::ModelArgs;
use super::values;
use crate::plan::{Pinning, Until};

/// Force a schedule, step by step, on real threads.
#[derive(Args, Clone, Debug)]
#[command(mut_args(modelled))]
pub struct ReplayArgs {
    /// The subject.
    #[command(flatten)]
    pub modelled: ModelArgs,
    /// The order of steps: a token such as A,B9998,A,B,A-,B- or a name
    ///
    /// The names are worst, lockstep, serial and random:SEED. @FILE or - reads it from a file or from standard
    /// input.
    #[arg(short, long, value_name = "TOKEN|NAME|@FILE", default_value = "worst")]
    pub schedule: String,
    /// Where to run it
    #[arg(long, value_enum, value_name = "WHERE", default_value = "threads")]
    pub on: On,
    /// Print the steps, a column for each thread
    #[arg(long)]
    pub steps: bool,
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

/// `--on`
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum On {
    /// On real threads, after the model has predicted the total
    Threads,
    /// In the model alone
    Model,
}
