//! Tables whose columns give way where a page is narrow.

use std::borrow::Cow;

use super::document::Block;
use super::numbers::grouped;
use crate::term::Tone;

/// Rows of cells under headings, a bar for each row and words behind it.
///
/// All columns and the words have a cell for each row.
#[derive(Clone, Debug, Default)]
pub struct Table<'a> {
    /// The columns that [`layouts`](Self::layouts) choose from.
    pub columns: Vec<Column>,
    /// A bar for each row, behind the columns.
    pub bars: Vec<Bar>,
    /// Words behind the bars.
    pub words: Option<Column>,
    /// More columns, for formats without a limit of width: intervals, above all.
    pub further: Vec<Column>,
    /// Whether words without a heading stand below each other instead of right behind their bars.
    pub aligned: bool,
    /// The choices of columns, the richest first: the first that fits is drawn. Without any, all
    /// columns are shown.
    pub layouts: Vec<Layout>,
    /// Shown instead if no layout fits; if it is empty, lines are broken.
    pub otherwise: Vec<Block<'a>>,
    /// Whether headings are as plain as the cells, instead of faint.
    pub plain_headings: bool,
}

/// The cells of a column.
#[derive(Clone, Debug, Default)]
pub struct Column {
    /// The heading; may be empty.
    pub heading: String,
    /// Whether the column is flush left, as names are; numbers are flush right.
    pub flush_left: bool,
    /// The cells, from the first row on.
    pub cells: Vec<Cell>,
    /// How wide the column may be, if its cells can be shortened.
    pub elastic: Option<Elastic>,
}

/// A cell of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// The text.
    pub text: String,
    /// The tone of the text.
    pub tone: Tone,
}

/// A bar behind a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bar {
    /// A whole, of which this share was counted and the rest lost.
    Whole(f64),
    /// A share of the longest bar, in this tone.
    Share(f64, Tone),
    /// No bar.
    None,
}

/// A choice of columns.
#[derive(Clone, Debug, Default)]
pub struct Layout {
    /// The places of the columns, from left to right.
    pub columns: Vec<usize>,
    /// How much room is wanted behind the columns for a bar or words.
    pub behind: usize,
    /// Whether elastic columns may be as narrow as they can be.
    pub shrinks: bool,
}

/// How wide a column is that can be shortened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Elastic {
    /// The column takes `1 / part` of a line.
    pub part: usize,
    /// The least width, unless the table shrinks.
    pub usual: usize,
    /// The least width in a table that shrinks.
    pub least: usize,
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        text.to_string().into()
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self {
            text,
            tone: Tone::Plain,
        }
    }
}

impl From<Cow<'static, str>> for Cell {
    fn from(text: Cow<'static, str>) -> Self {
        text.into_owned().into()
    }
}

impl From<u64> for Cell {
    fn from(number: u64) -> Self {
        grouped(number).into()
    }
}

impl<T: Into<Cell>> From<(T, Tone)> for Cell {
    fn from((cell, tone): (T, Tone)) -> Self {
        Self {
            tone,
            ..cell.into()
        }
    }
}

impl Column {
    /// Returns a column that is flush right.
    pub fn new<T: Into<Cell>>(
        heading: impl Into<String>,
        cells: impl IntoIterator<Item = T>,
    ) -> Self {
        Self {
            heading: heading.into(),
            cells: cells.into_iter().map(Into::into).collect(),
            ..Self::default()
        }
    }

    /// Returns a column with a cell for each row.
    pub fn of<'r, R: 'r, T: Into<Cell>>(
        heading: impl Into<String>,
        rows: impl IntoIterator<Item = &'r R>,
        cell: impl Fn(&'r R) -> T,
    ) -> Self {
        Self::new(heading, rows.into_iter().map(cell))
    }

    /// Returns the same column, flush left.
    #[must_use]
    pub fn flush_left(self) -> Self {
        Self {
            flush_left: true,
            ..self
        }
    }
}

impl Table<'_> {
    /// Returns a table of these columns.
    pub fn of(columns: Vec<Column>) -> Self {
        Self {
            columns,
            ..Self::default()
        }
    }

    /// Returns the number of rows.
    pub fn rows(&self) -> usize {
        self.columns.first().map_or(0, |column| column.cells.len())
    }

    /// Returns the layouts, of which there is at least one.
    pub fn choices(&self) -> Vec<Layout> {
        let all = Layout {
            columns: (0..self.columns.len()).collect(),
            ..Layout::default()
        };
        if self.layouts.is_empty() {
            return vec![all];
        }
        self.layouts.clone()
    }
}
