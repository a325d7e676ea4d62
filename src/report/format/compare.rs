//! A comparison in every format.

use serde_json::Value;

use super::report::{Report, Table, json};
use crate::report::record::compare::{ComparisonLine, ComparisonRecord, EntryRecord, Middle};
use crate::report::text;
use crate::term::Page;

/// The columns of a table of entries: the fields of the record, laid flat.
const COLUMNS: [&str; 16] = [
    "strategy",
    "flags",
    "threads",
    "increments",
    "expected",
    "correct",
    "runs_completed",
    "runs_lost",
    "lost_share",
    "ns_per_increment",
    "ns_per_increment_lower_quartile",
    "ns_per_increment_upper_quartile",
    "ratio",
    "ratio_lower_quartile",
    "ratio_upper_quartile",
    "cheapest",
];

impl Report for ComparisonRecord {
    fn text(&self, page: &Page) -> String {
        text::compare(self, page)
    }

    fn json(&self) -> Value {
        json(self)
    }

    fn lines(&self) -> Vec<Value> {
        let entries = self.entries.iter().cloned().map(ComparisonLine::Entry);
        let summary = ComparisonLine::Summary(Self {
            entries: Vec::new(),
            ..self.clone()
        });
        entries.chain([summary]).map(|line| json(&line)).collect()
    }

    fn table(&self) -> Table {
        Table {
            heading: COLUMNS.to_vec(),
            rows: self.entries.iter().map(cells).collect(),
        }
    }

    fn markdown(&self) -> String {
        let threads: Vec<_> = self.threads.iter().map(usize::to_string).collect();
        let entries = self.entries.iter();
        let table = Table {
            heading: vec![
                "threads",
                "strategy",
                "correct",
                "lost",
                "ns per increment",
                "ratio",
                "quartiles of the ratio",
            ],
            rows: entries.map(short_cells).collect(),
        };
        format!(
            "## compare: {} threads, {} increments each, {} of {} rounds\n\n{}\n\
             The ratio is to the cheapest correct strategy with as many threads, in the same \
             round; medians over the rounds.\n",
            threads.join(", "),
            self.increments,
            self.runs_completed,
            self.runs_requested,
            table.markdown()
        )
    }
}

fn cells(entry: &EntryRecord) -> Vec<String> {
    let share = entry.lost_share.map_or_else(String::new, |s| s.to_string());
    let middle = |middle: Option<Middle>| {
        let values = middle.map(|m| [m.median, m.lower_quartile, m.upper_quartile]);
        values.map_or_else(Default::default, |values| values.map(|v| v.to_string()))
    };
    let [ns, ns_lower, ns_upper] = middle(entry.ns_per_increment);
    let [ratio, ratio_lower, ratio_upper] = middle(entry.ratio);
    vec![
        entry.strategy.to_string(),
        entry.flags.clone(),
        entry.threads.to_string(),
        entry.increments.to_string(),
        entry.expected.to_string(),
        entry.correct.to_string(),
        entry.runs_completed.to_string(),
        entry.runs_lost.to_string(),
        share,
        ns,
        ns_lower,
        ns_upper,
        ratio,
        ratio_lower,
        ratio_upper,
        entry.cheapest.to_string(),
    ]
}

/// What a page of notes has room for.
fn short_cells(entry: &EntryRecord) -> Vec<String> {
    let or_empty = |text: Option<String>| text.unwrap_or_default();
    vec![
        entry.threads.to_string(),
        text::name(entry),
        text::verdict(entry).to_string(),
        or_empty(entry.lost_share.map(crate::report::numbers::percent)),
        or_empty(entry.ns_per_increment.map(|ns| format!("{:.2}", ns.median))),
        or_empty(entry.ratio.map(|ratio| format!("{:.2}", ratio.median))),
        or_empty(
            entry
                .ratio
                .map(|r| format!("{:.2} to {:.2}", r.lower_quartile, r.upper_quartile)),
        ),
    ]
}
