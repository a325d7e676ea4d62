//! Runs with a wait group in every format.

use std::io::{self, Write};

use serde_json::Value;

use super::counting::{spreads, total};
use super::report::{Report, Table, json, json_text, line};
use super::stream::Lines;
use crate::lab::WaitGroupRun;
use crate::plan::{GroupPlan, Mistake};
use crate::report::numbers::{grouped, plural};
use crate::report::record::counting::Distinct;
use crate::report::record::waitgroup::{WaitGroupRecord, WaitGroupRunRecord};
use crate::report::text;
use crate::sync::{Canceler, Observer};
use crate::term::{Page, Signs};

/// The columns of a table of runs.
const COLUMNS: [&str; 10] = [
    "run",
    "mistake",
    "threads",
    "increments",
    "expected",
    "without_waiting",
    "missing_without_waiting",
    "after_waiting",
    "missing_after_waiting",
    "elapsed_ns",
];

impl WaitGroupRecord {
    /// Totals, and how many runs were read with each, at both moments.
    fn distributions(&self) -> Table {
        let moments = [
            ("without waiting", &self.without_waiting.distribution),
            ("after waiting", &self.after_waiting.distribution),
        ];
        let row = |moment: &str, entry: &Distinct| {
            vec![moment.to_string(), total(*entry), entry.runs().to_string()]
        };
        Table {
            heading: vec!["read", "actual", "runs"],
            rows: moments
                .into_iter()
                .flat_map(|(moment, entries)| entries.iter().map(move |entry| row(moment, entry)))
                .collect(),
        }
    }

    fn spreads(&self) -> Table {
        spreads([
            ("without waiting", &self.without_waiting.actual),
            ("after waiting", &self.after_waiting.actual),
            ("elapsed (ns)", &self.elapsed_ns),
        ])
    }
}

/// The cells of a run.
fn row(
    mistake: Option<&str>,
    threads: usize,
    increments: u64,
    run: &WaitGroupRunRecord,
) -> Vec<String> {
    let numbers = [
        increments,
        run.after_waiting + run.missing_after_waiting,
        run.without_waiting,
        run.missing_without_waiting,
        run.after_waiting,
        run.missing_after_waiting,
        run.elapsed_ns,
    ];
    let first = [
        run.run.to_string(),
        mistake.unwrap_or_default().to_string(),
        threads.to_string(),
    ];
    first
        .into_iter()
        .chain(numbers.map(|number| number.to_string()))
        .collect()
}

impl Report for WaitGroupRecord {
    fn text(&self, page: &Page) -> String {
        text::waitgroup(self, page)
    }

    fn json(&self) -> Value {
        json(self)
    }

    fn json_text(&self) -> String {
        json_text(self)
    }

    fn lines(&self) -> Vec<Value> {
        vec![line("summary", self)]
    }

    fn table(&self) -> Table {
        Table {
            heading: COLUMNS.to_vec(),
            rows: self
                .runs
                .iter()
                .flatten()
                .map(|run| row(self.mistake, self.threads, self.increments, run))
                .collect(),
        }
    }

    fn markdown(&self) -> String {
        let runs = self.runs_completed;
        let mistake = self
            .mistake
            .map_or_else(String::new, |mistake| format!(" --mistake {mistake}"));
        let ending = text::unfinished(self, Signs::ASCII)
            .map_or_else(String::new, |text| format!("\n{text}\n"));
        let few = self
            .runs
            .as_ref()
            .is_some_and(|runs| runs.len() <= text::MOST_LINES);
        let table = if few {
            self.table()
        } else {
            self.distributions()
        };
        let early = if runs == 0 {
            "no run was finished".to_string()
        } else {
            format!(
                "read too early in {} of {} without waiting, in {} after waiting",
                grouped(self.without_waiting.runs_early),
                plural(runs, "run"),
                grouped(self.after_waiting.runs_early)
            )
        };
        format!(
            "## waitgroup{mistake}: {}, {} each, {}\n\n\
             Expected {}; {early}.\n{ending}\n{}\n{}",
            plural(self.threads as u64, "thread"),
            plural(self.increments, "increment"),
            plural(runs, "run"),
            grouped(self.expected),
            table.markdown(),
            self.spreads().markdown()
        )
    }
}

/// The observer that writes each run down as soon as it is known. When it cannot write, it cancels
/// the runs.
#[derive(Debug)]
pub struct WaitGroupStream<W> {
    to: W,
    lines: Lines,
    plan: GroupPlan,
    canceler: Canceler,
    written: io::Result<()>,
}

impl<W: Write> WaitGroupStream<W> {
    /// Lines of this kind to this writer; the canceler ends the runs.
    pub fn new(lines: Lines, to: W, canceler: Canceler, plan: &GroupPlan) -> Self {
        let mut stream = Self {
            to,
            lines,
            plan: *plan,
            canceler,
            written: Ok(()),
        };
        if lines == Lines::Csv {
            stream.write(&COLUMNS.join(","));
        }
        stream
    }

    /// Whether all could be written.
    ///
    /// # Errors
    ///
    /// The first of the writer.
    pub fn finish(self) -> io::Result<()> {
        self.written
    }

    fn line(&self, run: WaitGroupRun) -> String {
        let (shape, mistake) = (self.plan.shape, self.plan.mistake.map(Mistake::name));
        let run = WaitGroupRunRecord::new(run, shape.expected());
        match self.lines {
            Lines::Json => line("run", &run).to_string(),
            Lines::Csv => row(mistake, shape.threads(), shape.increments(), &run).join(","),
        }
    }

    fn write(&mut self, line: &str) {
        self.written = writeln!(self.to, "{line}").and_then(|()| self.to.flush());
        if self.written.is_err() {
            self.canceler.cancel();
        }
    }
}

impl<W: Write> Observer<WaitGroupRun> for WaitGroupStream<W> {
    fn observe(&mut self, run: &WaitGroupRun) {
        if self.written.is_ok() {
            self.write(&self.line(*run));
        }
    }
}
