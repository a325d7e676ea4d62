//! The parts of a chapter, and what several chapters share.

use super::question::Question;
use super::records::{CensusRecord, ComparisonRecord, Environment, Records};
use crate::error::Error;
use crate::record::AnyRecord;

/// One step of the lesson: a few lines, a question, the experiment that answers it, and the reason.
#[derive(Debug)]
pub struct Chapter {
    /// Its name on the command line.
    pub name: &'static str,
    /// Its subject, in one line.
    pub title: &'static str,
    /// What the reader has to know before the question: paragraphs.
    pub text: &'static [&'static str],
    /// What the reader predicts.
    pub question: Question,
    /// The commands of this program that answer the question, without the program's name.
    pub experiments: &'static [&'static str],
    /// The same for a machine on which all threads share one core, where races need help to show;
    /// empty if that makes no difference.
    pub on_one_core: &'static [&'static str],
    /// Returns the answer, as the records of the experiments have it; `None` if they lack it. An
    /// option is the number of the option, counted from 1.
    pub answer: fn(&Records) -> Option<f64>,
    /// Returns the reasons, with the numbers of the records: paragraphs; `None` if the records lack
    /// these numbers.
    pub why: fn(&Records) -> Option<Vec<String>>,
    /// Commands to go on with.
    pub further: &'static [&'static str],
}

impl Chapter {
    /// Returns the experiments for a machine with this number of cores, if it is known.
    pub fn experiments(&self, cores: Option<usize>) -> &'static [&'static str] {
        if cores == Some(1) && !self.on_one_core.is_empty() {
            self.on_one_core
        } else {
            self.experiments
        }
    }
}

/// The result of an experiment.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The report.
    pub text: String,
    /// The record behind the report.
    pub record: AnyRecord,
}

/// Carries out the commands of a chapter: the tour itself starts no threads.
pub trait Experiments {
    /// Carries out a command of this program, given without the program's name.
    ///
    /// # Errors
    ///
    /// The errors of the command.
    fn carry_out(&mut self, command: &str) -> Result<Seen, Error>;

    /// Returns the number of cores that the threads may use, if it is known.
    fn cores(&self) -> Option<usize>;

    /// Gives an audience that turns no pages time to read this number of lines.
    fn rest(&mut self, lines: usize);

    /// Whether the visitor has pressed Ctrl-C.
    fn is_interrupted(&self) -> bool;
}

/// Whether the experiment had one core only, where threads never run at the same time.
pub(super) fn one_core(environment: &Environment) -> bool {
    environment.cores == Some(1)
}

/// Returns the smallest total that a schedule ends with.
pub(super) fn smallest_total(census: &CensusRecord) -> Option<u64> {
    census.outcomes.first()?.end.total
}

/// Returns the median time of an increment with a strategy, in nanoseconds, as the table of the
/// comparison has it.
pub(super) fn median(comparison: &ComparisonRecord, strategy: &str) -> Option<f64> {
    let mut entries = comparison.entries.iter();
    let entry = entries.find(|entry| entry.strategy.name == strategy)?;
    Some(entry.ns_per_increment?.median)
}
