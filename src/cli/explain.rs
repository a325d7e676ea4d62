//! `explain`: a strategy in words, in code and in steps; or the map of all.

use clap::Args;

use super::strategy::{StrategyArgs, flag, modelled, takers};
use super::subject::{ReadProgram, SizeArgs, SubjectArg, SubjectParser, parameter};
use crate::error::Error;
use crate::plan::{MemoryModel, Subject};

/// The increments of each thread whose schedules are counted.
const COUNTED: u64 = 2;

/// Explain a strategy, or how all of them relate.
///
/// What it does, its code in Rust, the steps of the machine, the interleaving that breaks it, or
/// the count of all schedules that do not, what it costs, and the commands to see for oneself.
/// A race program is shown with the steps of each line, how its schedules end, and the schedule that
/// breaks it. Without a name: the map of all strategies, and
/// what race condition, data race, atomicity, critical section, lock granularity, sequential consistency,
/// store buffers and fences have to do with one another.
#[derive(Args, Clone, Debug)]
#[command(mut_args(modelled))]
pub struct ExplainArgs {
    /// A strategy, a program of the gallery, or a file with a program [default: the map of all strategies]
    #[arg(id = "subject", value_name = "STRATEGY|PROGRAM", value_parser = SubjectParser, hide_possible_values = true)]
    pub named: Option<SubjectArg>,
    /// A race program: another value for a parameter
    #[arg(long, value_name = "NAME=VALUE", allow_hyphen_values = true, value_parser = parameter)]
    pub set: Vec<(String, i64)>,
    /// Its settings.
    #[command(flatten)]
    pub settings: StrategyArgs,
}

impl ExplainArgs {
    /// Returns what is to be explained, at a size whose schedules are counted at once; `None` is the
    /// map of all strategies.
    ///
    /// # Errors
    ///
    /// As [`SizeArgs::subject`].
    pub fn subject(&self, read: ReadProgram<'_>) -> Result<Option<Subject>, Error> {
        let setting = self.settings.typed().next();
        match (&self.named, setting) {
            (Some(named), _) => {
                let sized = SizeArgs {
                    threads: None,
                    increments: None,
                    set: self.set.clone(),
                    memory: MemoryModel::Sc,
                    settings: self.settings.clone(),
                };
                sized.subject(named, COUNTED, None, read).map(Some)
            }
            (None, None) => Ok(None),
            (None, Some(setting)) => Err(Error::Usage(format!(
                "--{} needs the strategy that it is a flag of: name {} before it",
                flag(setting),
                takers(setting).join(" or ")
            ))),
        }
    }
}
