//! A counting experiment in every format.

use serde_json::Value;

use super::counting::{Counting, Ending, Spread};
use super::format::{Report, Table, json, json_text, line};
use super::text;
use crate::strategy::Strategy;
use crate::term::Page;

/// The record, and the strategy whose words explain it.
#[derive(Debug)]
pub struct CountingReport<'a> {
    /// The record.
    pub record: Counting,
    /// The strategy that counted.
    pub strategy: &'a dyn Strategy,
}

impl CountingReport<'_> {
    /// Totals and how many runs ended with each.
    fn distribution(&self) -> Table {
        let rows = self.record.distribution.iter().map(|entry| {
            let total = if entry.from() == entry.to() {
                entry.from().to_string()
            } else {
                format!("{} to {}", entry.from(), entry.to())
            };
            vec![total, entry.runs().to_string()]
        });
        Table {
            heading: vec!["actual", "runs"],
            rows: rows.collect(),
        }
    }

    fn spreads(&self) -> Table {
        let summary = &self.record.summary;
        let row = |name: &str, spread: &Spread| {
            let whole = |value: Option<u64>| value.map_or_else(String::new, |v| v.to_string());
            let float = |value: Option<f64>| value.map_or_else(String::new, |v| format!("{v:.1}"));
            vec![
                name.to_string(),
                whole(spread.min),
                float(spread.median),
                float(spread.mean),
                whole(spread.max),
                float(spread.stddev),
            ]
        };
        Table {
            heading: vec!["", "min", "median", "mean", "max", "std dev"],
            rows: vec![
                row("actual", &summary.actual),
                row("lost", &summary.lost),
                row("elapsed (ns)", &summary.elapsed_ns),
            ],
        }
    }
}

impl Report for CountingReport<'_> {
    fn text(&self, page: &Page) -> String {
        text::counting(&self.record, self.strategy, page)
    }

    fn json(&self) -> Value {
        json(&self.record)
    }

    fn json_text(&self) -> String {
        json_text(&self.record)
    }

    fn lines(&self) -> Vec<Value> {
        vec![line("summary", &self.record)]
    }

    fn table(&self) -> Table {
        let record = &self.record;
        let rows = record.runs.iter().flatten().map(|run| {
            vec![
                run.run.to_string(),
                record.strategy.to_string(),
                record.threads.to_string(),
                record.increments.to_string(),
                record.expected.to_string(),
                run.actual.to_string(),
                run.lost.to_string(),
                run.elapsed_ns.to_string(),
            ]
        });
        Table {
            heading: super::stream::COLUMNS.to_vec(),
            rows: rows.collect(),
        }
    }

    fn markdown(&self) -> String {
        let record = &self.record;
        let asked = record
            .runs_requested
            .map_or_else(String::new, |runs| format!(" of {runs}"));
        let (done, flags) = (record.runs_completed, &record.flags);
        let title = format!(
            "## {}{}{flags}: {} threads, {} increments each, {done} runs\n\n\
             Expected {}; {} of {done} runs lost updates.\n{}",
            record.strategy,
            if flags.is_empty() { "" } else { " " },
            record.threads,
            record.increments,
            record.expected,
            record.summary.runs_lost,
            match record.stopped {
                Ending::Completed | Ending::Found | Ending::Budget => String::new(),
                Ending::Timeout => format!("\nOut of time after {done}{asked} runs.\n"),
                Ending::Interrupted => format!("\nInterrupted after {done}{asked} runs.\n"),
            }
        );
        let few = |runs: &Vec<_>| runs.len() <= text::MOST_LINES;
        let runs = if record.runs.as_ref().is_some_and(few) {
            self.table()
        } else {
            self.distribution()
        };
        format!(
            "{title}\n{}\n{}",
            runs.markdown(),
            self.spreads().markdown()
        )
    }
}
