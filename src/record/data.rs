//! What every record is for the formats that programs read.

use serde::Serialize;

use super::schema::{HasSchema, Versioned};

/// What a command has found out, as data: an object, of which some parts (runs, outcomes,
/// increments, ...) are items that can also stand on a line each.
pub trait Record: Serialize + HasSchema {
    /// A line of JSON lines: an object that says its `type`.
    type Line<'a>: Serialize
    where
        Self: 'a;

    /// Returns the header of CSV: paths into a line, as in `read_from.thread`, and commas.
    ///
    /// Each line that has the first column is a row; columns that it lacks are taken from the
    /// [`summary`](Self::summary).
    fn columns(&self) -> &'static str;

    /// Returns the items, one by one.
    fn items(&self) -> impl Iterator<Item = Self::Line<'_>>;

    /// Returns the record without its items, where there is more to it than these.
    fn summary(&self) -> Option<Self::Line<'_>>;

    /// Returns the record with its items as one object, which names its format.
    fn whole(&self) -> impl Serialize + '_ {
        Versioned::new(self)
    }
}
