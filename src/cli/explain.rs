//! `explain`: a strategy in words, in code and in steps; or the map of all.

use std::ffi::OsStr;

use clap::builder::{PossibleValue, TypedValueParser};
use clap::{Arg, Args, Command};

use super::strategy::{StrategyArgs, modelled, takers};
use super::subject::{ReadProgram, SizeArgs, SubjectArg, SubjectParser, parameter};
use crate::error::Error;
use crate::plan::{HelpTopic, MemoryModel, Subject, TOPICS};

/// The increments of each thread whose schedules are counted.
const COUNTED: u64 = 2;

/// Explain a strategy, a race program or a topic
///
/// Shows the code, its machine steps, an interleaving that breaks it, and the cost. Topics: 'terms' (the
/// glossary), 'symptoms' (from "my total is too low" or "it hangs" to the cause), 'detectors' (the tools for
/// your language) and 'language' (how to write a race program).
#[derive(Args, Clone, Debug)]
#[command(mut_args(modelled))]
pub struct ExplainArgs {
    /// Also terms, symptoms, detectors or language [default: the map]
    #[arg(id = "subject", value_name = "STRATEGY|PROGRAM|TOPIC", value_parser = ExplainParser, hide_possible_values = true)]
    pub named: Option<ExplainArg>,
    /// Set a parameter of a race program
    #[arg(long, value_name = "NAME=VALUE", allow_hyphen_values = true, value_parser = parameter)]
    pub set: Vec<(String, i64)>,
    /// Its settings.
    #[command(flatten)]
    pub settings: StrategyArgs,
}

/// A name as typed.
#[derive(Clone, Debug)]
pub enum ExplainArg {
    /// A topic.
    Topic(&'static HelpTopic),
    /// A strategy or a race program.
    Subject(SubjectArg),
}

/// What is to be explained.
#[derive(Debug)]
pub enum ExplainTopic {
    /// The map of all strategies.
    Map,
    /// Short explanations.
    Topic(&'static HelpTopic),
    /// A subject, at a size whose schedules are counted at once.
    Subject(Box<Subject>),
}

/// Reads a strategy or a race program, where a topic may have been meant.
static SUBJECTS: SubjectParser = SubjectParser(&TOPICS);

/// Reads a topic.
#[derive(Clone, Copy, Debug)]
struct ExplainParser;

impl TypedValueParser for ExplainParser {
    type Value = ExplainArg;

    fn parse_ref(
        &self,
        command: &Command,
        arg: Option<&Arg>,
        value: &OsStr,
    ) -> Result<ExplainArg, clap::Error> {
        match TOPICS.iter().find(|topic| value == topic.name) {
            Some(topic) => Ok(ExplainArg::Topic(topic)),
            None => SUBJECTS
                .parse_ref(command, arg, value)
                .map(ExplainArg::Subject),
        }
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let topics = TOPICS.iter().map(|topic| PossibleValue::new(topic.name));
        let subjects = SUBJECTS.possible_values().into_iter().flatten();
        Some(Box::new(topics.chain(subjects)))
    }
}

impl ExplainArgs {
    /// Returns the topic, with a subject set up.
    ///
    /// # Errors
    ///
    /// As [`SizeArgs::subject`].
    pub fn subject(&self, read: ReadProgram<'_>) -> Result<ExplainTopic, Error> {
        let setting = self.settings.typed().next();
        match (&self.named, setting) {
            (Some(ExplainArg::Topic(topic)), None) => Ok(ExplainTopic::Topic(topic)),
            (Some(ExplainArg::Subject(named)), _) => {
                let sized = SizeArgs {
                    threads: None,
                    increments: None,
                    set: self.set.clone(),
                    memory: MemoryModel::Sc,
                    settings: self.settings.clone(),
                };
                let subject = sized.subject(named, COUNTED, None, read)?;
                Ok(ExplainTopic::Subject(Box::new(subject)))
            }
            (None, None) => Ok(ExplainTopic::Map),
            (_, Some(setting)) => Err(Error::Usage(format!(
                "--{} needs its strategy: name {} before it",
                setting.name(),
                takers(setting).join(" or ")
            ))),
        }
    }
}
