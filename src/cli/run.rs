//! `run`: a race program on real threads, unforced.

use std::time::Duration;

use clap::{Arg, Args, ValueEnum};

use super::strategy::show_only;
use super::subject::{ModelArgs, ReadProgram};
use super::values;
use crate::error::Error;
use crate::plan::{MemoryModel, Pinning, RacePlan, RaceUntil, StartLine};

/// How long a program is run unless anything else is asked for.
const USUAL: Duration = Duration::from_secs(1);

/// Run a race program on real threads, many times.
///
/// Outcomes (shown values, deadlock, livelock, failed assertion, fault) are counted beside the model's
/// prediction.
#[derive(Args, Clone, Debug)]
#[command(mut_args(of_programs))]
pub struct RunArgs {
    /// The subject.
    #[command(flatten)]
    pub modelled: ModelArgs,
    /// Number of runs
    #[arg(short, long, alias = "trials", value_name = "R", allow_negative_numbers = true, value_parser = values::positive)]
    pub runs: Option<u64>,
    /// Keep running for this long [default: 1s, unless --runs is given]
    #[arg(long = "for", value_name = "DURATION", allow_hyphen_values = true, value_parser = values::some_time)]
    pub budget: Option<Duration>,
    /// Stop after the first run that ends like this
    ///
    /// wrong, correct, 'paid == 160', deadlock, livelock, assertion or fault
    #[arg(long, value_name = "OUTCOME", allow_hyphen_values = true)]
    pub until: Option<String>,
    /// Stop after this long, exit with 124
    #[arg(long, value_name = "DURATION", allow_hyphen_values = true, value_parser = values::duration)]
    pub timeout: Option<Duration>,
    /// Exit with 1 unless all are correct, or some wrong
    #[arg(long, value_enum, value_name = "WHAT")]
    pub expect: Option<RaceExpectation>,
    /// How the threads start together
    #[arg(long, value_enum, value_name = "LINE", default_value_t)]
    pub start: StartLine,
    /// Which cores the threads run on
    #[arg(long, value_enum, value_name = "HOW", default_value_t)]
    pub pin: Pinning,
    /// Runs per meeting at the start line [default: 256, or as many as the caches hold]
    #[arg(long, value_name = "K", allow_negative_numbers = true, value_parser = values::within(1..=65_536_usize))]
    pub stride: Option<usize>,
}

/// What `--expect` demands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum RaceExpectation {
    /// That every run is correct
    Correct,
    /// That some run is wrong
    Wrong,
}

/// Fits the arguments of all that has a model to race programs.
fn of_programs(arg: Arg) -> Arg {
    match arg.get_id().as_str() {
        "subject" => arg
            .value_name("PROGRAM")
            .help("A race program: a name, a file, or -"),
        "threads" => arg.help("The parameter `threads` of the program"),
        "increments" => arg.help("The parameter `increments` of the program"),
        "set" => arg.help("Another value for a parameter of the program"),
        // The processor has the memory model that it has.
        "memory" => arg.hide(true),
        _ => show_only(arg, &[]),
    }
}

impl RunArgs {
    /// Sets up the experiment.
    ///
    /// # Errors
    ///
    /// Those of the subject, and [`Error::Usage`] if it is not a race program.
    pub fn plan(&self, read: ReadProgram<'_>) -> Result<RacePlan, Error> {
        let until = self.until.as_deref().map(|until| match until {
            "wrong" => RaceUntil::Wrong,
            "correct" => RaceUntil::Correct,
            _ => RaceUntil::Asked,
        });
        let asked = self.until.as_deref();
        let asked = asked.filter(|_| until == Some(RaceUntil::Asked));
        if !self.modelled.is_race() {
            return Err(Error::Usage(
                "run takes a race program ('miscount programs' lists them); a strategy such as \
                 unsynced is a command of its own"
                    .into(),
            ));
        }
        if self.modelled.memory() != MemoryModel::Sc {
            return Err(Error::Usage(
                "--memory is for the model: real threads have the memory that this processor has; leave it \
                 out, and run compares with both models"
                    .into(),
            ));
        }
        let is_unlimited = self.runs.is_none() && self.budget.is_none();
        Ok(RacePlan {
            subject: self.modelled.asked(asked, read)?,
            runs: self.runs,
            budget: self.budget.or(is_unlimited.then_some(USUAL)),
            until,
            start: self.start,
            pinning: self.pin,
            stride: self.stride,
        })
    }
}
