//! How quantities are spread over the runs: least, median, mean, greatest and deviation.

use super::numbers::{decimal, duration};
use super::table::{Column, Table};
use super::text::Text;
use crate::record::Spread;
use crate::term::Tone;

/// A quantity.
pub(super) struct Quantity<'a> {
    name: &'static str,
    spread: &'a Spread,
    shown: fn(f64) -> String,
}

impl<'a> Quantity<'a> {
    /// Returns a quantity that is counted.
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

    fn values(&self) -> [String; 5] {
        let whole = |value: Option<u64>| value.map(|value| value as f64);
        let spread = self.spread;
        let values = [
            whole(spread.min),
            spread.median,
            spread.mean,
            whole(spread.max),
            spread.stddev,
        ];
        values.map(|value| value.map_or_else(|| "-".into(), self.shown))
    }
}

/// Returns the table of some quantities, or what is said instead where it is wider than the page.
pub(super) fn spreads(quantities: &[Quantity<'_>], otherwise: impl Into<Text>) -> Table<'static> {
    let names = quantities.iter().map(|quantity| quantity.name);
    let values: Vec<_> = quantities.iter().map(Quantity::values).collect();
    let headings = ["min", "median", "mean", "max", "std dev"];
    let numbers = headings.into_iter().enumerate();
    let numbers = numbers.map(|(place, heading)| {
        let cells = values
            .iter()
            .map(|values| (values[place].as_str(), Tone::Plain));
        Column::new(heading, cells)
    });
    let first = Column::new("", names).flush_left();
    Table {
        columns: [first].into_iter().chain(numbers).collect(),
        otherwise: vec![super::Block::words(otherwise)],
        plain_headings: true,
        ..Table::default()
    }
}
