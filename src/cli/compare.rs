//! `compare`: several strategies side by side, on one thread count or on a list of them.

use std::num::NonZeroU64;
use std::time::Duration;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{ArgMatches, Args, Command, FromArgMatches};

use super::count::{PinArg, StartArg};
use super::settings::{AccessArg, flag};
use super::values;
use crate::strategy::{ALL, Kind, Setting, Settings, Window, named};

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
    /// unsynced: between load and store, none, yield, spin:N or sleep:DURATION
    #[arg(long, value_name = "WHAT", value_parser = values::window, help_heading = "Strategies")]
    window: Option<Window>,
    /// unsynced: how the counter is accessed
    #[arg(long, value_enum, value_name = "HOW", help_heading = "Strategies")]
    access: Option<AccessArg>,
    /// mutex-per-batch: increments for each time the lock is taken [default: all of them]
    #[arg(long, value_name = "K", allow_negative_numbers = true, value_parser = values::non_zero, help_heading = "Strategies")]
    batch: Option<NonZeroU64>,
    /// rwlock: threads that only read meanwhile [default: 0, so that all have the same threads]
    #[arg(long, value_name = "K", allow_negative_numbers = true, value_parser = values::readers, help_heading = "Strategies")]
    readers: Option<usize>,
    /// Compare 'rwlock --split' too
    #[arg(long, help_heading = "Strategies")]
    pub split: bool,
}

impl Compare {
    /// The settings for all strategies; each takes those that are its own.
    pub fn settings(&self) -> Settings {
        Settings {
            window: self.window.unwrap_or_default(),
            access: self.access.map_or_else(Default::default, Into::into),
            batch: self.batch,
            readers: self.readers.unwrap_or(0),
            split: false,
            awaited: None,
        }
    }

    /// The settings that were typed, with their flags.
    pub fn typed(&self) -> impl Iterator<Item = (Setting, &'static str)> {
        [
            (Setting::Window, self.window.is_some()),
            (Setting::Access, self.access.is_some()),
            (Setting::Batch, self.batch.is_some()),
            (Setting::Readers, self.readers.is_some()),
            (Setting::Split, self.split),
        ]
        .into_iter()
        .filter_map(|(setting, typed)| typed.then_some((setting, flag(setting))))
    }
}

/// Reads the name of a strategy; clap suggests the nearest for one that there is not.
fn strategies() -> impl TypedValueParser<Value = &'static Kind> {
    let names = ALL.iter().map(|kind| PossibleValue::new(kind.name));
    PossibleValuesParser::new(names).try_map(|name| named(&name).ok_or("there is no such strategy"))
}

/// The subcommand.
pub(super) fn command() -> Command {
    Compare::augment_args(Command::new(NAME))
        .about(SUMMARY)
        .long_about(LONG)
}

/// Reads what was typed behind its name.
pub(super) fn read(matches: &ArgMatches) -> Result<Compare, clap::Error> {
    Compare::from_arg_matches(matches)
}
