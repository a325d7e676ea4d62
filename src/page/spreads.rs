//! Least, median, mean, greatest and spread of quantities, in a table.

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};

use super::super::numbers::{decimal, duration};
use crate::report::record::counting::Spread;
use crate::term::Page;

/// A quantity.
pub(super) struct Row<'a> {
    title: &'static str,
    spread: &'a Spread,
    unit: Unit,
}

enum Unit {
    Count,
    Nanoseconds,
}

impl<'a> Row<'a> {
    pub(super) fn count(title: &'static str, spread: &'a Spread) -> Self {
        Self {
            title,
            spread,
            unit: Unit::Count,
        }
    }

    pub(super) fn time(title: &'static str, spread: &'a Spread) -> Self {
        Self {
            title,
            spread,
            unit: Unit::Nanoseconds,
        }
    }

    fn cells(&self, page: &Page) -> impl Iterator<Item = String> {
        let show = |value: f64| match self.unit {
            Unit::Count => decimal(value),
            Unit::Nanoseconds => duration(value, page.signs),
        };
        let whole = |value: Option<u64>| value.map(|value| value as f64);
        let spread = self.spread;
        let values = [
            whole(spread.min),
            spread.median,
            spread.mean,
            whole(spread.max),
            spread.stddev,
        ];
        let values = values.map(|value| value.map_or_else(|| "-".into(), show));
        std::iter::once(self.title.to_string()).chain(values)
    }
}

/// The table; `None` where it is wider than the page.
pub(super) fn spreads(page: &Page, rows: &[Row<'_>]) -> Option<String> {
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Disabled)
        .set_header(["", "min", "median", "mean", "max", "std dev"]);
    for row in rows {
        table.add_row(row.cells(page));
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    let drawn = table.to_string();
    let lines = drawn.lines().map(str::trim_end);
    lines
        .clone()
        .all(|line| line.chars().count() <= page.width)
        .then(|| lines.map(|line| format!("{line}\n")).collect())
}
