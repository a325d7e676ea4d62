//! Parts of a whole: how much of it was counted, and how much was lost.

use super::numbers::percent;
use super::table::{Bar, Column, Table};
use crate::term::Tone;

/// Returns a part as a share of a whole; all of it where the whole is nothing.
pub(super) fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 {
        1.0
    } else {
        part as f64 / whole as f64
    }
}

/// Returns the tone of a total from which this much is missing.
pub(super) fn tone(lost: u64) -> Tone {
    if lost == 0 { Tone::Good } else { Tone::Lost }
}

/// Returns a bar of a whole, of which some was lost.
pub(super) fn bar((lost, whole): (u64, u64)) -> Bar {
    Bar::Whole(share(whole.saturating_sub(lost), whole))
}

/// Returns the lost share of a whole with this verb, or other words where nothing was lost.
pub(super) fn words((lost, whole): (u64, u64), verb: &str, none: &str) -> (String, Tone) {
    let words = match lost {
        0 => none.into(),
        _ => format!(
            "{} {verb}",
            percent(1.0 - share(whole.saturating_sub(lost), whole))
        ),
    };
    (words, tone(lost))
}

/// Returns a table whose rows each have lost some of a whole, which a bar and words show.
pub(super) fn losses<R>(
    columns: Vec<Column>,
    rows: &[R],
    loss: impl Fn(&R) -> (u64, u64),
    verb: &str,
    none: &str,
) -> Table<'static> {
    Table {
        columns,
        bars: rows.iter().map(|row| bar(loss(row))).collect(),
        words: Some(Column::of("", rows, |row| words(loss(row), verb, none))),
        ..Table::default()
    }
}
