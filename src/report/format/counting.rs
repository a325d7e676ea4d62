//! A counting experiment in every format.

use serde_json::Value;

use super::report::{Report, Table, json, json_text, line};
use crate::report::numbers::{grouped, plural};
use crate::report::record::counting::{
    AwaitedRecord, CountingRecord, Distinct, Spread, StopReason,
};
use crate::report::text;
use crate::strategy::Strategy;
use crate::term::Page;

/// The record, and the strategy whose words explain it.
#[derive(Debug)]
pub struct CountingReport<'a> {
    /// The record.
    pub record: CountingRecord,
    /// The strategy that counted.
    pub strategy: &'a dyn Strategy,
}

impl CountingReport<'_> {
    /// Totals and how many runs ended with each.
    fn distribution(&self) -> Table {
        let rows = self.record.distribution.iter();
        let rows = rows.map(|entry| vec![total(*entry), entry.runs().to_string()]);
        Table {
            heading: vec!["actual", "runs"],
            rows: rows.collect(),
        }
    }

    fn spreads(&self) -> Table {
        let summary = &self.record.summary;
        spreads([
            ("actual", &summary.actual),
            ("lost", &summary.lost),
            ("elapsed (ns)", &summary.elapsed_ns),
        ])
    }
}

/// How readers waited.
fn waiting(awaited: &AwaitedRecord) -> String {
    let rows = awaited.readers.iter().map(|reader| {
        let waited = reader.waited_ns;
        let whole = |value: Option<u64>| value.map_or_else(String::new, |v| v.to_string());
        vec![
            reader.reader.to_string(),
            reader.waits.to_string(),
            reader.wake_ups.to_string(),
            reader.in_vain.to_string(),
            whole(waited.min),
            waited.mean.map_or_else(String::new, |v| format!("{v:.1}")),
            whole(waited.max),
        ]
    });
    let table = Table {
        heading: vec![
            "reader",
            "waits",
            "wake-ups",
            "in vain",
            "waited (ns), min",
            "mean",
            "max",
        ],
        rows: rows.collect(),
    };
    let together = awaited
        .inside_together
        .map_or_else(String::new, |together| {
            format!(
                " Then {together} of {} read at once.",
                awaited.readers.len()
            )
        });
    let still = text::still_waiting(awaited).map_or_else(String::new, |text| format!(" {text}"));
    format!(
        "\nThe readers waited for {}: reached in {} runs, never reached in {}.{together}{still}\n\n{}",
        awaited.total,
        awaited.runs_reached,
        awaited.runs_never_reached,
        table.markdown()
    )
}

/// A total, or a range of totals.
pub(in crate::report) fn total(entry: Distinct) -> String {
    if entry.from() == entry.to() {
        entry.from().to_string()
    } else {
        format!("{} to {}", entry.from(), entry.to())
    }
}

/// How each of these quantities is spread.
pub(in crate::report) fn spreads<const N: usize>(quantities: [(&str, &Spread); N]) -> Table {
    let row = |(name, spread): (&str, &Spread)| {
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
        rows: quantities.map(row).into(),
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
        let (done, flags) = (record.runs_completed, &record.flags);
        let runs = match record.runs_requested {
            Some(asked) => format!("{} of {}", grouped(done), plural(asked, "run")),
            None => plural(done, "run"),
        };
        let title = format!(
            "## {}{}{flags}: {}, {} each, {}\n\nExpected {}; {} of {} lost updates.\n{}",
            record.strategy,
            if flags.is_empty() { "" } else { " " },
            plural(record.threads as u64, "thread"),
            plural(record.increments, "increment"),
            plural(done, "run"),
            grouped(record.expected),
            grouped(record.summary.runs_lost),
            plural(done, "run"),
            match record.stopped {
                StopReason::Completed | StopReason::Found | StopReason::Budget => String::new(),
                StopReason::Timeout => format!("\nOut of time after {runs}.\n"),
                StopReason::Interrupted => format!("\nInterrupted after {runs}.\n"),
            }
        );
        let few = |runs: &Vec<_>| runs.len() <= text::MOST_LINES;
        let runs = if record.runs.as_ref().is_some_and(few) {
            self.table()
        } else {
            self.distribution()
        };
        let readers = record.readers.as_ref();
        let awaited = readers.and_then(|readers| readers.awaited.as_ref());
        format!(
            "{title}\n{}\n{}{}",
            runs.markdown(),
            self.spreads().markdown(),
            awaited.map_or_else(String::new, waiting)
        )
    }
}
