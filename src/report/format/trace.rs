//! A trace in the formats for machines, written increment by increment: there may be millions.

use std::fmt;
use std::io::{self, Write};

use serde::{Serialize, Serializer};

use super::report::{Table, write_line};
use crate::report::record::explained::Explained;
use crate::report::record::trace::{Fate, Name, TraceLine, TraceRecord};
use crate::strategy::Strategy;

/// The columns of CSV.
const COLUMNS: &[&str] = &[
    "thread",
    "sequence",
    "read",
    "read_from_thread",
    "read_from_sequence",
    "stored",
    "time_ns",
    "time_measured",
    "survived",
    "overwritten_by_thread",
    "overwritten_by_sequence",
];

/// The columns of the increments in Markdown: those of [`COLUMNS`], named for people.
const INCREMENTS: &[&str] = &[
    "thread",
    "increment",
    "read",
    "from",
    "stored",
    "time (ns)",
    "survived, or overwritten by",
];

/// A trace to be shown: the record, the run behind it, and the strategy whose words explain it.
#[derive(Debug)]
pub struct TraceReport<'a> {
    /// The record.
    pub record: TraceRecord,
    /// The run; `None` where none was finished.
    pub explained: Option<Explained>,
    /// The strategy that was traced.
    pub strategy: &'a dyn Strategy,
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.thread, self.sequence)
    }
}

impl TraceReport<'_> {
    /// Writes the record and all fates as one JSON object.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    pub fn write_json(&self, to: &mut dyn Write) -> io::Result<()> {
        let whole = Whole {
            record: &self.record,
            fates: self.explained.as_ref().map(Fates),
        };
        write_line(to, &whole)
    }

    /// Writes a line for each increment, and then one for the record.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    pub fn write_lines(&self, to: &mut dyn Write) -> io::Result<()> {
        for fate in self.explained.iter().flat_map(Explained::fates) {
            write_line(to, &TraceLine::Increment(fate))?;
        }
        write_line(to, &TraceLine::Summary(&self.record))
    }

    /// Writes a row for each increment, as CSV.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    pub fn write_csv(&self, to: &mut dyn Write) -> io::Result<()> {
        let mut rows = csv::Writer::from_writer(to);
        rows.write_record(COLUMNS).map_err(as_written)?;
        for fate in self.explained.iter().flat_map(Explained::fates) {
            let (from, by) = (fate.read_from.as_ref(), fate.overwritten_by.as_ref());
            let thread = |name: Option<&Name>| name.map(|name| name.thread.clone());
            let sequence = |name: Option<&Name>| name.map(|name| name.sequence);
            let row = rows.serialize((
                fate.thread,
                fate.sequence,
                fate.read,
                (thread(from), sequence(from)),
                fate.stored,
                fate.time_ns,
                fate.time_measured,
                fate.survived,
                (thread(by), sequence(by)),
            ));
            row.map_err(as_written)?;
        }
        rows.flush()
    }

    /// Writes who survived, who overwrote whom, and a row for each increment, for a page of notes.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    pub fn write_markdown(&self, to: &mut dyn Write) -> io::Result<()> {
        to.write_all(self.overview().as_bytes())?;
        let Some(run) = &self.explained else {
            return Ok(());
        };
        // Row by row, so without padding: a table that knows the widths of its columns would have to
        // be held whole.
        writeln!(to, "\n| {} |", INCREMENTS.join(" | "))?;
        writeln!(to, "|{}", "---|".repeat(INCREMENTS.len()))?;
        for fate in run.fates() {
            let from = fate
                .read_from
                .map_or_else(String::new, |name| name.to_string());
            let about = if fate.time_measured { "" } else { "about " };
            let survived = match fate.overwritten_by {
                None => "yes".to_string(),
                Some(by) => format!("no: {by}"),
            };
            let Fate {
                thread,
                sequence,
                read,
                stored,
                time_ns,
                ..
            } = fate;
            writeln!(
                to,
                "| {thread} | {sequence} | {read} | {from} | {stored} | {about}{time_ns} | {survived} |"
            )?;
        }
        Ok(())
    }

    /// Who survived, and who overwrote whom, as Markdown.
    fn overview(&self) -> String {
        let record = &self.record;
        let mut text = format!(
            "## {} {}: {} threads, {} increments each\n",
            record.strategy, record.flags, record.threads, record.increments
        )
        .replace(" : ", ": ");
        let (Some(actual), Some(lost)) = (record.actual, record.lost) else {
            return text + "\nNo run was finished.\n";
        };
        text += &format!(
            "\nExpected {}, actual {actual}, lost {lost}.\n",
            record.expected
        );
        if let Some(streak) = &record.longest_streak {
            text += &format!(
                "The longest streak lost at one stroke: {} increments, overwritten by {} (its \
                 increment {}).\n",
                streak.increments, streak.by.thread, streak.by.sequence
            );
        }
        let fates = record.per_thread.iter().flatten().map(|fate| {
            vec![
                fate.thread.clone(),
                fate.survived.to_string(),
                fate.lost.to_string(),
            ]
        });
        let fates = Table {
            heading: vec!["thread", "survived", "lost"],
            rows: fates.collect(),
        };
        text += &format!("\n{}", fates.markdown());
        let pairs = record.overwritten.iter().flatten().map(|pair| {
            vec![
                pair.by.clone(),
                pair.of.clone(),
                pair.increments.to_string(),
            ]
        });
        let pairs = Table {
            heading: vec!["by", "of", "increments overwritten"],
            rows: pairs.collect(),
        };
        if !pairs.rows.is_empty() {
            text += &format!("\n{}", pairs.markdown());
        }
        text
    }
}

/// What went wrong in writing rows: as it was, for its kind tells a reader who has left.
fn as_written(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

/// The record with all fates, which are never all in memory at once.
#[derive(Serialize)]
struct Whole<'a> {
    #[serde(flatten)]
    record: &'a TraceRecord,
    fates: Option<Fates<'a>>,
}

struct Fates<'a>(&'a Explained);

impl Serialize for Fates<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.fates())
    }
}
