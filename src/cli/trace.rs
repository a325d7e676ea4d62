//! `trace`: one run on real threads, every increment of it explained.

use std::path::PathBuf;
use std::time::Duration;

use clap::{ArgMatches, Args, Command, FromArgMatches, ValueEnum, ValueHint};

use super::count::{PinArg, StartArg, Total};
use super::modelled::strategies;
use super::settings::{self, StrategyFlags};
use super::values;
use crate::strategy::{Kind, Setting};

pub(super) const NAME: &str = "trace";

/// All settings but `--await`, which changes when readers read and no fate of an increment.
const SETTINGS: &[Setting] = &[
    Setting::Window,
    Setting::Access,
    Setting::Batch,
    Setting::Readers,
    Setting::Split,
];

/// `trace` as typed.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Experiment")]
pub struct Trace {
    /// The strategy
    #[arg(value_name = "STRATEGY", default_value = "unsynced", value_parser = strategies(), hide_possible_values = true)]
    pub kind: &'static Kind,
    /// Threads that count, 1 to 1024
    #[arg(short, long, value_name = "N", default_value = "3", allow_negative_numbers = true, value_parser = values::threads)]
    pub threads: usize,
    /// Increments that each thread makes (5k, 1M)
    #[arg(short, long, alias = "count", value_name = "M", default_value = "5000", allow_negative_numbers = true, value_parser = values::number)]
    pub increments: u64,
    /// The most runs to make until one loses updates [default: 1000; 1 where none can be lost]
    #[arg(short, long, alias = "trials", value_name = "R", allow_negative_numbers = true, value_parser = values::positive)]
    pub runs: Option<u64>,
    /// Give up after so long, exit with 124
    #[arg(long, value_name = "DURATION", allow_hyphen_values = true, value_parser = values::duration)]
    pub timeout: Option<Duration>,
    /// Exit with 1 unless the run is correct, or unless it lost an update
    #[arg(long, value_enum, value_name = "WHAT")]
    pub expect: Option<Total>,
    /// How the threads of a run are made to start together
    #[arg(long, value_enum, value_name = "LINE", default_value = "timebase")]
    pub start: StartArg,
    /// Which cores the threads run on
    #[arg(long, value_enum, value_name = "HOW", default_value = "spread")]
    pub pin: PinArg,
    /// Also draw the run as a picture for slides
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Evidence")]
    pub svg: Option<PathBuf>,
    /// The background of the picture
    #[arg(
        long,
        value_enum,
        value_name = "THEME",
        default_value = "light",
        requires = "svg",
        help_heading = "Evidence"
    )]
    pub theme: ThemeArg,
    /// Print nothing but a schedule that replays the run
    #[arg(long, help_heading = "Evidence")]
    pub token: bool,
    /// The settings of the strategy.
    #[command(flatten)]
    pub settings: StrategyFlags,
}

/// `--theme`
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ThemeArg {
    /// Dark on light
    Light,
    /// Light on dark
    Dark,
}

/// The subcommand.
pub(super) fn command() -> Command {
    settings::show_with_takers(Trace::augment_args(Command::new(NAME)), SETTINGS)
        .about("Show which updates a run lost, and how, on real threads")
}

/// Reads what was typed.
pub(super) fn read(matches: &ArgMatches) -> Result<Trace, clap::Error> {
    Trace::from_arg_matches(matches)
}
