//! `trace`: one run on real threads, every increment of it explained.

use std::time::Duration;

use clap::Args;

use super::picture::PictureArgs;
use super::strategy::{NO_WAITING, StrategyArgs, strategies, without_waiting};
use super::values;
use crate::error::Error;
use crate::plan::{CountingPlan, Pinning, StartLine, Until};
use crate::strategy::Kind;

/// Trace a run on real threads: which updates were lost, and how.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Experiment", mut_args(without_waiting))]
pub struct TraceArgs {
    /// The strategy
    #[arg(value_name = "STRATEGY", default_value = "unsynced", value_parser = strategies(), hide_possible_values = true)]
    pub kind: &'static Kind,
    /// Threads that count [default: one per core, 2 to 4]
    #[arg(short, long, value_name = "N", default_value_t = values::usual_threads(), hide_default_value = true, allow_negative_numbers = true, value_parser = values::threads)]
    pub threads: usize,
    /// Increments of each thread (5k, 1M)
    #[arg(short, long, alias = "count", value_name = "M", default_value = "5000", allow_negative_numbers = true, value_parser = values::number)]
    pub increments: u64,
    /// Most runs until one loses updates [default: 1000; 1 if none can be lost]
    #[arg(short, long, alias = "trials", value_name = "R", allow_negative_numbers = true, value_parser = values::positive)]
    pub runs: Option<u64>,
    /// Stop after this long, exit with 124
    #[arg(long, value_name = "DURATION", allow_hyphen_values = true, value_parser = values::duration)]
    pub timeout: Option<Duration>,
    /// Exit with 1 unless the run is correct, or lost
    #[arg(long, value_enum, value_name = "WHAT", hide_possible_values = true)]
    pub expect: Option<Until>,
    /// How the threads start together
    #[arg(long, value_enum, value_name = "LINE", default_value_t)]
    pub start: StartLine,
    /// Which cores the threads run on
    #[arg(long, value_enum, value_name = "HOW", default_value_t)]
    pub pin: Pinning,
    /// The picture of the run.
    #[command(flatten)]
    pub picture: PictureArgs,
    /// Print only a schedule that replays the run
    #[arg(long, help_heading = "Evidence")]
    pub token: bool,
    /// In JSON and CSV, list each increment
    #[arg(long, conflicts_with = "token", help_heading = "Evidence")]
    pub fates: bool,
    /// The settings of the strategy.
    #[command(flatten)]
    pub settings: StrategyArgs,
}

impl TryFrom<&TraceArgs> for CountingPlan {
    type Error = Error;

    fn try_from(typed: &TraceArgs) -> Result<Self, Error> {
        let strategy = typed.settings.set_up(typed.kind, NO_WAITING)?;
        let shape = values::shape(typed.threads, typed.increments)?;
        // Where no update can be lost, another run shows nothing new.
        let safe = strategy.is_correct() || shape.threads() == 1 || shape.expected() == 0;
        let usual = if safe { 1 } else { 1000 };
        Ok(Self {
            until: Some(Until::Lost),
            start: typed.start,
            pinning: typed.pin,
            ..Self::new(strategy, shape, typed.runs.unwrap_or(usual))
        })
    }
}
