//! A trace in the formats for machines, written increment by increment: there may be millions.

use std::io::{self, Write};

use serde::{Serialize, Serializer};
use serde_json::Value;

use super::format::{Table, json};
use super::trace::{Explained, Fate, Name, Trace, TraceLine};
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

/// A trace to be shown: the record, the run behind it, and the strategy whose words explain it.
#[derive(Debug)]
pub struct TraceReport<'a> {
    /// The record.
    pub record: Trace,
    /// The run; `None` where none was finished.
    pub explained: Option<Explained>,
    /// The strategy that was traced.
    pub strategy: &'a dyn Strategy,
}

impl TraceReport<'_> {
    /// Writes the record and all fates as one JSON object.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    pub fn write_json(&self, to: &mut dyn Write) -> io::Result<()> {
        let whole = Whole {
            record: json(&self.record),
            fates: self.explained.as_ref().map(Fates),
        };
        serde_json::to_writer(&mut *to, &whole)?;
        writeln!(to)
    }

    /// Writes a line for each increment, and then one for the record.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    pub fn write_lines(&self, to: &mut dyn Write) -> io::Result<()> {
        for fate in self.explained.iter().flat_map(Explained::fates) {
            writeln!(to, "{}", json(&TraceLine::Increment(fate)))?;
        }
        writeln!(to, "{}", json(&TraceLine::Summary(&self.record)))
    }

    /// Writes a row for each increment, as CSV.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    pub fn write_csv(&self, to: &mut dyn Write) -> io::Result<()> {
        let mut rows = csv::Writer::from_writer(to);
        rows.write_record(COLUMNS)?;
        for fate in self.explained.iter().flat_map(Explained::fates) {
            rows.write_record(cells(fate))?;
        }
        rows.flush()
    }

    /// Who survived, and who overwrote whom, for a page of notes.
    pub fn markdown(&self) -> String {
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

fn cells(fate: Fate) -> Vec<String> {
    let [from, by] = [fate.read_from, fate.overwritten_by].map(|name| {
        name.map_or_else(Default::default, |Name { thread, sequence }| {
            (thread, sequence.to_string())
        })
    });
    vec![
        fate.thread,
        fate.sequence.to_string(),
        fate.read.to_string(),
        from.0,
        from.1,
        fate.stored.to_string(),
        fate.time_ns.to_string(),
        fate.time_measured.to_string(),
        fate.survived.to_string(),
        by.0,
        by.1,
    ]
}

/// The record with all fates, which are never all in memory at once.
#[derive(Serialize)]
struct Whole<'a> {
    #[serde(flatten)]
    record: Value,
    fates: Option<Fates<'a>>,
}

struct Fates<'a>(&'a Explained);

impl Serialize for Fates<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.fates())
    }
}
