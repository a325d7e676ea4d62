//! A strategy in the model, as `explore` and its like take it: by name, with a size and settings.

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, Command};

use super::settings::{self, StrategyFlags};
use super::values;
use crate::strategy::{ALL, Kind, Setting, named};

/// Readers have no place in the model: they change no total.
const SETTINGS: &[Setting] = &[
    Setting::Window,
    Setting::Access,
    Setting::Batch,
    Setting::Split,
];

/// A strategy, its size and its settings.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Model")]
pub struct Modelled {
    /// The way of counting, by name
    #[arg(value_name = "STRATEGY", value_parser = strategies(), hide_possible_values = true, help_heading = None)]
    pub kind: &'static Kind,
    /// Threads that count
    #[arg(short, long, value_name = "N", default_value = "2", allow_negative_numbers = true, value_parser = values::threads)]
    pub threads: usize,
    /// Increments that each thread makes
    #[arg(short, long, alias = "count", value_name = "M", default_value = "5", allow_negative_numbers = true, value_parser = values::number)]
    pub increments: u64,
    /// Its settings.
    #[command(flatten)]
    pub settings: StrategyFlags,
}

/// Shows the flags of the settings that the model knows.
pub(super) fn show_settings(command: Command) -> Command {
    settings::show_with_takers(command, SETTINGS).mut_arg("window", |window| {
        window.help(
            "unsynced: what happens between load and store; the model has no time, so nothing changes",
        )
    })
}

/// Reads the name of a strategy; clap suggests the nearest for one that there is not.
pub(super) fn strategies() -> impl TypedValueParser<Value = &'static Kind> {
    let names = ALL.iter().map(|kind| PossibleValue::new(kind.name));
    PossibleValuesParser::new(names).try_map(|name| named(&name).ok_or("there is no such strategy"))
}
