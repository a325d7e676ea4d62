//! `waitgroup`: waiting for threads, and what happens without waiting.

use std::time::Duration;

use clap::Args;

use super::values;
use crate::error::Error;
use crate::plan::{Mistake, WaitGroupPlan};

/// Read the counter before and after waiting for the threads.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Experiment")]
pub struct WaitGroupArgs {
    /// Threads that count [default: one per core, 2 to 4]
    #[arg(short, long, value_name = "N", default_value_t = values::usual_threads(), hide_default_value = true, allow_negative_numbers = true, value_parser = values::threads)]
    pub threads: usize,
    /// Increments of each thread (5k, 2M, 1G)
    #[arg(short, long, alias = "count", value_name = "M", default_value = "5000", allow_negative_numbers = true, value_parser = values::number)]
    pub increments: u64,
    /// Number of runs [default: 10; 1 with forget-done]
    #[arg(short, long, alias = "trials", value_name = "R", allow_negative_numbers = true, value_parser = values::positive)]
    pub runs: Option<u64>,
    /// Run for this long instead
    #[arg(long = "for", value_name = "DURATION", allow_hyphen_values = true, conflicts_with = "runs", value_parser = values::some_time)]
    pub budget: Option<Duration>,
    /// Stop after this long, exit with 124 [default: 1s with forget-done]
    #[arg(long, value_name = "DURATION", allow_hyphen_values = true, value_parser = values::duration)]
    pub timeout: Option<Duration>,
    /// Make one of the classic mistakes
    #[arg(long, value_enum, value_name = "WHICH")]
    pub mistake: Option<Mistake>,
}

impl TryFrom<&WaitGroupArgs> for WaitGroupPlan {
    type Error = Error;

    fn try_from(typed: &WaitGroupArgs) -> Result<Self, Error> {
        /// Long enough to show that the wait does not end.
        const USUAL_TIMEOUT: Duration = Duration::from_secs(1);
        let endless = typed.mistake == Some(Mistake::ForgetDone);
        let runs = match typed.budget {
            Some(_) => u64::MAX,
            None => typed.runs.unwrap_or(if endless { 1 } else { 10 }),
        };
        Ok(Self {
            shape: values::shape(typed.threads, typed.increments)?,
            runs,
            budget: typed.budget,
            timeout: typed.timeout.or(endless.then_some(USUAL_TIMEOUT)),
            mistake: typed.mistake,
        })
    }
}
