//! `waitgroup`: waiting for threads, and what comes of not waiting.

use std::time::Duration;

use clap::{ArgMatches, Args, Command, FromArgMatches, ValueEnum};

use super::values;
use crate::plan::Mistake;

pub(super) const NAME: &str = "waitgroup";

/// `waitgroup` as typed.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Experiment")]
pub struct WaitGroup {
    /// Threads that count, started anew for each run, 1 to 1024
    #[arg(short, long, value_name = "N", default_value = "3", allow_negative_numbers = true, value_parser = values::threads)]
    pub threads: usize,
    /// Increments that each thread makes (5k, 2M, 1G)
    #[arg(short, long, alias = "count", value_name = "M", default_value = "5000", allow_negative_numbers = true, value_parser = values::number)]
    pub increments: u64,
    /// How often to repeat [default: 10; 1 with forget-done]
    #[arg(short, long, alias = "trials", value_name = "R", allow_negative_numbers = true, value_parser = values::positive)]
    pub runs: Option<u64>,
    /// Repeat for so long instead
    #[arg(long = "for", value_name = "DURATION", allow_hyphen_values = true, conflicts_with = "runs", value_parser = values::some_time)]
    pub budget: Option<Duration>,
    /// Give up after so long: report what is done, exit with 124 [default: 1s with forget-done]
    #[arg(long, value_name = "DURATION", allow_hyphen_values = true, value_parser = values::duration)]
    pub timeout: Option<Duration>,
    /// Make one of the two classic mistakes
    #[arg(long, value_enum, value_name = "WHICH")]
    pub mistake: Option<MistakeArg>,
}

/// `--mistake`
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum MistakeArg {
    /// Threads add themselves to the group, instead of being added before they start
    AddInside,
    /// A thread forgets to say that it is done: the wait never ends
    ForgetDone,
}

impl From<MistakeArg> for Mistake {
    fn from(typed: MistakeArg) -> Self {
        match typed {
            MistakeArg::AddInside => Self::AddInside,
            MistakeArg::ForgetDone => Self::ForgetDone,
        }
    }
}

/// The subcommand.
pub(super) fn command() -> Command {
    // Said last: the flags bring words of their own, which are for readers of the source.
    WaitGroup::augment_args(Command::new(NAME))
        .about("Read the counter without waiting for the threads, and after")
}

/// Reads what was typed.
pub(super) fn read(matches: &ArgMatches) -> Result<WaitGroup, clap::Error> {
    WaitGroup::from_arg_matches(matches)
}
