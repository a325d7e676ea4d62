//! The parts of a chapter, and what several chapters share.

use super::question::{Answer, Question};
use super::records::{CensusRecord, ComparisonRecord, EntryRecord, Environment, Records};
use crate::error::Error;
use crate::page::short;
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
    /// The words in the tables of the experiments that need an explanation. An explanation is shown
    /// only if its word is: tables leave columns out on a narrow page.
    pub legend: Legend,
    /// Returns the answer, as the records of the experiments have it; `None` if they lack it.
    pub answer: fn(&Records) -> Option<Answer>,
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

/// Words of a table, each with a sentence that explains it.
pub type Legend = &'static [(&'static str, &'static str)];

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

    /// Whether the visitor has pressed Ctrl-C.
    fn is_interrupted(&self) -> bool;
}

/// Whether the experiment had one core only, where threads never run at the same time.
pub(super) fn one_core(environment: &Environment) -> bool {
    environment.cores == Some(1)
}

/// Explains the table of a census.
pub(super) const CENSUS: Legend = &[
    (
        "witness",
        "A witness is a schedule that ends in that total: A is one step of thread A, A9 are nine, \
         B- is all that B has left.",
    ),
    ("share", "The share weighs every schedule alike."),
    (
        "fair share",
        "The fair share is the chance of that total when each step goes to a thread drawn evenly \
         among those that can move.",
    ),
];

/// Returns the smallest total that a schedule ends with.
pub(super) fn smallest_total(census: &CensusRecord) -> Option<u64> {
    census.outcomes.first()?.end.total
}

/// Explains the table of a comparison.
pub(super) const COMPARISON: Legend = &[
    (
        "ns/incr",
        "Below ns/incr stands the median time of an increment, in nanoseconds.",
    ),
    (
        "ratio",
        "A ratio is the time of a run over that of the cheapest correct way in the same round.",
    ),
    ("quartiles", "Half of the rounds lie between its quartiles."),
];

/// Returns the entry of a strategy.
pub(super) fn entry<'a>(
    comparison: &'a ComparisonRecord,
    strategy: &str,
) -> Option<&'a EntryRecord> {
    let mut entries = comparison.entries.iter();
    entries.find(|entry| entry.strategy.name == strategy)
}

/// Returns the median time of an increment with a strategy, in nanoseconds, as the table of the
/// comparison shows it.
pub(super) fn median_ns(comparison: &ComparisonRecord, strategy: &str) -> Option<String> {
    Some(short(entry(comparison, strategy)?.ns_per_increment?.median))
}

/// Returns the time of a run with the cheapest correct strategy over that of a run without a lock:
/// the median over the rounds, by the ratio in the table.
pub(super) fn cheapest_over_unsynced(comparison: &ComparisonRecord) -> Option<f64> {
    let ratio = entry(comparison, "unsynced")?.ratio?.median;
    (ratio > 0.0).then(|| 1.0 / ratio)
}

/// Returns a warning if the runs of some strategy differ widely, as they do if threads get in each
/// other's way in some runs and miss each other in the rest: a median says little then.
pub(super) fn unsteady(comparison: &ComparisonRecord) -> Option<String> {
    comparison.entries.iter().find_map(|entry| {
        let time = entry.ns_per_increment?;
        (time.upper_quartile > 2.0 * time.lower_quartile).then(|| {
            format!(
                "Its runs differ: half of those of {} took between {} and {} ns an increment, \
                 as the threads got in each other's way or missed each other. Repeat it, and the \
                 answer may be another.",
                entry.strategy.name,
                short(time.lower_quartile),
                short(time.upper_quartile)
            )
        })
    })
}
