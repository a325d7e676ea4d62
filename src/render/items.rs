//! Items line by line, as each is known: JSON lines and CSV.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::{Value, json};

use super::format::Lines;
use super::{csv, json};
use crate::lab::WaitGroupRun;
use crate::plan::{Expected, WaitGroupPlan, typed_name};
use crate::process::ProcessRun;
use crate::record::{
    RepeatLine, RepeatRecord, RepeatRunRecord, RequestRecord, RequestsLine, WaitGroupLine,
    WaitGroupRecord, WaitGroupRunRecord, nanoseconds,
};
use crate::requests::{Event, Tree};
use crate::sync::{Canceler, Observer};

/// The number of bytes that are collected before they are written.
const FULL: usize = 1 << 16;

/// The columns of CSV, and the fields that all rows share.
#[derive(Debug)]
pub(super) struct Columns {
    pub(super) paths: &'static str,
    pub(super) shared: Value,
}

/// Writes items. After an error it cancels the work that produces them and writes no more.
#[derive(Debug)]
pub(super) struct ItemWriter<W> {
    to: W,
    canceler: Canceler,
    /// The columns of CSV; `None` for JSON lines.
    columns: Option<Columns>,
    /// Bytes that are not written yet.
    pub(super) buffer: Vec<u8>,
    written: io::Result<()>,
}

impl<W: Write> ItemWriter<W> {
    /// Returns a writer of JSON lines, or of CSV if there are columns, whose heading is
    /// written at once.
    pub(super) fn new(to: W, canceler: Canceler, columns: Option<Columns>) -> Self {
        let mut writer = Self {
            to,
            canceler,
            columns,
            buffer: Vec::new(),
            written: Ok(()),
        };
        if let Some(columns) = &writer.columns {
            let put = csv::line(&csv::heading(columns.paths), &mut writer.buffer);
            writer.note(put);
            writer.flush();
        }
        writer
    }

    /// Adds an item to the buffer.
    pub(super) fn write(&mut self, item: &impl Serialize) {
        if self.written.is_err() {
            return;
        }
        let put = match &self.columns {
            None => json::line(item, &mut self.buffer),
            Some(columns) => columns.line(item, &mut self.buffer),
        };
        self.note(put);
        self.flush_full();
    }

    /// Returns whether an error has ended the writing.
    pub(super) fn has_failed(&self) -> bool {
        self.written.is_err()
    }

    /// Writes the buffer if it is large.
    pub(super) fn flush_full(&mut self) {
        if self.buffer.len() >= FULL {
            self.flush();
        }
    }

    /// Writes the buffer.
    pub(super) fn flush(&mut self) {
        if self.written.is_ok() {
            let flushed = self.to.write_all(&self.buffer);
            let flushed = flushed.and_then(|()| self.to.flush());
            self.note(flushed);
        }
        self.buffer.clear();
    }

    fn note(&mut self, written: io::Result<()>) {
        if written.is_err() {
            self.canceler.cancel();
        }
        self.written = written;
    }

    /// Writes the rest, and returns the writer or the first error there was.
    pub(super) fn finish(mut self) -> io::Result<W> {
        self.flush();
        self.written.map(|()| self.to)
    }
}

impl Columns {
    fn line(&self, item: &impl Serialize, to: &mut dyn Write) -> io::Result<()> {
        let item = serde_json::to_value(item)?;
        let row = csv::row(self.paths, &item, Some(&self.shared));
        row.map_or(Ok(()), |cells| csv::line(&cells, to))
    }
}

/// The observer that writes a line for each event, as soon as it is known.
#[derive(Debug)]
pub struct ItemStream<W, F> {
    items: ItemWriter<W>,
    /// Makes the line of an event.
    line: F,
    /// Whether lines wait for an idle moment: many events come at the same time.
    waits: bool,
}

impl<W: Write, F> ItemStream<W, F> {
    fn new(items: ItemWriter<W>, waits: bool, line: F) -> Self {
        Self { items, line, waits }
    }

    /// Writes the rest.
    ///
    /// # Errors
    ///
    /// Those of the writer, the first of them.
    pub fn finish(self) -> io::Result<()> {
        self.items.finish().map(drop)
    }
}

