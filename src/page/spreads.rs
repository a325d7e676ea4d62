//! How quantities are spread over the runs: least, median, mean, greatest and deviation.

use super::numbers::{decimal, duration};
use super::table::{Column, Table};
use super::text::Text;
use crate::record::Spread;

/// A quantity of the runs, and how it is written.
pub(super) struct Quantity<'a> {
    name: &'static str,
    spread: &'a Spread,
    shown: fn(f64) -> String,
}

impl<'a> Quantity<'a> {
    /// Returns a counted quantity.
    pub(super) fn count(name: &'static str, spread: &'a Spread) -> Self {
        Self {
            name,
            spread,
            shown: decimal,
        }
    }

    /// Returns a quantity in nanoseconds.
    pub(super) fn time(name: &'static str, spread: &'a Spread) -> Self {
        Self {
            name,
            spread,
            shown: duration,
        }
    }
}

/// Returns the table of some quantities, or other words if it is wider than the page.
pub(super) fn spreads(quantities: &[Quantity<'_>], otherwise: impl Into<Text>) -> Table<'static> {
    let column = |heading, value: fn(&Spread) -> Option<f64>| {
        Column::of(heading, quantities, |quantity| {
            value(quantity.spread).map_or_else(|| "-".into(), quantity.shown)
        })
    };
    Table {
        columns: vec![
            Column::of("", quantities, |quantity| quantity.name).flush_left(),
            column("min", |spread| spread.min.map(|min| min as f64)),
            column("median", |spread| spread.median),
            column("mean", |spread| spread.mean),
            column("max", |spread| spread.max.map(|max| max as f64)),
            column("std dev", |spread| spread.stddev),
        ],
        otherwise: vec![super::Block::words(otherwise)],
        plain_headings: true,
        ..Table::default()
    }
}
