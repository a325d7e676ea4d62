//! What a chapter is made of.

use serde_json::Value;

use super::question::{Answer, Question};
use crate::error::Error;

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
    /// The answer that the records of the experiments hold, in their order; `None` where the
    /// experiment has not come to an end.
    pub answer: fn(&[Value]) -> Option<Answer>,
    /// Why it is so, by the same records: paragraphs.
    pub why: fn(&[Value]) -> Vec<String>,
    /// Commands to go on with.
    pub further: &'static [&'static str],
}

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

/// The median time of a run of this strategy, in nanoseconds, in the record of a comparison.
pub(super) fn median_ns(comparison: &Value, strategy: &str) -> Option<f64> {
    let entries = comparison.get("entries")?.as_array()?;
    let entry = entries.iter().find(|entry| entry["strategy"] == strategy)?;
    number(entry, "/elapsed_ns/median")
}

/// How many times as long a run of one strategy takes as a run of another.
pub(super) fn ratio(comparison: &Value, strategy: &str, than: &str) -> Option<f64> {
    let than = median_ns(comparison, than).filter(|&ns| ns > 0.0)?;
    Some(median_ns(comparison, strategy)? / than)
}
