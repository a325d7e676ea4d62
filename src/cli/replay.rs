//! `replay`: any schedule, forced on real threads.

use std::time::Duration;

use clap::{Args, ValueEnum};

use super::picture::PictureArgs;
use super::strategy::modelled;
use super::subject::ModelArgs;
use super::values;
use crate::plan::Pinning;

/// Force a schedule, step by step, on real threads.
#[derive(Args, Clone, Debug)]
#[command(mut_args(modelled))]
pub struct ReplayArgs {
    /// What is replayed.
    #[command(flatten)]
    pub modelled: ModelArgs,
    /// The order of steps: a token such as A,B9998,A,B,A-,B- or worst, lockstep, serial, random:SEED; @FILE or - reads it from a file or from standard input
    #[arg(short, long, value_name = "TOKEN|NAME|@FILE")]
    pub schedule: String,
    /// Where to run it
    #[arg(long, value_enum, value_name = "WHERE", default_value = "threads")]
    pub on: On,
    /// Print the steps, a column for each thread
    #[arg(long)]
    pub steps: bool,
    /// The picture of the schedule.
    #[command(flatten)]
    pub picture: PictureArgs,
    /// Take it for an error when the schedule ends before the threads do
    #[arg(long)]
    pub strict: bool,
    /// Which cores the threads run on
    #[arg(long, value_enum, value_name = "HOW", default_value_t)]
    pub pin: Pinning,
    /// Give up after so long, and exit with 124
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
