//! A subject as typed: a strategy with its size and its settings, or a race program.

use std::ffi::OsStr;
use std::path::Path;

use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use clap::{Arg, Args, Command, FromArgMatches};

use super::root::{escaped, quoted, words};
use super::strategy::{NOT_MODELLED, StrategyArgs};
use super::values;
use crate::error::Error;
use crate::language::{self, GalleryProgram, SourceFile};
use crate::plan::{HelpTopic, MemoryModel, Subject};
use crate::strategy::{self, Kind, named};

/// The increments of each thread unless they are typed.
const USUAL_INCREMENTS: u64 = 5;

/// Names at least as similar as this are suggested, as clap does.
const LIKE: f64 = 0.7;

/// A name that stands for a subject.
#[derive(Clone, Debug)]
pub enum SubjectArg {
    /// A strategy.
    Strategy(&'static Kind),
    /// A program of the gallery.
    Program(&'static GalleryProgram),
    /// A program in a file; `-` is standard input.
    File(String),
}

/// Reads the text of a program from a file, or from standard input for `-`.
pub type ReadProgram<'a> = &'a dyn Fn(&str) -> Result<String, Error>;

/// A subject, its size and its settings, for the model.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Model")]
pub struct ModelArgs {
    /// A strategy, race program or litmus test (name or file)
    #[arg(id = "subject", value_name = "STRATEGY|PROGRAM", value_parser = SubjectParser(&[]), hide_possible_values = true, help_heading = None)]
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
    /// Increments of each thread [default: 5]
    #[arg(short, long, alias = "count", value_name = "M", allow_negative_numbers = true, value_parser = values::number)]
    pub(super) increments: Option<u64>,
    /// Set a parameter of a race program
    #[arg(long, value_name = "NAME=VALUE", allow_hyphen_values = true, value_parser = parameter)]
    pub(super) set: Vec<(String, i64)>,
    /// sc, or tso: with store buffers, as on x86
    #[arg(long, value_name = "sc|tso", default_value_t, hide_default_value = true, value_parser = values::memory_model)]
    pub(super) memory: MemoryModel,
    /// Its settings.
    #[command(flatten)]
    pub(super) settings: StrategyArgs,
}

impl ModelArgs {
    /// Returns the memory model.
    pub fn memory(&self) -> MemoryModel {
        self.sized.memory
    }

    /// Returns whether a race program is named.
    pub fn is_race(&self) -> bool {
        matches!(self.named, SubjectArg::Program(_) | SubjectArg::File(_))
    }

    /// Sets up what is named.
    ///
    /// # Errors
    ///
    /// As [`SizeArgs::subject`].
    pub fn subject(&self, read: ReadProgram<'_>) -> Result<Subject, Error> {
        self.asked(None, read)
    }

    /// Sets up what is named, with a question about the outcomes of a race program.
    ///
    /// # Errors
    ///
    /// As [`SizeArgs::subject`].
    pub fn asked(&self, question: Option<&str>, read: ReadProgram<'_>) -> Result<Subject, Error> {
        let usual = USUAL_INCREMENTS;
        self.sized.subject(&self.named, usual, question, read)
    }
}

impl SizeArgs {
    /// Sets up what is named, with this number of increments unless another one was typed.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] for a setting or a size that it does not take, or for a size beyond 64 bits.
    pub fn subject(
        &self,
        named: &SubjectArg,
        increments: u64,
        question: Option<&str>,
        read: ReadProgram<'_>,
    ) -> Result<Subject, Error> {
        if let (Some((name, _)), SubjectArg::Strategy(_)) = (self.set.first(), named) {
            let words = "is for parameters of race programs; leave it out";
            return Err(Error::Usage(format!("--set {name} {words}")));
        }
        let subject = match named {
            SubjectArg::Program(program) => {
                let text = program.text.to_string();
                self.race(program.name, text, question)?
            }
            SubjectArg::File(path) => self.race(path, read(path)?, question)?,
            SubjectArg::Strategy(kind) => {
                let strategy = self.settings.set_up(kind, NOT_MODELLED)?;
                let increments = self.increments.unwrap_or(increments);
                let shape = values::shape(self.threads.unwrap_or(2), increments)?;
                Subject::of_strategy(strategy, shape)
            }
        };
        Ok(subject.under(self.memory))
    }

    /// Sets up a race program. `--threads` and `--increments` set its parameters of these names.
    fn race(&self, name: &str, text: String, question: Option<&str>) -> Result<Subject, Error> {
        if let Some(setting) = self.settings.typed().next() {
            return Err(Error::Usage(format!(
                "--{} is for strategies, but {} is a race program; leave it out",
                setting.name(),
                escaped(name)
            )));
        }
        let threads = self.threads.map(|threads| ("threads", threads as u64));
        let increments = self.increments.map(|increments| ("increments", increments));
        let sizes = threads.into_iter().chain(increments);
        let sizes =
            sizes.map(|(name, size)| (name.to_string(), i64::try_from(size).unwrap_or(i64::MAX)));
        let parameters: Vec<_> = sizes.chain(self.set.iter().cloned()).collect();
        let race = language::read(SourceFile::new(name, text), &parameters, question)?;
        Ok(Subject::of_race(quoted(&escaped(name)), &parameters, race))
    }
}

/// Reads a parameter of a race program and its value.
pub(super) fn parameter(typed: &str) -> Result<(String, i64), String> {
    let (name, value) = typed
        .split_once('=')
        .ok_or("write it as --set NAME=VALUE")?;
    let value = value.replace('_', "");
    let value = value
        .parse()
        .map_err(|_| format!("'{value}' is not a 64-bit integer"))?;
    Ok((name.to_string(), value))
}

/// Returns the subject that a program of the gallery makes as it is.
///
/// # Errors
///
/// [`Error::Usage`] if the gallery has none of this name, [`Error::Program`] if it is wrong.
pub fn of_gallery(name: &'static str) -> Result<Subject, Error> {
    let program = language::in_gallery(name);
    let program = program.ok_or_else(|| Error::Usage(format!("{name} is not in the gallery")))?;
    let race = language::read(SourceFile::new(name, program.text), &[], None)?;
    Ok(Subject::of_race(name, &[], race))
}

/// Returns the subject that these arguments name, as a report writes them: `unsynced -t 2 -i 5`; `None`
/// if there is none. A program that is not of the gallery has this source.
pub fn subject_of(arguments: &str, source: Option<&str>) -> Option<Subject> {
    let command = ModelArgs::augment_args(Command::new("subject").no_binary_name(true));
    let typed = command.try_get_matches_from(words(arguments));
    let typed = ModelArgs::from_arg_matches(&typed.ok()?).ok()?;
    let read = |_: &str| {
        let missing = || Error::Usage("the program's text is missing".into());
        source.map(str::to_owned).ok_or_else(missing)
    };
    typed.subject(&read).ok()
}

/// Reads the name of a strategy or of a race program. Where it is neither, one of these topics may have been meant.
#[derive(Clone, Copy, Debug)]
pub(super) struct SubjectParser(pub(super) &'static [HelpTopic]);

/// Returns the names of all strategies and programs of the gallery.
fn names() -> impl Iterator<Item = &'static str> {
    let strategies = strategy::ALL.iter().map(|kind| kind.name);
    let programs = language::GALLERY.iter().map(|program| program.name);
    strategies.chain(programs)
}

/// Returns whether a name is meant as that of a file, or of standard input.
fn is_file(name: &str) -> bool {
    let path = Path::new(name);
    let is_named = path.extension().is_some() || path.components().count() > 1;
    name == "-" || is_named || path.exists()
}

/// Returns the name that is most like what was typed, if one is; what begins with it comes first.
fn similar(typed: &str, others: &[HelpTopic]) -> Option<&'static str> {
    let all = others.iter().map(|topic| topic.name).chain(names());
    let begins = |name: &str| f64::from(u8::from(name.starts_with(typed)));
    let alike = all.map(|name| (strsim::jaro(typed, name) + begins(name), name));
    // A short word is like many.
    let alike = alike.filter(|(alike, _)| *alike > LIKE && typed.len() > 2);
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
            let strategy = named(&name).map(SubjectArg::Strategy);
            let program = || language::in_gallery(&name).map(SubjectArg::Program);
            let found = strategy.or_else(program);
            let found = found.or_else(|| is_file(&name).then(|| SubjectArg::File(name.clone())));
            let defining = self.0.iter().find(|topic| topic.defines(&name));
            found.ok_or_else(|| match (similar(&name, self.0), defining) {
                (_, Some(topic)) => {
                    format!(
                        "it is a term: 'miscount explain {}' says what it means",
                        topic.name
                    )
                }
                (Some(near), _) => format!("did you mean '{near}'?"),
                (None, _) => {
                    "no such file; 'miscount explain' lists strategies, 'miscount programs' race \
                     programs"
                        .into()
                }
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
