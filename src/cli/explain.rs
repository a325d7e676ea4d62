//! `explain`: a strategy in words, in code and in steps; or the map of all.

use clap::{ArgMatches, Args, Command, FromArgMatches};

use super::modelled::{show_settings, strategies};
use super::settings::StrategyFlags;
use crate::strategy::Kind;

pub(super) const NAME: &str = "explain";

const SUMMARY: &str = "Explain a strategy, or how all of them relate";

const LONG: &str = "Explain a strategy, or how all of them relate.\n\n\
    What it does, its code in Rust, the steps of the machine, the interleaving that breaks it, or \
    the count of all schedules that do not, what it costs, and the commands to see for oneself. \
    Without a strategy: the map of all of them, and what race condition, data race, atomicity, \
    critical section and lock granularity have to do with one another.";

/// `explain` as typed.
#[derive(Args, Clone, Debug)]
pub struct Explain {
    /// The way of counting, by name [default: the map of all]
    #[arg(value_name = "STRATEGY", value_parser = strategies(), hide_possible_values = true)]
    pub kind: Option<&'static Kind>,
    /// Its settings.
    #[command(flatten)]
    pub settings: StrategyFlags,
}

/// The subcommand.
pub(super) fn command() -> Command {
    show_settings(Explain::augment_args(Command::new(NAME)))
        .about(SUMMARY)
        .long_about(LONG)
}

/// Reads what was typed behind its name.
pub(super) fn read(matches: &ArgMatches) -> Result<Explain, clap::Error> {
    Explain::from_arg_matches(matches)
}
