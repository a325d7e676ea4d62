//! What the formats that programs read need of every record.

use serde::Serialize;

use super::schema::{HasSchema, Versioned};

/// The result of a command as data: an object, some parts of which (runs, outcomes, increments,
/// ...) are items that can also stand on a line each.
pub trait Record: Serialize + HasSchema {
    /// A line of JSON lines: an object with a `type`.
    type Line<'a>: Serialize
    where
        Self: 'a;

    /// Returns the header of CSV: paths into a line, such as `read_from.thread`, between commas.
    ///
    /// Each line that has the first column is a row; columns that it lacks are taken from the
    /// [`summary`](Self::summary).
    fn columns(&self) -> &'static str;

    /// Returns the items, one by one.
    fn items(&self) -> impl Iterator<Item = Self::Line<'_>>;

    /// Returns the record without its items, if it has more than these.
    fn summary(&self) -> Option<Self::Line<'_>> {
        None
    }

    /// Returns the record with its items as one object, which names its format.
    fn whole(&self) -> impl Serialize + '_ {
        Versioned::new(self)
    }
}
