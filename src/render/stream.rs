//! Runs line by line, as each is known: JSON lines and CSV.
//!
//! Short runs take 20 ns each, so their lines are put together without serde. A test compares them
//! with what serde writes of the records.

use std::io::{self, Write};

use serde_json::Value;

use super::format::Lines;
use super::items::{Columns, ItemWriter};
use crate::lab::{Run, Runs};
use crate::plan::CountingPlan;
use crate::record::{CountingRecord, EXACT};
use crate::sync::{Canceler, Observer};

/// The observer that writes each run. When it cannot write, it cancels the experiment.
#[derive(Debug)]
pub struct CountingStream<W> {
    items: ItemWriter<W>,
    expected: u64,
    pattern: Pattern,
    /// The part of a line behind the run's number, and its total and time: most lines of a stride
    /// end like the one before.
    tail: Vec<u8>,
    tail_of: Option<(u64, u64)>,
}

/// The text around the numbers of a line.
#[derive(Debug)]
struct Pattern {
    before_run: &'static str,
    before_actual: String,
    before_lost: &'static str,
    before_elapsed: &'static str,
    end: &'static str,
    /// Greater numbers are written as strings.
    quoted_beyond: u64,
}

impl Pattern {
    fn new(lines: Lines, plan: &CountingPlan) -> Self {
        match lines {
            Lines::Json => Self {
                before_run: r#"{"type":"run","run":"#,
                before_actual: r#","actual":"#.into(),
                before_lost: r#","lost":"#,
                before_elapsed: r#","elapsed_ns":"#,
                end: "}\n",
                quoted_beyond: EXACT,
            },
            Lines::Csv => Self {
                before_run: "",
                before_actual: format!(
                    ",{},{},{},{},",
                    plan.strategy.kind().name,
                    plan.shape.threads(),
                    plan.shape.increments(),
                    plan.shape.expected()
                ),
                before_lost: ",",
                before_elapsed: ",",
                end: "\n",
                quoted_beyond: u64::MAX,
            },
        }
    }

    fn number(&self, to: &mut Vec<u8>, number: u64) {
        let is_quoted = number > self.quoted_beyond;
        let quote: &[u8] = if is_quoted { b"\"" } else { b"" };
        to.extend_from_slice(quote);
        to.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
        to.extend_from_slice(quote);
    }
}

impl<W: Write> CountingStream<W> {
    /// Returns a stream of lines of this kind to this writer; the canceler ends the experiment.
    pub fn new(lines: Lines, to: W, canceler: Canceler, plan: &CountingPlan) -> Self {
        let columns = (lines == Lines::Csv).then_some(Columns {
            paths: CountingRecord::COLUMNS,
            shared: Value::Null,
        });
        Self {
            items: ItemWriter::new(to, canceler, columns),
            expected: plan.shape.expected(),
            pattern: Pattern::new(lines, plan),
            tail: Vec::new(),
            tail_of: None,
        }
    }

    /// Returns the writer.
    ///
    /// # Errors
    ///
    /// Those of the writer, the first of them.
    pub fn finish(self) -> io::Result<W> {
        self.items.finish()
    }

    fn write_run(&mut self, run: Run) {
        let Self { pattern, tail, .. } = self;
        if self.tail_of != Some((run.actual, run.elapsed_ns)) {
            self.tail_of = Some((run.actual, run.elapsed_ns));
            tail.clear();
            tail.extend_from_slice(pattern.before_actual.as_bytes());
            pattern.number(tail, run.actual);
            tail.extend_from_slice(pattern.before_lost.as_bytes());
            pattern.number(tail, self.expected - run.actual);
            tail.extend_from_slice(pattern.before_elapsed.as_bytes());
            pattern.number(tail, run.elapsed_ns);
            tail.extend_from_slice(pattern.end.as_bytes());
        }
        let buffer = &mut self.items.buffer;
        buffer.extend_from_slice(pattern.before_run.as_bytes());
        pattern.number(buffer, run.number);
        buffer.extend_from_slice(tail);
    }
}

impl<W: Write> Observer<Runs> for CountingStream<W> {
    fn observe(&mut self, runs: &Runs) {
        for run in runs.iter() {
            if self.items.has_failed() {
                return;
            }
            self.write_run(run);
            self.items.flush_full();
        }
        self.items.flush();
    }
}

#[cfg(test)]
mod tests {
    use super::super::json::line;
    use super::*;
    use crate::record::{CountingLine, RunRecord};
    use crate::strategy::{Settings, Shape, named};
    use crate::sync::Context;

    /// Returns the lines of runs that ended with these totals, in strides of 2, and their records.
    fn written(lines: Lines, increments: u64, actuals: &[u64]) -> (String, Vec<RunRecord>) {
        let kind = named("unsynced").unwrap();
        let shape = Shape::new(2, increments).unwrap();
        let plan = CountingPlan::new(kind.build(&Settings::default()).unwrap(), shape, 1);
        let (_, canceler) = Context::background().with_cancel();
        let mut stream = CountingStream::new(lines, Vec::new(), canceler, &plan);
        let runs = Runs {
            first: 9,
            actuals: actuals.to_vec(),
            meetings_ns: vec![100, 100, 7],
            stride: 2,
        };
        stream.observe(&runs);
        let records = runs.iter().map(|run| RunRecord::new(run, 2 * increments));
        let text = String::from_utf8(stream.finish().unwrap()).unwrap();
        (text, records.collect())
    }

    #[test]
    fn a_line_of_json_is_what_serde_makes_of_the_record() {
        for (increments, actuals) in [
            (100, [200, 200, 150, 200, 199]),
            (1 << 60, [1 << 61, 1 << 53, (1 << 53) + 1, 0, 1]),
        ] {
            let (text, records) = written(Lines::Json, increments, &actuals);
            let mut expected = Vec::new();
            for record in records {
                line(&CountingLine::Run(record), &mut expected).unwrap();
            }
            assert_eq!(text, String::from_utf8(expected).unwrap());
        }
    }

    #[test]
    fn a_line_of_csv_has_every_column() {
        let (text, _) = written(Lines::Csv, 1 << 60, &[1 << 61, 1 << 60]);
        assert_eq!(
            text,
            "run,strategy,threads,increments,expected,actual,lost,elapsed_ns\n\
             9,unsynced,2,1152921504606846976,2305843009213693952,2305843009213693952,0,50\n\
             10,unsynced,2,1152921504606846976,2305843009213693952,1152921504606846976,\
             1152921504606846976,50\n"
        );
    }
}
