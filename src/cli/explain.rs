//! `explain`: a strategy in words, in code and in steps; or the map of all.

use std::sync::Arc;

use clap::Args;

use super::strategy::{StrategyArgs, flag, modelled, takers};
use super::subject::{SubjectArg, SubjectParser, of_puzzle, refuse, set_up};
use super::values;
use crate::error::Error;
use crate::plan::{Explaining, Subject};

/// Explain a strategy, or how all of them relate.
///
/// What it does, its code in Rust, the steps of the machine, the interleaving that breaks it, or
/// the count of all schedules that do not, what it costs, and the commands to see for oneself.
/// A puzzle goes without what only strategies have. Without a name: the map of all strategies, and
/// what race condition, data race, atomicity, critical section and lock granularity have to do with
/// one another.
#[derive(Args, Clone, Debug)]
#[command(mut_args(modelled))]
pub struct ExplainArgs {
    /// The way of counting, or a puzzle of step, by name [default: the map of all strategies]
    #[arg(id = "subject", value_name = "STRATEGY|PUZZLE", value_parser = SubjectParser, hide_possible_values = true)]
    pub named: Option<SubjectArg>,
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
        let Some(named) = self.named else {
            return match self.settings.typed().next() {
                None => Ok(None),
                Some(setting) => Err(Error::Usage(format!(
                    "--{} needs the strategy that it is a flag of: name {} before it",
                    flag(setting),
                    takers(setting).join(" or ")
                ))),
            };
        };
        Ok(Some(match named {
            SubjectArg::Strategy(kind) => {
                let strategy = set_up(kind, &self.settings)?;
                let sized = |increments| {
                    let shape = values::shape(2, increments)?;
                    Ok(Subject::of_strategy(Arc::clone(&strategy), shape))
                };
                Explaining {
                    listed: sized(5000)?,
                    broken: sized(1)?,
                    counted: sized(2)?,
                    strategy: Some(strategy),
                }
            }
            SubjectArg::Puzzle(puzzle) => {
                refuse(puzzle, [].into_iter(), &self.settings)?;
                let subject = of_puzzle(puzzle)?;
                Explaining {
                    listed: subject.clone(),
                    broken: subject.clone(),
                    counted: subject,
                    strategy: None,
                }
            }
        }))
    }
}
