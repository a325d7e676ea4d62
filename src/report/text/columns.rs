//! Rows of numbers with a bar behind them, as much of it as fits on the page.

use super::super::numbers::grouped;
use super::wrap::fit;
use crate::term::{Page, Tone};

/// Bars narrower than this say nothing.
const LEAST_BAR: usize = 6;

/// Bars wider than this say no more.
const MOST_BAR: usize = 60;

/// The cells of a column, each with its tone.
pub(super) struct Column {
    heading: &'static str,
    width: usize,
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
        let widths = cells.iter().map(|(text, _)| text.chars().count());
        Self {
            heading,
            width: widths.max().unwrap_or(0).max(heading.len()),
            cells,
        }
    }

    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// The cell, flush right.
    fn cell(&self, row: usize, page: &Page) -> String {
        let (text, tone) = &self.cells[row];
        page.palette
            .paint(*tone, &format!("{text:>width$}", width = self.width))
    }
}

/// Rows of columns, a bar and words. What does not fit on the page is left out: the words
/// first, then the bar.
pub(super) fn columns(
    page: &Page,
    columns: &[Column],
    bar: impl Fn(usize, usize) -> String,
    words: &Column,
) -> String {
    let taken = columns.iter().map(|column| column.width + 2).sum::<usize>() - 2;
    let spare = page.width.saturating_sub(taken + 2);
    let with_words = spare >= words.width + 2 + 2 * LEAST_BAR;
    let bar_width = if with_words {
        (spare - words.width - 2).min(MOST_BAR)
    } else {
        spare.min(MOST_BAR)
    };
    let mut heading: Vec<String> = columns
        .iter()
        .map(|column| format!("{:>1$}", column.heading, column.width))
        .collect();
    if with_words && !words.heading.is_empty() {
        heading.push(" ".repeat(bar_width));
        heading.push(words.heading.into());
    }
    let mut lines = vec![page.palette.paint(Tone::Faint, &heading.join("  "))];
    for row in 0..words.cells.len() {
        let mut cells: Vec<String> = columns
            .iter()
            .map(|column| column.cell(row, page))
            .collect();
        if bar_width >= LEAST_BAR {
            let mut bar = bar(row, bar_width);
            if with_words && !words.heading.is_empty() {
                // Under a heading words stand in a column.
                bar += &" ".repeat(bar_width.saturating_sub(textwrap::core::display_width(&bar)));
            }
            cells.push(bar);
        }
        if with_words {
            let (text, tone) = &words.cells[row];
            cells.push(page.palette.paint(*tone, text));
        }
        lines.push(cells.join("  "));
    }
    lines.iter().map(|line| fit(page, line)).collect()
}
