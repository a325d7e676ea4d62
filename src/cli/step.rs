//! `step`: you are the scheduler.

use clap::Args;

use super::picture::PictureArgs;
use super::strategy::modelled;
use super::subject::{ReadProgram, SizeArgs, SubjectArg, SubjectParser};
use crate::error::Error;
use crate::plan::Subject;
use crate::strategy::Setting;

/// The increments of each thread unless they are typed: few enough to be played by hand.
const USUAL_INCREMENTS: u64 = 2;

/// Returns the arguments that a puzzle leaves no choice about.
fn model() -> impl Iterator<Item = &'static str> {
    let size = ["subject", "set", "threads", "increments"];
    size.into_iter().chain(Setting::ALL.map(Setting::name))
}

/// Be the scheduler: choose the next thread, on a full screen.
///
/// Press ? for the keys. On leaving, your schedule is printed as commands; -o FILE saves it for
/// --schedule @FILE. Puzzles have a goal: begin with 'miscount step --puzzle 1'.
#[derive(Args, Clone, Debug)]
#[command(mut_args(modelled))]
#[command(mut_arg("increments", |increments| increments.help(format!(
    "Increments of each thread [default: {USUAL_INCREMENTS}]"
))))]
pub struct StepArgs {
    /// A strategy, race program or litmus test (name or file)
    #[arg(id = "subject", value_name = "STRATEGY|PROGRAM", value_parser = SubjectParser(&[]), hide_possible_values = true, help_heading = None)]
    named: Option<SubjectArg>,
    /// Its size and its settings, which mean nothing without a name.
    #[command(flatten)]
    sized: SizeArgs,
    /// Begin with these steps: A,B2,A or a name
    ///
    /// Names: worst, lockstep, serial, random:SEED. @FILE or - reads one.
    #[arg(short, long, value_name = "SCHEDULE", help_heading = "Step")]
    pub schedule: Option<String>,
    /// The picture of what was played last.
    #[command(flatten)]
    pub picture: PictureArgs,
    /// Play a puzzle ('next': the first unsolved one)
    #[arg(
        long,
        value_name = "N|NAME",
        allow_negative_numbers = true,
        conflicts_with_all = model(),
        help_heading = "Step"
    )]
    pub puzzle: Option<String>,
    /// List the puzzles and your stars
    #[arg(long, conflicts_with_all = model(), conflicts_with_all = ["puzzle", "schedule"], help_heading = "Step")]
    pub puzzles: bool,
    /// Forget all solved puzzles
    #[arg(long, conflicts_with_all = model(), conflicts_with_all = ["puzzle", "puzzles", "schedule"], help_heading = "Step")]
    pub reset: bool,
}

impl StepArgs {
    /// Sets up what is named.
    ///
    /// # Errors
    ///
    /// As [`SizeArgs::subject`].
    pub fn subject(&self, read: ReadProgram<'_>) -> Result<Option<Subject>, Error> {
        let subject = |named| self.sized.subject(named, USUAL_INCREMENTS, None, read);
        self.named.as_ref().map(subject).transpose()
    }
}
