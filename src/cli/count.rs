//! The counting subcommands: one for each strategy, with the settings that are its own.

use std::time::Duration;

use clap::{ArgMatches, Args, Command, FromArgMatches, ValueEnum};

use super::settings::{self, StrategyFlags};
use super::values;
use crate::plan::{Pinning, StartLine, Until};
use crate::strategy::Kind;

/// A counting subcommand as typed.
#[derive(Clone, Debug)]
pub struct Count {
    /// The strategy.
    pub kind: &'static Kind,
    /// What every strategy takes.
    pub experiment: Experiment,
    /// Its settings.
    pub settings: StrategyFlags,
}

/// The flags that every counting subcommand takes.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Experiment")]
pub struct Experiment {
    /// Threads that count, 1 to 1024
    #[arg(short, long, value_name = "N", default_value = "3", allow_negative_numbers = true, value_parser = values::threads)]
    pub threads: usize,
    /// Increments that each thread makes (5k, 2M, 1G)
    #[arg(short, long, alias = "count", value_name = "M", default_value = "5000", allow_negative_numbers = true, value_parser = values::number)]
    pub increments: u64,
    /// How often to repeat
    #[arg(short, long, alias = "trials", value_name = "R", default_value = "10", allow_negative_numbers = true, value_parser = values::positive)]
    pub runs: u64,
    /// Repeat for so long instead
    #[arg(long = "for", value_name = "DURATION", allow_hyphen_values = true, conflicts_with = "runs", value_parser = values::some_time)]
    pub budget: Option<Duration>,
    /// Stop after the first such run
    #[arg(long, value_enum, value_name = "WHAT")]
    pub until: Option<Total>,
    /// Give up after so long: report what is done, exit with 124
    #[arg(long, value_name = "DURATION", allow_hyphen_values = true, value_parser = values::duration)]
    pub timeout: Option<Duration>,
    /// Exit with 1 unless every run is correct, or unless some run lost an update
    #[arg(long, value_enum, value_name = "WHAT")]
    pub expect: Option<Total>,
    /// How the threads of a run are made to start together
    #[arg(long, value_enum, value_name = "LINE", default_value = "timebase")]
    pub start: StartArg,
    /// Which cores the threads run on
    #[arg(long, value_enum, value_name = "HOW", default_value = "spread")]
    pub pin: PinArg,
    /// Runs for each meeting at the start line, each on a counter of its own
    #[arg(long, value_name = "K", default_value = "1", allow_negative_numbers = true, value_parser = values::stride)]
    pub stride: usize,
}

/// How a run may end, for `--until` and `--expect`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[expect(
    missing_docs,
    reason = "their docs would be printed in the help, at length"
)]
pub enum Total {
    Lost,
    Correct,
}

impl From<Total> for Until {
    fn from(typed: Total) -> Self {
        match typed {
            Total::Lost => Self::Lost,
            Total::Correct => Self::Correct,
        }
    }
}

/// `--start`
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum StartArg {
    /// All spin until the processor's clock passes an agreed moment
    Timebase,
    /// All spin until the last has arrived
    Spin,
    /// All sleep at a barrier until the last has arrived
    Barrier,
    /// Nobody waits: each starts when the system has woken it
    None,
}

impl From<StartArg> for StartLine {
    fn from(typed: StartArg) -> Self {
        match typed {
            StartArg::Timebase => Self::Timebase,
            StartArg::Spin => Self::Spin,
            StartArg::Barrier => Self::Barrier,
            StartArg::None => Self::None,
        }
    }
}

/// `--pin`
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PinArg {
    /// Each thread on a core of its own while there are enough, then round robin
    Spread,
    /// Wherever the system puts them
    None,
}

impl From<PinArg> for Pinning {
    fn from(typed: PinArg) -> Self {
        match typed {
            PinArg::Spread => Self::Spread,
            PinArg::None => Self::None,
        }
    }
}

/// The subcommand of a strategy.
pub(super) fn command(kind: &'static Kind) -> Command {
    let command = Experiment::augment_args(Command::new(kind.name));
    // Said last: the flags bring words of their own, which are for readers of the source.
    settings::show_only(StrategyFlags::augment_args(command), kind.settings).about(kind.summary)
}

/// Reads what was typed behind the name of a strategy.
pub(super) fn read(kind: &'static Kind, matches: &ArgMatches) -> Result<Count, clap::Error> {
    Ok(Count {
        kind,
        experiment: Experiment::from_arg_matches(matches)?,
        settings: StrategyFlags::from_arg_matches(matches)?,
    })
}
