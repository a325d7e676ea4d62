//! The counting subcommands: one for each strategy, with the settings that are its own.

use std::time::Duration;

use clap::error::ErrorKind;
use clap::{ArgMatches, Args, Command, FromArgMatches, Subcommand};

use super::strategy::{StrategyArgs, show_only};
use super::values;
use crate::error::Error;
use crate::plan::{CountingPlan, Pinning, StartLine, Until};
use crate::strategy::{ALL, Kind, named};

/// A counting subcommand as typed.
#[derive(Clone, Debug)]
pub struct CountArgs {
    /// The strategy.
    pub kind: &'static Kind,
    /// The flags that every strategy takes.
    pub experiment: ExperimentArgs,
}

/// The flags that every counting subcommand takes.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Experiment")]
pub struct ExperimentArgs {
    /// Threads that count [default: one per core, 2 to 4]
    #[arg(short, long, value_name = "N", default_value_t = values::usual_threads(), hide_default_value = true, allow_negative_numbers = true, value_parser = values::threads)]
    pub threads: usize,
    /// Increments of each thread (5k, 2M, 1G)
    #[arg(short, long, alias = "count", value_name = "M", default_value = "5000", allow_negative_numbers = true, value_parser = values::number)]
    pub increments: u64,
    /// Number of runs
    #[arg(short, long, alias = "trials", value_name = "R", default_value = "10", allow_negative_numbers = true, value_parser = values::positive)]
    pub runs: u64,
    /// Run for this long instead
    #[arg(long = "for", value_name = "DURATION", allow_hyphen_values = true, conflicts_with = "runs", value_parser = values::some_time)]
    pub budget: Option<Duration>,
    /// Stop after the first such run
    #[arg(long, value_enum, value_name = "WHAT")]
    pub until: Option<Until>,
    /// Stop after this long, exit with 124
    #[arg(long, value_name = "DURATION", allow_hyphen_values = true, value_parser = values::duration)]
    pub timeout: Option<Duration>,
    /// Exit with 1 unless all are correct, or some lost
    #[arg(long, value_enum, value_name = "WHAT", hide_possible_values = true)]
    pub expect: Option<Until>,
    /// How the threads start together
    #[arg(long, value_enum, value_name = "LINE", default_value_t)]
    pub start: StartLine,
    /// Which cores the threads run on
    #[arg(long, value_enum, value_name = "HOW", default_value_t)]
    pub pin: Pinning,
    /// Runs per meeting at the start line
    #[arg(long, value_name = "K", default_value = "1", allow_negative_numbers = true, value_parser = values::within(1..=65_536_usize))]
    pub stride: usize,
    /// The settings of the strategy.
    #[command(flatten)]
    pub settings: StrategyArgs,
}

impl TryFrom<&CountArgs> for CountingPlan {
    type Error = Error;

    fn try_from(typed: &CountArgs) -> Result<Self, Error> {
        let common = &typed.experiment;
        let shape = values::shape(common.threads, common.increments)?;
        let strategy = common.settings.set_up(typed.kind, &[])?;
        let runs = match common.budget {
            Some(_) => u64::MAX,
            None => common.runs,
        };
        Ok(Self {
            budget: common.budget,
            until: common.until,
            start: common.start,
            pinning: common.pin,
            stride: common.stride,
            ..Self::new(strategy, shape, runs)
        })
    }
}

/// A subcommand for each strategy.
impl Subcommand for CountArgs {
    fn augment_subcommands(command: Command) -> Command {
        command.subcommands(ALL.iter().map(|kind| {
            ExperimentArgs::augment_args(Command::new(kind.name))
                .mut_args(|arg| show_only(arg, kind.settings))
                .about(kind.summary)
        }))
    }

    fn augment_subcommands_for_update(command: Command) -> Command {
        Self::augment_subcommands(command)
    }

    fn has_subcommand(name: &str) -> bool {
        named(name).is_some()
    }
}

impl FromArgMatches for CountArgs {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let typed = matches.subcommand();
        let typed = typed.and_then(|(name, typed)| Some((named(name)?, typed)));
        let (kind, typed) = typed.ok_or(clap::Error::new(ErrorKind::InvalidSubcommand))?;
        let experiment = ExperimentArgs::from_arg_matches(typed)?;
        Ok(Self { kind, experiment })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}
