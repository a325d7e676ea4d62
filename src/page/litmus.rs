//! The verdicts of several litmus tests.

use super::document::{Block, Document, Section};
use super::map::strong;
use super::numbers::{grouped, nanoseconds, plural};
use super::table::{Column, Table};
use super::text::Text;
use crate::record::{LitmusRecord, TestRecord};
use crate::term::Tone;

/// Returns the table of verdicts.
pub fn litmus(record: &LitmusRecord) -> Document<'_> {
    let tests = &record.tests;
    let verdict = |test: &TestRecord| match (test.holds, &test.error) {
        (_, Some(_)) => ("not read", Tone::Lost),
        (Some(true), _) => ("holds", Tone::Good),
        (Some(false), _) => ("does not hold", Tone::Plain),
        (None, None) => ("not known", Tone::Faint),
    };
    let name = |test: &TestRecord| test.test.clone().unwrap_or_else(|| test.program.clone());
    let table = Table {
        columns: vec![
            Column::of("test", tests, |test| (name(test), Tone::Name)).flush_left(),
            Column::of("condition", tests, |test| {
                test.quantifier.clone().unwrap_or_default()
            })
            .flush_left(),
            Column::of("", tests, verdict).flush_left(),
            Column::of("states", tests, |test| grouped(test.states)),
            Column::of("time", tests, |test| nanoseconds(test.elapsed_ns)),
        ],
        ..Table::default()
    };
    let mut sections = vec![Section::untitled([Block::Table(table)])];
    let judged = record.holding + record.broken;
    let mut words = format!(
        "The condition of {} of {} holds ({} states, {}).",
        grouped(record.holding),
        plural(judged, "test"),
        grouped(record.states),
        nanoseconds(record.elapsed_ns)
    );
    if record.unknown > 0 {
        words += &format!(
            " The search of {} ended early.",
            plural(record.unknown, "test")
        );
    }
    if record.refused > 0 {
        words += &format!(" {} could not be read.", plural(record.refused, "file"));
    }
    if record.interrupted {
        words += " The others were not judged: the work was interrupted.";
    }
    sections.push(Section::untitled([Block::Words(Text::from(words))]));
    let model = match &*record.memory {
        "sc" => "sequential consistency",
        _ => "total store order",
    };
    Document::new(strong(format!("Litmus tests under {model}")), sections)
}
