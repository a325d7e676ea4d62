//! Tables: rows of cells and bars, as many of them as fit on the page.

use textwrap::core::display_width;

use super::bars;
use super::blocks::Writer;
use super::wrap::fit;
use crate::page::{BARS, Bar, Cell, Column, Layout, Table};
use crate::term::{Page, Tone, cut, padded};

/// Narrower bars tell nothing.
const LEAST_BAR: usize = 6;

/// Wider bars tell nothing more.
const MOST_BAR: usize = 60;

/// Returns the table in the first layout that fits, or in the last. If there is too little room
/// behind the columns, the words are left out first, then the bars.
pub(super) fn table(table: &Table<'_>, writer: &mut Writer<'_>) -> String {
    let page = writer.page;
    let choices = table.choices();
    let mut drawings = choices.iter().map(|layout| {
        let drawing = Drawing::of(table, layout, page);
        let fits = drawing.width() + layout.behind <= page.width;
        (drawing, fits)
    });
    let fitting = drawings.clone().find(|(_, fits)| *fits);
    match fitting.or_else(|| drawings.next_back()) {
        Some((drawing, fits)) if fits || table.otherwise.is_empty() => drawing.draw(writer),
        _ => writer.blocks(&table.otherwise),
    }
}

/// The columns of a layout, each with its width.
struct Drawing<'a> {
    table: &'a Table<'a>,
    columns: Vec<(&'a Column, usize)>,
    page: &'a Page,
}

impl<'a> Drawing<'a> {
    fn of(table: &'a Table<'a>, layout: &Layout, page: &'a Page) -> Self {
        let columns = layout.columns.iter();
        let columns = columns.filter_map(|&place| table.columns.get(place));
        let usual = |column: &Column| {
            let most = column.elastic.map_or(usize::MAX, |elastic| {
                (page.width / elastic.part).max(elastic.usual)
            });
            width(column, most)
        };
        let columns = columns.map(|column| (column, usual(column)));
        // A column with nothing to show takes no room.
        let columns = columns.filter(|(_, width)| *width > 0);
        let mut drawing = Self {
            table,
            columns: columns.collect(),
            page,
        };
        if layout.shrinks {
            drawing.shrink(page.width.saturating_sub(layout.behind));
        }
        drawing
    }

    /// Makes all elastic columns narrower, alike, until the table fits.
    fn shrink(&mut self, room: usize) {
        let elastic = |(column, _): &&(&Column, usize)| column.elastic.is_some();
        let widest = self.columns.iter().filter(elastic);
        let widest = widest.map(|(_, width)| *width).max().unwrap_or(0);
        for most in (0..widest).rev() {
            if self.width() <= room {
                return;
            }
            for (column, shown) in &mut self.columns {
                if let Some(elastic) = column.elastic {
                    *shown = width(column, most.max(elastic.least));
                }
            }
        }
    }

    /// Returns the width of the columns, with gaps between them.
    fn width(&self) -> usize {
        let widths = self.columns.iter().map(|(_, width)| width + 2);
        widths.sum::<usize>().saturating_sub(2)
    }

    /// Returns the width of the bars, and whether there is room for words behind them.
    fn behind(&self) -> (usize, bool) {
        let spare = self.page.width.saturating_sub(self.width() + 2);
        let words = self.table.words.as_ref();
        let words = words.map_or(0, |words| width(words, usize::MAX));
        if words > 0 && spare >= words + 2 + 2 * LEAST_BAR {
            ((spare - words - 2).min(MOST_BAR), true)
        } else {
            (spare.min(MOST_BAR), false)
        }
    }

    fn draw(&self, writer: &mut Writer<'_>) -> String {
        let (bar, with_words) = self.behind();
        let bar = Some(bar).filter(|bar| *bar >= LEAST_BAR && !self.table.bars.is_empty());
        let words = self.table.words.as_ref().filter(|_| with_words);
        let shown = self.columns.iter().map(|(column, _)| *column).chain(words);
        writer
            .shown
            .extend(shown.map(|column| column.heading.clone()));
        let drawn = bar.filter(|_| self.table.bars.iter().any(|bar| bars::is_seen(*bar)));
        writer.shown.extend(drawn.map(|_| BARS.to_string()));
        let rows = (0..self.table.rows()).map(|row| self.row(row, bar, words));
        self.heading(bar, words).into_iter().chain(rows).collect()
    }

    fn heading(&self, bar: Option<usize>, words: Option<&Column>) -> Option<String> {
        let columns = self.columns.iter();
        let cells =
            columns.map(|(column, width)| flush(&column.heading, *width, column.flush_left));
        let mut cells: Vec<String> = cells.collect();
        if let Some(words) = words.filter(|words| !words.heading.is_empty()) {
            cells.push(" ".repeat(bar.unwrap_or(0)));
            cells.push(words.heading.clone());
        }
        let line = cells.join("  ");
        let tone = if self.table.plain_headings {
            Tone::Plain
        } else {
            Tone::Faint
        };
        let line = line.trim_end();
        (!line.is_empty()).then(|| fit(self.page, &self.page.palette.paint(tone, line)))
    }

    fn row(&self, row: usize, bar: Option<usize>, words: Option<&Column>) -> String {
        let paint = |cell: &Cell, text: &str| self.page.palette.paint(cell.tone, text);
        let cells = self.columns.iter().filter_map(|(column, width)| {
            let cell = column.cells.get(row)?;
            let text = match column.elastic {
                Some(_) => &cut(&cell.text, *width),
                None => &cell.text,
            };
            Some(paint(cell, &flush(text, *width, column.flush_left)))
        });
        let mut cells: Vec<String> = cells.collect();
        if let Some(width) = bar {
            let bar = self.table.bars.get(row).copied().unwrap_or(Bar::None);
            let drawn = bars::drawn(self.page, width, bar);
            let is_headed = words.is_some_and(|words| !words.heading.is_empty());
            let aligned = self.table.aligned || is_headed;
            cells.push(padded(&drawn, if aligned { width } else { 0 }));
        }
        if let Some(cell) = words.and_then(|words| words.cells.get(row)) {
            cells.push(paint(cell, &cell.text));
        }
        fit(self.page, cells.join("  ").trim_end())
    }
}

/// Returns the width of a column whose cells are cut at `most`.
fn width(column: &Column, most: usize) -> usize {
    // A cut at a wide character may leave a cell narrower than `most`.
    let cells = column.cells.iter();
    let widest = cells.map(|cell| display_width(&cut(&cell.text, most)));
    let widest = widest.max().unwrap_or(0);
    widest.max(display_width(&column.heading))
}

/// Returns the text in a column of this width.
pub(in crate::render) fn flush(text: &str, width: usize, left: bool) -> String {
    if left {
        return padded(text, width);
    }
    let gap = width.saturating_sub(display_width(text));
    format!("{}{text}", " ".repeat(gap))
}
