//! `step`: you are the scheduler.

use clap::{Arg, ArgMatches, Args, Command, FromArgMatches};

use super::strategy::show_modelled;
use super::subject::ModelArgs;
use crate::error::Error;
use crate::plan::Subject;

pub(super) const NAME: &str = "step";

const SUMMARY: &str = "You are the scheduler: choose who moves next, on a full screen";

const LONG: &str = "You are the scheduler: choose who moves next, on a full screen.\n\n\
    The screen shows each thread's program, what the threads share, and, after \
    every step, every total that can still come of it, with the number of schedules left to each. \
    Press ? for the keys. On leaving, what was played is printed as commands that take it; \
    -o FILE keeps it as a token, for --schedule @FILE.\n\n\
    A puzzle has something to bring about: begin with 'miscount step --puzzle 1'. \
    What is solved is kept in miscount/puzzles.json in the platform's folder for data (XDG_DATA_HOME).";

/// The increments of each thread unless they are typed: few enough to be played by hand.
const USUAL_INCREMENTS: u64 = 2;

/// The arguments that a puzzle leaves no choice about.
const MODEL: [&str; 9] = [
    "subject",
    "threads",
    "increments",
    "window",
    "access",
    "batch",
    "readers",
    "split",
    "await",
];

/// `step` as typed.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Step")]
pub struct StepArgs {
    /// What is played, by name; `None` for puzzles that were not named so.
    #[arg(skip)]
    pub modelled: Option<ModelArgs>,
    /// Begin with these steps already played: a token such as A,B2,A or worst, lockstep, serial, random:SEED; @FILE or - reads it from a file or from standard input
    #[arg(short, long, value_name = "TOKEN|NAME|@FILE")]
    pub schedule: Option<String>,
    /// Play a puzzle, by number or name; 'next' is the first that is not solved
    #[arg(long, value_name = "N|NAME", allow_negative_numbers = true, conflicts_with_all = MODEL)]
    pub puzzle: Option<String>,
    /// List the puzzles, and which are solved
    #[arg(long, conflicts_with_all = MODEL, conflicts_with_all = ["puzzle", "schedule"])]
    pub puzzles: bool,
    /// Forget which puzzles are solved
    #[arg(long, conflicts_with_all = MODEL, conflicts_with_all = ["puzzle", "puzzles", "schedule"])]
    pub reset: bool,
}

impl StepArgs {
    /// Sets up what is named.
    ///
    /// # Errors
    ///
    /// As [`ModelArgs::subject`].
    pub fn subject(&self) -> Result<Option<Subject>, Error> {
        let named = self.modelled.as_ref();
        named
            .map(|named| named.subject_of(USUAL_INCREMENTS))
            .transpose()
    }
}

/// The subcommand.
pub(super) fn command() -> Command {
    let command = show_modelled(ModelArgs::augment_args(Command::new(NAME)));
    StepArgs::augment_args(command)
        .about(SUMMARY)
        .long_about(LONG)
        .mut_arg("subject", |strategy: Arg| strategy.required(false))
        .mut_arg("increments", |increments| {
            increments.help(format!(
                "Increments that each thread makes [default: {USUAL_INCREMENTS}]"
            ))
        })
}

/// Reads the arguments; without a strategy, the size and settings mean nothing.
pub(super) fn read(matches: &ArgMatches) -> Result<StepArgs, clap::Error> {
    let mut step = StepArgs::from_arg_matches(matches)?;
    if matches.contains_id("subject") {
        step.modelled = Some(ModelArgs::from_arg_matches(matches)?);
    }
    Ok(step)
}

#[cfg(test)]
mod tests {
    use super::MODEL;
    use crate::cli::strategy::flag;
    use crate::strategy::Setting;

    #[test]
    fn a_puzzle_decides_every_setting() {
        for setting in Setting::ALL {
            assert!(MODEL.contains(&flag(setting)), "{setting:?}");
        }
    }
}
