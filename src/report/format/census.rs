//! A census in every format.

use serde_json::Value;

use super::report::{Report, Table, json};
use crate::model::{Survey, System};
use crate::report::record::census::{CensusLine, CensusRecord, CensusWhole, OutcomeRecord, Stop};
use crate::report::record::survey::Surveyed;
use crate::report::text;
use crate::term::{Page, Palette, Signs};

/// The record of a census.
#[derive(Clone, Debug, PartialEq)]
pub struct CensusReport {
    /// The record.
    pub record: CensusRecord,
}

impl CensusReport {
    /// The report of a survey.
    pub fn new(
        surveyed: &Surveyed,
        system: &System,
        survey: &Survey,
        stopped: Option<Stop>,
    ) -> Self {
        Self {
            record: CensusRecord::new(surveyed, system, survey, stopped),
        }
    }
}

/// Unknown values are empty.
fn known<T: ToString>(value: Option<T>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}

/// Who waits for what, in a phrase; empty for a total.
fn deadlock(outcome: &OutcomeRecord) -> String {
    let waits: Vec<String> = outcome
        .deadlock
        .iter()
        .flatten()
        .map(|waiting| format!("{} waits for {}", waiting.thread, waiting.waits_for))
        .collect();
    waits.join("; ")
}

impl Report for CensusReport {
    fn text(&self, page: &Page) -> String {
        text::census(&self.record, page)
    }

    fn json(&self) -> Value {
        json(&CensusWhole {
            record: &self.record,
            outcomes: &self.record.outcomes,
        })
    }

    fn lines(&self) -> Vec<Value> {
        let outcomes = self.record.outcomes.iter().map(CensusLine::Outcome);
        let lines = outcomes.chain([CensusLine::Summary(&self.record)]);
        lines.map(|line| json(&line)).collect()
    }

    fn table(&self) -> Table {
        let record = &self.record;
        let rows = record.outcomes.iter().map(|outcome| {
            vec![
                record.strategy.to_string(),
                record.flags.clone(),
                record.threads.to_string(),
                record.increments.to_string(),
                known(outcome.total),
                deadlock(outcome),
                outcome.correct.to_string(),
                outcome.schedules.clone(),
                known(outcome.share),
                known(outcome.fair_share),
                known(outcome.switches),
                known(outcome.witness.as_ref()),
            ]
        });
        Table {
            heading: vec![
                "strategy",
                "flags",
                "threads",
                "increments",
                "total",
                "deadlock",
                "correct",
                "schedules",
                "share",
                "fair_share",
                "switches",
                "witness",
            ],
            rows: rows.collect(),
        }
    }

    fn markdown(&self) -> String {
        let record = &self.record;
        // A page of notes is as wide as its reader makes it.
        let page = Page {
            width: usize::MAX / 2,
            palette: Palette::new(false),
            signs: Signs::ASCII,
            quiet: true,
        };
        let words = text::census_verdict(record, &page);
        let title = [record.strategy, &record.flags].join(" ");
        let rows = record.outcomes.iter().map(|outcome| {
            let total = match (outcome.total, outcome.correct) {
                (Some(total), true) => format!("{total} (correct)"),
                (Some(total), false) => total.to_string(),
                (None, _) => format!("deadlock: {}", deadlock(outcome)),
            };
            vec![
                total,
                outcome.schedules.clone(),
                known(outcome.share),
                known(outcome.fair_share),
                known(outcome.switches),
                known(outcome.witness.as_ref()),
            ]
        });
        let table = Table {
            heading: vec![
                "total",
                "schedules",
                "share",
                "fair share",
                "switches",
                "witness",
            ],
            rows: rows.collect(),
        };
        let table = if record.outcomes.is_empty() {
            String::new()
        } else {
            format!("\n{}", table.markdown())
        };
        format!(
            "## explore {}: {} threads, {} increments each\n\n{words}{table}",
            title.trim_end(),
            record.threads,
            record.increments
        )
    }
}
