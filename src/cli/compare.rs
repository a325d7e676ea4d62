//! `compare`: several strategies side by side, on one thread count or on a list of them.

use std::time::Duration;

use clap::{ArgMatches, Args, Command, FromArgMatches};

use super::count::{PinArg, StartArg};
use super::modelled::strategies;
use super::settings::{self, StrategyFlags};
use super::values;
use crate::strategy::{Kind, Setting};

pub(super) const NAME: &str = "compare";
pub(super) const SUMMARY: &str = "All side by side: which are correct, and what each costs";

const LONG: &str = "All side by side: which are correct, and what each costs.\n\n\
    Every strategy makes the same runs. They take turns, a run each, round by round, so that a \
    machine that grows slower or faster meanwhile is fair to all; the order changes from round to \
    round. Times are medians over the runs. The ratio to the cheapest correct strategy is taken \
    within each round; its median and quartiles are shown.";

/// `compare` as typed.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Experiment")]
pub struct Compare {
    /// What to compare, by name [default: all]
    #[arg(value_name = "STRATEGY", value_parser = strategies(), hide_possible_values = true, help_heading = None)]
    pub strategies: Vec<&'static Kind>,
    /// Threads that count, 1 to 1024; a list such as 1,2,4,8 shows how each strategy scales
    #[arg(short, long, value_name = "N,...", default_value = "3", value_delimiter = ',', allow_negative_numbers = true, value_parser = values::threads)]
    pub threads: Vec<usize>,
    /// Increments that each thread makes in each run (5k, 2M, 1G)
    #[arg(short, long, alias = "count", value_name = "M", default_value = "50k", allow_negative_numbers = true, value_parser = values::number)]
    pub increments: u64,
    /// Runs of each strategy, 1 to 100k
    #[arg(short, long, alias = "trials", value_name = "R", default_value = "100", allow_negative_numbers = true, value_parser = values::rounds)]
    pub runs: u64,
    /// Give up after so long: report what is done, exit with 124
    #[arg(long, value_name = "DURATION", allow_hyphen_values = true, value_parser = values::duration)]
    pub timeout: Option<Duration>,
    /// How the threads of a run are made to start together
    #[arg(long, value_enum, value_name = "LINE", default_value = "timebase")]
    pub start: StartArg,
    /// Which cores the threads run on
    #[arg(long, value_enum, value_name = "HOW", default_value = "spread")]
    pub pin: PinArg,
    /// Each strategy takes those that are its own.
    #[command(flatten)]
    pub settings: StrategyFlags,
}

/// All settings but `--await`, under which readers do not read while others count.
const SETTINGS: &[Setting] = &[
    Setting::Window,
    Setting::Access,
    Setting::Batch,
    Setting::Readers,
    Setting::Split,
];

/// The subcommand.
pub(super) fn command() -> Command {
    settings::show_with_takers(Compare::augment_args(Command::new(NAME)), SETTINGS)
        .mut_arg(settings::flag(Setting::Readers), |readers| {
            readers.help("rwlock: threads that only read meanwhile, 0 to 1024 [default: 0, so that all have the same threads]")
        })
        .mut_arg(settings::flag(Setting::Split), |split| split.help("Compare 'rwlock --split' too"))
        .about(SUMMARY)
        .long_about(LONG)
}

/// Reads what was typed behind its name.
pub(super) fn read(matches: &ArgMatches) -> Result<Compare, clap::Error> {
    Compare::from_arg_matches(matches)
}
