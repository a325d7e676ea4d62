//! Tables whose columns give way where a page is narrow.

use super::document::Block;
use super::numbers::grouped;
use crate::term::Tone;

/// Rows of cells under headings, a bar for each row and words behind it.
///
/// invariants: all columns, the bars and the words have a cell for each row.
#[derive(Clone, Debug, Default)]
pub struct Table<'a> {
    /// The columns that [`layouts`](Self::layouts) choose from.
    pub columns: Vec<Column>,
    /// A bar for each row, behind the columns.
    pub bars: Vec<Bar>,
    /// Words behind the bars.
    pub words: Option<Column>,
    /// Whether words without a heading stand below each other instead of right behind their bars.
    pub aligned: bool,
    /// Which columns are shown, the richest layout first: the first that fits is taken. All columns
    /// where there is none.
    pub layouts: Vec<Layout>,
    /// What is said instead where no layout fits; where there is nothing, lines are broken.
    pub otherwise: Vec<Block<'a>>,
    /// Whether headings are as plain as the cells, instead of faint.
    pub plain_headings: bool,
}

/// The cells of a column.
#[derive(Clone, Debug, Default)]
pub struct Column {
    /// What stands above it; may be empty.
    pub heading: String,
    /// Whether it is flush left, as names are; numbers are flush right.
    pub flush_left: bool,
    /// The cells, from the first row on.
    pub cells: Vec<Cell>,
    /// How wide the column may be, where its cells can be shortened.
    pub elastic: Option<Elastic>,
}

/// A cell of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// What it says.
    pub text: String,
    /// How.
    pub tone: Tone,
}

/// A bar.
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
    /// It takes one part in this many of a line, ...
    pub part: usize,
    /// ... but not less than this, ...
    pub usual: usize,
    /// ... unless the table shrinks, and then not less than this.
    pub least: usize,
}

impl Cell {
    /// Returns a cell in this tone.
    pub fn new(text: impl Into<String>, tone: Tone) -> Self {
        Self {
            text: text.into(),
            tone,
        }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::new(text, Tone::Plain)
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::new(text, Tone::Plain)
    }
}

impl<T: Into<String>> From<(T, Tone)> for Cell {
    fn from((text, tone): (T, Tone)) -> Self {
        Self::new(text, tone)
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

    /// Returns a column of numbers.
    pub fn numbers(
        heading: impl Into<String>,
        cells: impl IntoIterator<Item = (u64, Tone)>,
    ) -> Self {
        let cells = cells.into_iter();
        Self::new(heading, cells.map(|(number, tone)| (grouped(number), tone)))
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
        if self.layouts.is_empty() {
            let columns = (0..self.columns.len()).collect();
            return vec![Layout {
                columns,
                ..Layout::default()
            }];
        }
        self.layouts.clone()
    }
}
