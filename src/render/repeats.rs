//! Runs of a command line by line, as each is known: JSON lines and CSV.

use std::io::{self, Write};

use serde_json::Value;

use super::format::Lines;
use super::items::{Columns, ItemWriter};
use crate::process::ProcessRun;
use crate::record::{RepeatLine, RepeatRecord, RepeatRunRecord};
use crate::sync::{Canceler, Observer};

/// The observer that writes each run of a command as soon as it is known.
#[derive(Debug)]
pub struct RepeatStream<W> {
    expected: Option<u64>,
    items: ItemWriter<W>,
}

impl<W: Write> RepeatStream<W> {
    /// Returns an observer that writes lines of this kind; the canceler ends the runs.
    pub fn new(lines: Lines, to: W, canceler: Canceler, expected: Option<u64>) -> Self {
        let columns = (lines == Lines::Csv).then_some(Columns {
            paths: RepeatRecord::COLUMNS,
            shared: Value::Null,
        });
        Self {
            expected,
            items: ItemWriter::new(to, canceler, columns),
        }
    }

    /// Ends the writing.
    ///
    /// # Errors
    ///
    /// Those of the writer, the first of them.
    pub fn finish(self) -> io::Result<()> {
        self.items.finish().map(drop)
    }
}

impl<W: Write> Observer<ProcessRun> for RepeatStream<W> {
    fn observe(&mut self, run: &ProcessRun) {
        self.items
            .write(&RepeatLine::Run(RepeatRunRecord::new(run, self.expected)));
        self.items.flush();
    }
}
