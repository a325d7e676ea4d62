//! `explore`: every schedule of a small size, counted.

use std::time::Duration;

use clap::Args;

use super::picture::PictureArgs;
use super::root::echoed;
use super::run::RaceExpectation;
use super::strategy::modelled;
use super::subject::{ModelArgs, ReadProgram, SubjectArg};
use super::values;
use crate::error::Error;
use crate::plan::Exploration;

/// Count every schedule: which totals are possible, and how.
///
/// A step is a load, a store or a lock operation. A witness is the schedule for a total with the
/// fewest switches between threads. Litmus tests of herd (X86 or C) are read too.
///
/// docs/model.md says what the model leaves out.
#[derive(Args, Clone, Debug)]
#[command(mut_args(modelled))]
pub struct ExploreArgs {
    /// The subject.
    #[command(flatten)]
    pub modelled: ModelArgs,
    /// More litmus tests, or folders of them
    #[arg(value_name = "FILE", help_heading = None)]
    pub more: Vec<String>,
    /// Print litmus tests as herd does
    #[arg(long, conflicts_with = "reach", help_heading = "Search")]
    pub herd: bool,
    /// Ask only whether this is possible: exit with 0 or 1
    ///
    /// A total; for a race program 'paid == 160', deadlock, livelock, assertion or fault.
    #[arg(
        long,
        value_name = "TOTAL|CONDITION",
        allow_hyphen_values = true,
        help_heading = "Search"
    )]
    pub reach: Option<String>,
    /// Exit with 1 unless all are correct, or some wrong
    #[arg(
        long,
        value_enum,
        value_name = "WHAT",
        hide_possible_values = true,
        conflicts_with = "reach",
        help_heading = "Search"
    )]
    pub expect: Option<RaceExpectation>,
    /// The picture of a wrong outcome's witness, or of that of `--reach`.
    #[command(flatten)]
    pub picture: PictureArgs,
    /// Stop after this many states, exit with 4
    #[arg(long, value_name = "S", allow_negative_numbers = true, value_parser = values::positive, help_heading = "Search")]
    pub max_states: Option<u64>,
    /// Stop after this long, exit with 4
    #[arg(long, value_name = "DURATION", allow_hyphen_values = true, value_parser = values::duration, help_heading = "Search")]
    pub timeout: Option<Duration>,
    /// Stop at this much memory (512MiB), exit with 4 [default: 2GiB, or half of the free memory]
    #[arg(long, value_name = "SIZE", allow_negative_numbers = true, value_parser = values::size, help_heading = "Search")]
    pub max_memory: Option<u64>,
    /// Count only: less than half the time and memory
    #[arg(long, help_heading = "Search")]
    pub no_witnesses: bool,
}

impl ExploreArgs {
    /// Returns the same for another file.
    #[must_use]
    pub fn about(&self, file: &str) -> Self {
        let mut other = self.clone();
        other.modelled.named = SubjectArg::File(file.to_owned());
        other.more.clear();
        other
    }

    /// Sets up the census.
    ///
    /// # Errors
    ///
    /// Those of the subject, and [`Error::Usage`] for a question that is none.
    pub fn plan(&self, read: ReadProgram<'_>) -> Result<Exploration, Error> {
        let asked = self.reach.as_deref();
        let is_race = self.modelled.is_race();
        if is_race && asked.is_some_and(|asked| values::number(asked).is_ok()) {
            return Err(Error::Usage(
                "--reach: a race program has no total; ask a condition, such as 'x == 1'".into(),
            ));
        }
        let subject = self.modelled.asked(asked.filter(|_| is_race), read)?;
        let total = |asked| {
            let total = values::number(asked);
            total.map_err(|error| Error::Usage(format!("--reach '{}': {error}", echoed(asked))))
        };
        let reach = asked.filter(|_| !is_race).map(total).transpose()?;
        Ok(Exploration {
            subject,
            reach,
            question: asked.filter(|_| is_race).map(str::to_owned),
            states: self.max_states,
            memory: self.max_memory,
            timeout: self.timeout,
            witnesses: !self.no_witnesses,
        })
    }
}
