//! A subject as typed: a strategy with its size and its settings, or a puzzle, by name.

use std::ffi::OsStr;
use std::sync::Arc;

use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use clap::{Arg, Args, Command};

use super::strategy::{NOT_MODELLED, StrategyArgs, flag};
use super::values;
use crate::error::Error;
use crate::game::puzzle::{self, Puzzle};
use crate::plan::{Subject, SubjectKind, SubjectWords};
use crate::strategy::{self, Kind, named};

/// The increments of each thread unless they are typed.
const USUAL_INCREMENTS: u64 = 5;

/// Names at least as similar as this are suggested, as clap does.
const LIKE: f64 = 0.7;

/// A name that stands for a subject.
#[derive(Clone, Copy, Debug)]
pub enum SubjectArg {
    /// A strategy.
    Strategy(&'static Kind),
    /// A puzzle.
    Puzzle(&'static Puzzle),
}

/// A subject, its size and its settings, for the model.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Model")]
pub struct ModelArgs {
    /// The way of counting, or a puzzle of step, by name
    #[arg(id = "subject", value_name = "STRATEGY|PUZZLE", value_parser = SubjectParser, hide_possible_values = true, help_heading = None)]
    pub named: SubjectArg,
    /// Its size and its settings.
    #[command(flatten)]
    sized: SizeArgs,
}

/// The size and the settings of a subject.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Model")]
pub struct SizeArgs {
    /// Threads that count [default: 2]
    #[arg(short, long, value_name = "N", allow_negative_numbers = true, value_parser = values::threads)]
    pub(super) threads: Option<usize>,
    /// Increments that each thread makes [default: 5]
    #[arg(short, long, alias = "count", value_name = "M", allow_negative_numbers = true, value_parser = values::number)]
    pub(super) increments: Option<u64>,
    /// Its settings.
    #[command(flatten)]
    pub(super) settings: StrategyArgs,
}

impl ModelArgs {
    /// Sets up what is named.
    ///
    /// # Errors
    ///
    /// As [`SizeArgs::subject`].
    pub fn subject(&self) -> Result<Subject, Error> {
        self.sized.subject(self.named, USUAL_INCREMENTS)
    }
}

impl SizeArgs {
    /// Sets up what is named, with this number of increments unless another one was typed.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] for a setting or a size that it does not take, or for a size beyond 64 bits.
    pub fn subject(&self, named: SubjectArg, increments: u64) -> Result<Subject, Error> {
        match named {
            SubjectArg::Strategy(kind) => {
                let strategy = self.settings.set_up(kind, NOT_MODELLED)?;
                let increments = self.increments.unwrap_or(increments);
                let shape = values::shape(self.threads.unwrap_or(2), increments)?;
                Ok(Subject::of_strategy(Arc::from(strategy), shape))
            }
            SubjectArg::Puzzle(puzzle) => {
                let threads = self.threads.map(|_| "threads");
                let increments = self.increments.map(|_| "increments");
                let mut flags = threads
                    .into_iter()
                    .chain(increments)
                    .chain(self.settings.typed().map(flag));
                if let Some(flag) = flags.next() {
                    return Err(Error::Usage(format!(
                        "--{flag} is for strategies, and {} is a puzzle, with a size and a program \
                         of its own; leave it out",
                        puzzle.name
                    )));
                }
                of_puzzle(puzzle)
            }
        }
    }
}

/// Returns the subject that a puzzle makes.
///
/// # Errors
///
/// [`Error::Usage`] if the model has no room for it.
pub fn of_puzzle(puzzle: &'static Puzzle) -> Result<Subject, Error> {
    let system = (puzzle.build)();
    let system = system.map_err(|error| Error::Usage(format!("{}: {error}", puzzle.name)))?;
    let words = SubjectWords {
        title: puzzle.title,
        story: puzzle.story.into(),
        why: puzzle.lesson,
    };
    Ok(Subject::of_system(
        SubjectKind::Puzzle,
        puzzle.name,
        words,
        system,
        puzzle.correct,
        puzzle.counts,
    ))
}

/// Reads the name of a strategy or of a puzzle.
#[derive(Clone, Copy, Debug)]
pub(super) struct SubjectParser;

/// Returns the names of all strategies and puzzles.
fn names() -> impl Iterator<Item = &'static str> {
    let strategies = strategy::ALL.iter().map(|kind| kind.name);
    strategies.chain(puzzle::ALL.iter().map(|puzzle| puzzle.name))
}

/// Returns the name that is most like what was typed, if one is.
fn similar(typed: &str) -> Option<&'static str> {
    let alike = names().map(|name| (strsim::jaro(typed, name), name));
    let alike = alike.filter(|(alike, _)| *alike > LIKE);
    alike
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}

impl TypedValueParser for SubjectParser {
    type Value = SubjectArg;

    fn parse_ref(
        &self,
        command: &Command,
        arg: Option<&Arg>,
        value: &OsStr,
    ) -> Result<SubjectArg, clap::Error> {
        let read = StringValueParser::new().try_map(|name| {
            let puzzle = || puzzle::ALL.iter().find(|puzzle| puzzle.name == name);
            let strategy = named(&name).map(SubjectArg::Strategy);
            let found = strategy.or_else(|| puzzle().copied().map(SubjectArg::Puzzle));
            found.ok_or_else(|| match similar(&name) {
                Some(near) => format!("did you mean '{near}'?"),
                None => "'miscount explain' lists the strategies, 'miscount step --puzzles' the \
                         puzzles"
                    .into(),
            })
        });
        read.parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(names().map(PossibleValue::new)))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::names;

    #[test]
    fn no_two_subjects_share_a_name() {
        let distinct: BTreeSet<_> = names().collect();
        assert_eq!(distinct.len(), names().count());
    }
}
