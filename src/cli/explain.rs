//! `explain`: a strategy in words, in code and in steps; or the map of all.

use clap::{Args, Command};

use super::strategy::{NOT_MODELLED, StrategyArgs, flag, show_modelled, strategies, takers};
use super::values;
use crate::error::Error;
use crate::plan::Explaining;
use crate::strategy::Kind;

pub(super) const NAME: &str = "explain";

const SUMMARY: &str = "Explain a strategy, or how all of them relate";

const LONG: &str = "Explain a strategy, or how all of them relate.\n\n\
    What it does, its code in Rust, the steps of the machine, the interleaving that breaks it, or \
    the count of all schedules that do not, what it costs, and the commands to see for oneself. \
    Without a strategy: the map of all of them, and what race condition, data race, atomicity, \
    critical section and lock granularity have to do with one another.";

/// `explain` as typed.
#[derive(Args, Clone, Debug)]
pub struct ExplainArgs {
    /// The way of counting, by name [default: the map of all]
    #[arg(value_name = "STRATEGY", value_parser = strategies(), hide_possible_values = true)]
    pub kind: Option<&'static Kind>,
    /// Its settings.
    #[command(flatten)]
    pub settings: StrategyArgs,
}

impl ExplainArgs {
    /// Returns what is to be explained; `None` is the map of all strategies.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] for a setting that the strategy does not take, [`Error::Machine`] for one
    /// that the machine does not have.
    pub fn plan(&self) -> Result<Option<Explaining>, Error> {
        let Some(kind) = self.kind else {
            return match self.settings.typed().next() {
                None => Ok(None),
                Some(setting) => Err(Error::Usage(format!(
                    "--{} needs the strategy that it is a flag of: name {} before it",
                    flag(setting),
                    takers(setting).join(" or ")
                ))),
            };
        };
        Ok(Some(Explaining {
            strategy: self.settings.set_up(kind, NOT_MODELLED)?,
            listed: values::shape(2, 5000)?,
            broken: values::shape(2, 1)?,
            counted: values::shape(2, 2)?,
        }))
    }
}

/// The subcommand.
pub(super) fn command() -> Command {
    show_modelled(ExplainArgs::augment_args(Command::new(NAME)))
        .about(SUMMARY)
        .long_about(LONG)
}
