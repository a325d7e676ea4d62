//! `replay`: any schedule, forced on real threads.

use std::time::Duration;

use clap::{ArgMatches, Args, Command, FromArgMatches, ValueEnum};

use super::count::PinArg;
use super::{settings, values};
use crate::strategy::{Kind, Settings};

/// `replay` as typed.
#[derive(Clone, Debug)]
pub struct Replay {
    /// The strategy.
    pub kind: &'static Kind,
    /// What all strategies take.
    pub flags: ReplayFlags,
    /// What only this one takes.
    pub settings: Settings,
}

/// The flags of `replay`.
#[derive(Args, Clone, Debug)]
pub struct ReplayFlags {
    /// The strategy
    #[arg(value_name = "STRATEGY", value_parser = values::strategy)]
    kind: &'static Kind,
    /// The order of steps: a token such as A,B9998,A,B,A-,B- or worst, lockstep, serial, random:SEED
    #[arg(short, long, value_name = "TOKEN|NAME")]
    pub schedule: String,
    /// Threads that count, 1 to 1024
    #[arg(short, long, value_name = "N", default_value = "2", allow_negative_numbers = true, value_parser = values::threads)]
    pub threads: usize,
    /// Increments that each thread makes (5k, 2M, 1G)
    #[arg(short, long, alias = "count", value_name = "M", default_value = "5000", allow_negative_numbers = true, value_parser = values::number)]
    pub increments: u64,
    /// Where to run it
    #[arg(long, value_enum, value_name = "WHERE", default_value = "threads")]
    pub on: On,
    /// Print the steps, a column for each thread
    #[arg(long)]
    pub steps: bool,
    /// Take it for an error when the schedule ends before the threads do
    #[arg(long)]
    pub strict: bool,
    /// Which cores the threads run on
    #[arg(long, value_enum, value_name = "HOW", default_value = "spread")]
    pub pin: PinArg,
    /// Give up after so long, and exit with 124
    #[arg(long, value_name = "DURATION", value_parser = values::duration)]
    pub timeout: Option<Duration>,
}

/// `--on`
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum On {
    /// On real threads, after the model has predicted the total
    Threads,
    /// In the model alone
    Model,
}

/// The subcommand.
pub(super) fn command() -> Command {
    let command = ReplayFlags::augment_args(Command::new("replay"));
    settings::add(command, settings::OF_PROGRAMS)
        .about("Force a schedule, step by step, on real threads")
}

/// Reads what was typed.
pub(super) fn read(matches: &ArgMatches) -> Result<Replay, clap::Error> {
    let flags = ReplayFlags::from_arg_matches(matches)?;
    Ok(Replay {
        kind: flags.kind,
        settings: settings::read(flags.kind, settings::OF_PROGRAMS, matches)?,
        flags,
    })
}
