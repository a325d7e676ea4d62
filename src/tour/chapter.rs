//! What a chapter is made of.

use serde_json::Value;

use super::question::{Answer, Question};
use crate::error::Error;
use crate::report::short;

/// One step of the lesson: a few lines, a question, the experiment that answers it, and why.
#[derive(Debug)]
pub struct Chapter {
    /// Its name on the command line.
    pub name: &'static str,
    /// What it is about, in a line.
    pub title: &'static str,
    /// What to know before the question: paragraphs.
    pub text: &'static [&'static str],
    /// What to predict.
    pub question: Question,
    /// The commands of this program that answer it, without the program's name.
    pub experiments: &'static [&'static str],
    /// The same for a machine on which all threads share one core, where races need help to show;
    /// empty where that makes no difference.
    pub on_one_core: &'static [&'static str],
    /// What stands in their tables and does not explain itself, and a sentence on each: said where
    /// it is there, for a narrow page leaves columns out.
    pub legend: Legend,
    /// The answer that the records of the experiments hold, in their order; `None` where the
    /// experiment has not come to an end.
    pub answer: fn(&[Value]) -> Option<Answer>,
    /// Why it is so, by the same records: paragraphs.
    pub why: fn(&[Value]) -> Vec<String>,
    /// Commands to go on with.
    pub further: &'static [&'static str],
}

impl Chapter {
    /// The experiments on a machine with so many cores, where that is known.
    pub fn experiments(&self, cores: Option<usize>) -> &'static [&'static str] {
        if cores == Some(1) && !self.on_one_core.is_empty() {
            self.on_one_core
        } else {
            self.experiments
        }
    }
}

/// Words of a table, and what they mean.
pub type Legend = &'static [(&'static str, &'static str)];

/// What an experiment has shown.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The report for people.
    pub text: String,
    /// The same as the JSON record that the command prints for programs.
    pub record: Value,
}

/// Who carries out the commands of a chapter: the tour itself starts no threads.
pub trait Experiments {
    /// Carries out a command of this program, given without the program's name.
    ///
    /// # Errors
    ///
    /// Whatever the command fails with.
    fn carry_out(&mut self, command: &str) -> Result<Seen, Error>;

    /// How many cores the threads may use, where that is known.
    fn cores(&self) -> Option<usize>;

    /// Whether the visitor has asked to stop, with Ctrl-C.
    fn is_interrupted(&self) -> bool;
}

/// The number at this place (a JSON pointer) of a record, also where it is written as a string
/// because it is large.
pub(super) fn number(record: &Value, place: &str) -> Option<f64> {
    let value = record.pointer(place)?;
    value.as_f64().or_else(|| value.as_str()?.parse().ok())
}

/// Whether the experiment had one core only, where threads never really run at the same time.
pub(super) fn one_core(record: &Value) -> bool {
    record.pointer("/environment/cores").and_then(Value::as_u64) == Some(1)
}

/// How to read the table of a census.
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

/// How to read the table of a comparison.
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

/// What the record of a comparison says of a strategy.
fn entry<'a>(comparison: &'a Value, strategy: &str) -> Option<&'a Value> {
    let entries = comparison.get("entries")?.as_array()?;
    entries.iter().find(|entry| entry["strategy"] == strategy)
}

/// The median time of an increment with this strategy, in nanoseconds: the number that the table
/// of the comparison shows.
pub(super) fn median_ns(comparison: &Value, strategy: &str) -> Option<f64> {
    number(entry(comparison, strategy)?, "/ns_per_increment/median")
}

/// How many times as long as with this strategy a run takes with the cheapest correct one: the
/// median over the rounds, by the ratio that the table shows.
pub(super) fn cheapest_over(comparison: &Value, strategy: &str) -> Option<f64> {
    let ratio = number(entry(comparison, strategy)?, "/ratio/median");
    ratio.filter(|&ratio| ratio > 0.0).map(|ratio| 1.0 / ratio)
}

/// Whether this is the cheapest correct strategy, to which the table gives the others' ratios.
pub(super) fn is_cheapest(comparison: &Value, strategy: &str) -> Option<bool> {
    entry(comparison, strategy)?.get("cheapest")?.as_bool()
}

/// What to make of a median where the runs of some strategy differ widely, as they do where threads
/// get in each other's way in some runs and miss each other in the rest.
pub(super) fn unsteady(comparison: &Value, strategies: &[&str]) -> Option<String> {
    let quartiles = |strategy| {
        let entry = entry(comparison, strategy)?;
        let lower = number(entry, "/ns_per_increment/lower_quartile")?;
        Some((lower, number(entry, "/ns_per_increment/upper_quartile")?))
    };
    strategies.iter().find_map(|strategy| {
        let (lower, upper) = quartiles(strategy).filter(|&(lower, upper)| upper > 2.0 * lower)?;
        Some(format!(
            "Its runs differ: half of those of {strategy} took between {} and {} ns an increment, \
             as the threads got in each other's way or missed each other. Repeat it, and the \
             answer may be another.",
            short(lower),
            short(upper)
        ))
    })
}
