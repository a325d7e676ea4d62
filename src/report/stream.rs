//! Runs line by line, as each is known: JSON lines and CSV.

use std::io::{self, Write};

use serde::Serialize;

use super::counting::RunRecord;
use super::format::line;
use crate::lab::{Event, Observer};
use crate::plan::Plan;
use crate::sync::Canceler;

/// The columns of a table of runs.
pub(super) const COLUMNS: [&str; 8] = [
    "run",
    "strategy",
    "threads",
    "increments",
    "expected",
    "actual",
    "lost",
    "elapsed_ns",
];

/// The two formats that are lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lines {
    /// One JSON object a line.
    Json,
    /// Comma-separated values, heading first.
    Csv,
}

/// The observer that writes each run down. When it cannot write, it cancels the experiment.
#[derive(Debug)]
pub struct Stream<W> {
    lines: Lines,
    to: W,
    canceler: Canceler,
    strategy: &'static str,
    threads: usize,
    increments: u64,
    expected: u64,
    /// Whether totals are small enough for every reader of JSON.
    small: bool,
    buffer: Vec<u8>,
    failed: Option<io::Error>,
}

#[derive(Serialize)]
struct RunLine {
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(flatten)]
    run: RunRecord,
}

impl<W: Write> Stream<W> {
    /// Lines of this kind to this writer; the canceler ends the experiment.
    pub fn new(lines: Lines, to: W, canceler: Canceler, plan: &Plan) -> Self {
        let expected = plan.shape.expected();
        let mut stream = Self {
            lines,
            to,
            canceler,
            strategy: plan.strategy.kind().name,
            threads: plan.shape.threads(),
            increments: plan.shape.increments(),
            expected,
            small: expected < 1 << 53,
            buffer: Vec::new(),
            failed: None,
        };
        if lines == Lines::Csv {
            let _ = writeln!(stream.buffer, "{}", COLUMNS.join(","));
            stream.flush();
        }
        stream
    }

    /// The writer, or why it could not be written to.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    pub fn finish(self) -> io::Result<W> {
        match self.failed {
            None => Ok(self.to),
            Some(error) => Err(error),
        }
    }

    fn write_run(&mut self, run: RunRecord) {
        match self.lines {
            Lines::Json if self.small => {
                // Writing to memory does not fail, nor does a record of numbers.
                let _ = serde_json::to_writer(&mut self.buffer, &RunLine { kind: "run", run });
                self.buffer.push(b'\n');
            }
            Lines::Json => {
                let _ = writeln!(self.buffer, "{}", line("run", &run));
            }
            Lines::Csv => {
                let _ = writeln!(
                    self.buffer,
                    "{},{},{},{},{},{},{},{}",
                    run.run,
                    self.strategy,
                    self.threads,
                    self.increments,
                    self.expected,
                    run.actual,
                    run.lost,
                    run.elapsed_ns
                );
            }
        }
    }

    fn flush(&mut self) {
        if self.failed.is_none()
            && let Err(error) = self
                .to
                .write_all(&self.buffer)
                .and_then(|()| self.to.flush())
        {
            self.failed = Some(error);
            self.canceler.cancel();
        }
        self.buffer.clear();
    }
}

/// Bytes gathered before they are written.
const FULL: usize = 1 << 16;

impl<W: Write> Observer for Stream<W> {
    fn observe(&mut self, event: Event<'_>) {
        let Event::Runs(runs) = event else { return };
        for run in runs.iter() {
            if self.failed.is_some() {
                return;
            }
            self.write_run(RunRecord::new(run, self.expected));
            if self.buffer.len() >= FULL {
                self.flush();
            }
        }
        self.flush();
    }
}
