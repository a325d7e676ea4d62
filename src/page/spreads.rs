//! How quantities are spread over the runs: least, median, mean, greatest and deviation.

use super::table::{Column, Table};
use super::text::Text;
use crate::record::Spread;

/// A quantity of the runs: its name, its spread, and how its values are written.
pub(super) struct Quantity<'a>(
    pub(super) &'static str,
    pub(super) &'a Spread,
    pub(super) fn(f64) -> String,
);

/// Returns the table of some quantities, or other words if it is wider than the page.
pub(super) fn spreads(quantities: &[Quantity<'_>], otherwise: impl Into<Text>) -> Table<'static> {
    let column = |heading, value: fn(&Spread) -> Option<f64>| {
        Column::of(heading, quantities, |quantity| {
            value(quantity.1).map_or_else(|| "-".into(), quantity.2)
        })
    };
    Table {
        columns: vec![
            Column::of("", quantities, |quantity| quantity.0).flush_left(),
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