impl<W: Write, E, L: Serialize, F: FnMut(&E) -> L> Observer<E> for ItemStream<W, F> {
    fn observe(&mut self, event: &E) {
        self.items.write(&(self.line)(event));
        if !self.waits {
            self.items.flush();
        }
    }

    fn idle(&mut self) {
        self.items.flush();
    }
}

/// Returns an observer that writes the steps and ends of the requests of this tree as JSON lines; the canceler
/// ends their work.
pub fn requests_stream<W: Write>(
    tree: &Tree,
    to: W,
    canceler: Canceler,
) -> ItemStream<W, impl FnMut(&Event) -> RequestsLine> {
    let items = ItemWriter::new(to, canceler, None);
    ItemStream::new(items, true, |event: &Event| match *event {
        Event::Step {
            request,
            step,
            items,
            at,
        } => RequestsLine::Step {
            request: tree.name(request).to_string(),
            step,
            items,
            at_ns: nanoseconds(at),
        },
        Event::Ended {
            request,
            ref outcome,
        } => RequestsLine::Request(RequestRecord::new(tree, request, outcome)),
    })
}

/// Returns an observer that writes runs with a wait group as lines of this kind; the canceler ends the runs.
pub fn waitgroup_stream<W: Write>(
    lines: Lines,
    to: W,
    canceler: Canceler,
    plan: &WaitGroupPlan,
) -> ItemStream<W, impl FnMut(&WaitGroupRun) -> WaitGroupLine<'static>> {
    let expected = plan.shape.expected();
    let columns = (lines == Lines::Csv).then(|| Columns {
        paths: WaitGroupRecord::COLUMNS,
        shared: json!({
            "mistake": plan.mistake.as_ref().map(typed_name),
            "threads": plan.shape.threads(),
            "increments": plan.shape.increments(),
            "expected": expected,
        }),
    });
    let items = ItemWriter::new(to, canceler, columns);
    ItemStream::new(items, false, move |run: &WaitGroupRun| {
        WaitGroupLine::Run(WaitGroupRunRecord::new(*run, expected))
    })
}

/// Returns an observer that writes runs of a command as lines of this kind; the canceler ends the runs.
pub fn repeat_stream<W: Write>(
    lines: Lines,
    to: W,
    canceler: Canceler,
    expected: Option<Expected>,
) -> ItemStream<W, impl FnMut(&ProcessRun) -> RepeatLine<'static>> {
    let columns = (lines == Lines::Csv).then_some(Columns {
        paths: RepeatRecord::COLUMNS,
        shared: Value::Null,
    });
    let items = ItemWriter::new(to, canceler, columns);
    ItemStream::new(items, false, move |run: &ProcessRun| {
        RepeatLine::Run(RepeatRunRecord::new(run, expected.as_ref()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sync::Context;

    const COLUMNS: Columns = Columns {
        paths: "run,name,spread.max",
        shared: Value::Null,
    };

    #[test]
    fn rows_share_what_they_lack() {
        let (_, canceler) = Context::background().with_cancel();
        let mut text = Vec::new();
        let columns = Columns {
            shared: json!({"name": "a,b"}),
            ..COLUMNS
        };
        let mut writer = ItemWriter::new(&mut text, canceler, Some(columns));
        writer.write(&json!({"run": 1, "spread": {"max": 1_u64 << 60}}));
        writer.write(&json!({"gap": 5}));
        writer.write(&json!({"run": 2, "name": null}));
        writer.finish().unwrap();
        assert_eq!(
            String::from_utf8(text).unwrap(),
            "run,name,spread_max\n1,\"a,b\",1152921504606846976\n2,,\n"
        );
    }

    #[test]
    fn the_first_error_is_kept_and_cancels_the_work() {
        for columns in [None, Some(COLUMNS)] {
            let (context, canceler) = Context::background().with_cancel();
            let mut room = [0; 30];
            let mut writer = ItemWriter::new(&mut room[..], canceler, columns);
            let item = json!({"run": 1, "name": "a name of 24 characters!"});
            writer.write(&item);
            assert!(!context.is_done());
            writer.flush();
            assert!(context.is_done());
            writer.write(&item);
            let error = writer.finish().map(drop).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::WriteZero);
        }
    }
}
