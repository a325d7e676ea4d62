//! Rows of numbers with a bar behind them, as much of it as fits on the page.

use textwrap::core::display_width;

use super::super::numbers::grouped;
use super::wrap::fit;
use crate::term::{Page, Tone, padded};

/// Bars narrower than this say nothing.
const LEAST_BAR: usize = 6;

/// Bars wider than this say no more.
const MOST_BAR: usize = 60;

/// The cells of a column, each with its tone.
pub(super) struct Column {
    heading: &'static str,
    width: usize,
    /// Names stand flush left, numbers flush right.
    flush_left: bool,
    cells: Vec<(String, Tone)>,
}

impl Column {
    pub(super) fn number(heading: &'static str, cells: impl Iterator<Item = (u64, Tone)>) -> Self {
        Self::labels(heading, cells.map(|(number, tone)| (grouped(number), tone)))
    }

    pub(super) fn text(cells: impl Iterator<Item = (String, Tone)>) -> Self {
        Self::labels("", cells)
    }

    pub(super) fn labels(
        heading: &'static str,
        cells: impl Iterator<Item = (String, Tone)>,
    ) -> Self {
        let cells: Vec<_> = cells.collect();
        let widths = cells.iter().map(|(text, _)| display_width(text));
        Self {
            heading,
            width: widths.max().unwrap_or(0).max(heading.len()),
            flush_left: false,
            cells,
        }
    }

    /// The same, flush left.
    pub(super) fn flush_left(self) -> Self {
        Self {
            flush_left: true,
            ..self
        }
    }

    /// What stands above it.
    pub(super) fn heading(&self) -> &'static str {
        self.heading
    }

    /// The cells it takes on a line.
    pub(super) fn width(&self) -> usize {
        self.width
    }

    fn cell(&self, row: usize, page: &Page) -> String {
        let (text, tone) = &self.cells[row];
        page.palette.paint(*tone, &self.flush(text))
    }

    fn flush(&self, text: &str) -> String {
        if self.flush_left {
            padded(text, self.width)
        } else {
            let gap = self.width.saturating_sub(display_width(text));
            format!("{}{text}", " ".repeat(gap))
        }
    }
}

/// The cells that these columns take on a line, with a gap behind each.
pub(super) fn width(columns: &[Column]) -> usize {
    columns.iter().map(|column| column.width + 2).sum()
}

/// What a page has left behind these columns.
fn spare(page: &Page, columns: &[Column]) -> usize {
    page.width.saturating_sub(width(columns))
}

/// Whether these words are shown behind these columns and a bar.
pub(super) fn has_room_for(words: &Column, columns: &[Column], page: &Page) -> bool {
    words.width > 0 && spare(page, columns) >= words.width + 2 + 2 * LEAST_BAR
}

/// Rows of columns, a bar and words. What does not fit on the page is left out: the words
/// first, then the bar.
pub(super) fn columns(
    page: &Page,
    columns: &[Column],
    bar: impl Fn(usize, usize) -> String,
    words: &Column,
) -> String {
    let spare = spare(page, columns);
    let with_words = has_room_for(words, columns, page);
    let bar_width = if with_words {
        (spare - words.width - 2).min(MOST_BAR)
    } else {
        spare.min(MOST_BAR)
    };
    let mut heading: Vec<String> = columns
        .iter()
        .map(|column| column.flush(column.heading))
        .collect();
    if with_words && !words.heading.is_empty() {
        heading.push(" ".repeat(bar_width));
        heading.push(words.heading.into());
    }
    let mut lines = vec![
        page.palette
            .paint(Tone::Faint, heading.join("  ").trim_end()),
    ];
    for row in 0..words.cells.len() {
        let mut cells: Vec<String> = columns
            .iter()
            .map(|column| column.cell(row, page))
            .collect();
        if bar_width >= LEAST_BAR {
            let bar = bar(row, bar_width);
            // Under a heading the words stand in a column of their own.
            let gap = match words.heading {
                "" => 0,
                _ => bar_width.saturating_sub(display_width(&bar)),
            };
            cells.push(bar + &" ".repeat(gap));
        }
        if with_words {
            let (text, tone) = &words.cells[row];
            cells.push(page.palette.paint(*tone, text));
        }
        lines.push(cells.join("  ").trim_end().to_string());
    }
    lines.iter().map(|line| fit(page, line)).collect()
}
