//! Requests in every format: line by line as things happen, or at the end.

use std::io::{self, Write};

use serde_json::Value;

use super::report::{Report, Table, json, write_line};
use crate::report::record::requests::{RequestRecord, RequestsLine, RequestsRecord, nanoseconds};
use crate::report::text;
use crate::requests::{Event, Tree};
use crate::sync::{Canceler, Observer};
use crate::term::Page;

/// The columns of a table of requests: the fields of the record.
const COLUMNS: [&str; 11] = [
    "request",
    "parent",
    "items",
    "pause_ns",
    "deadline_ns",
    "steps",
    "outcome",
    "through",
    "signal_ns",
    "ended_ns",
    "latency_ns",
];

impl Report for RequestsRecord {
    fn text(&self, page: &Page) -> String {
        text::requests(self, page)
    }

    fn json(&self) -> Value {
        json(self)
    }

    /// What has not been written as it happened.
    fn lines(&self) -> Vec<Value> {
        let summary = RequestsLine::Summary(Self {
            requests: Vec::new(),
            ..self.clone()
        });
        vec![json(&summary)]
    }

    fn table(&self) -> Table {
        Table {
            heading: COLUMNS.to_vec(),
            rows: self.requests.iter().map(cells).collect(),
        }
    }

    fn markdown(&self) -> String {
        let table = Table {
            heading: vec![
                "request",
                "parent",
                "steps",
                "ended",
                "through",
                "at (s)",
                "noticed after (us)",
            ],
            rows: self.requests.iter().map(short_cells).collect(),
        };
        format!(
            "## requests: {}\n\n{}\n{}\n",
            text::requests_title(self),
            table.markdown(),
            text::requests_summary(self)
        )
    }
}

fn cells(request: &RequestRecord) -> Vec<String> {
    let number = |number: Option<u64>| number.map(|n| n.to_string()).unwrap_or_default();
    vec![
        request.request.clone(),
        request.parent.clone(),
        request.items.to_string(),
        request.pause_ns.to_string(),
        number(request.deadline_ns),
        request.steps.to_string(),
        request.outcome.name().replace(' ', "_"),
        request.through.clone().unwrap_or_default(),
        number(request.signal_ns),
        request.ended_ns.to_string(),
        number(request.latency_ns),
    ]
}

/// What a page of notes has room for.
fn short_cells(request: &RequestRecord) -> Vec<String> {
    let latency = request
        .latency_ns
        .map(|ns| format!("{:.3}", ns as f64 / 1e3));
    vec![
        request.request.clone(),
        request.parent.clone(),
        format!("{} of {}", request.steps, request.items),
        request.outcome.name().into(),
        request.through.clone().unwrap_or_default(),
        format!("{:.6}", request.ended_ns as f64 / 1e9),
        latency.unwrap_or_default(),
    ]
}

/// The observer that writes what happens as JSON lines. When it cannot write, it cancels the work.
#[derive(Debug)]
pub struct RequestsStream<'a, W: Write> {
    tree: &'a Tree,
    to: io::BufWriter<W>,
    canceler: Canceler,
    failed: Option<io::Error>,
}

impl<'a, W: Write> RequestsStream<'a, W> {
    /// Lines about the requests of this tree; the canceler ends the work.
    pub fn new(tree: &'a Tree, to: W, canceler: Canceler) -> Self {
        Self {
            tree,
            to: io::BufWriter::with_capacity(1 << 16, to),
            canceler,
            failed: None,
        }
    }

    /// Writes the rest.
    ///
    /// # Errors
    ///
    /// Those of the writer, the first of them.
    pub fn finish(mut self) -> io::Result<()> {
        let flushed = self.to.flush();
        // What could not be written is not to be tried again.
        let _ = self.to.into_parts();
        self.failed.map_or(flushed, Err)
    }

    fn write(&mut self, write: impl FnOnce(&mut io::BufWriter<W>) -> io::Result<()>) {
        if self.failed.is_none()
            && let Err(error) = write(&mut self.to)
        {
            self.failed = Some(error);
            self.canceler.cancel();
        }
    }
}

fn line(tree: &Tree, event: &Event) -> RequestsLine {
    match event {
        Event::Step {
            request,
            step,
            items,
            at,
        } => RequestsLine::Step {
            request: tree.name(*request).into(),
            step: *step,
            items: *items,
            at_ns: nanoseconds(*at),
        },
        Event::Ended { request, outcome } => {
            RequestsLine::Request(RequestRecord::new(tree, *request, outcome))
        }
    }
}

impl<W: Write> Observer<Event> for RequestsStream<'_, W> {
    fn observe(&mut self, event: &Event) {
        let tree = self.tree;
        self.write(|to| write_line(to, &line(tree, event)));
    }

    fn idle(&mut self) {
        self.write(Write::flush);
    }
}
