//! Tables: all columns of the richest layout, bars, and words behind them.

use maud::{Markup, html};

use super::blocks::{class, words};
use crate::page::{Bar, Column, Table, Text};
use crate::term::Tone;

/// Returns a table in a frame that scrolls where the page is narrower.
pub(super) fn framed(table: &Markup) -> Markup {
    html! {
        div class="scroll" tabindex="0" role="group" aria-label="Table" { (table) }
    }
}

/// Returns rows under headings; the last cell of a row is a paragraph.
pub(super) fn entries(headings: &[&str], rows: &[Vec<Text>]) -> Markup {
    framed(&html! {
        table class="entries" {
            thead {
                tr {
                    @for heading in headings { th scope="col" { (heading) } }
                }
            }
            tbody {
                @for row in rows {
                    tr {
                        @for (place, cell) in row.iter().enumerate() {
                            @if place == 0 {
                                th scope="row" { (words(cell)) }
                            } @else {
                                td { (words(cell)) }
                            }
                        }
                    }
                }
            }
        }
    })
}

/// Returns the columns of the richest layout, a bar for each row, and the words behind it.
pub(super) fn table(table: &Table<'_>) -> Markup {
    let layout = table.choices().into_iter().next().unwrap_or_default();
    let columns = layout.columns.iter();
    let columns = columns.filter_map(|&place| table.columns.get(place));
    let columns: Vec<&Column> = columns.filter(|column| is_shown(column)).collect();
    let behind: Vec<&Column> = table.words.iter().filter(|words| is_shown(words)).collect();
    let further: Vec<&Column> = table.further.iter().collect();
    let bars = table.bars.iter().any(|bar| *bar != Bar::None);
    framed(&html! {
        table {
            @if columns.iter().any(|column| !column.heading.trim().is_empty()) {
                thead {
                    tr {
                        @for column in &columns { (heading(column)) }
                        @if bars { th scope="col" { span class="unseen" { "bar" } } }
                        @for column in behind.iter().chain(&further) { (heading(column)) }
                    }
                }
            }
            tbody {
                @for row in 0..table.rows() {
                    tr {
                        @for (place, column) in columns.iter().enumerate() {
                            (cell(column, row, place == 0))
                        }
                        @if bars {
                            td class="bar" { (bar(table.bars.get(row).copied().unwrap_or(Bar::None))) }
                        }
                        @for column in behind.iter().chain(&further) { (cell(column, row, false)) }
                    }
                }
            }
        }
    })
}

/// Returns the heading of a column, which may have none.
fn heading(column: &Column) -> Markup {
    let class = alignment(column);
    html! {
        @match column.heading.trim() {
            "" => td class=[class] {},
            heading => th scope="col" class=[class] { (heading) },
        }
    }
}

/// Returns a cell; the first of a row is its heading.
fn cell(column: &Column, row: usize, first: bool) -> Markup {
    let cell = column.cells.get(row);
    let text = cell.map_or("", |cell| cell.text.as_str());
    let tone = cell.map_or(Tone::Plain, |cell| cell.tone);
    let class = match (alignment(column), class(tone)) {
        (None, "plain") => None,
        (None, class) => Some(class.to_string()),
        (Some(alignment), "plain") => Some(alignment.to_string()),
        (Some(alignment), class) => Some(format!("{alignment} {class}")),
    };
    html! {
        @if first {
            th scope="row" class=[class] { (text.trim()) }
        } @else {
            td class=[class] { (text.trim()) }
        }
    }
}

/// Returns the class of a column of numbers, which are flush right.
fn alignment(column: &Column) -> Option<&'static str> {
    let is_number = |text: &str| text.starts_with(|first: char| first.is_ascii_digit());
    let numbers = column.cells.iter().any(|cell| is_number(&cell.text));
    (!column.flush_left && numbers).then_some("number")
}

fn is_shown(column: &Column) -> bool {
    !column.heading.trim().is_empty() || column.cells.iter().any(|cell| !cell.text.is_empty())
}

/// The width of a bar that is a whole.
const WIDTH: f64 = 100.0;

/// Returns a bar. The cells beside it say the same in numbers.
fn bar(bar: Bar) -> Markup {
    let part = |from: f64, width: f64, tone: Tone| {
        html! {
            rect x=(short(from)) y="0" width=(short(width)) height="10" class=(class(tone)) {}
        }
    };
    let parts = match bar {
        Bar::None => return html! {},
        Bar::Whole(counted) => {
            let mut full = WIDTH * counted;
            if counted > 0.0 && counted < 1.0 {
                full = full.clamp(1.0, WIDTH - 1.0);
            }
            html! { (part(0.0, full, Tone::Good)) (part(full, WIDTH - full, Tone::Lost)) }
        }
        Bar::Share(share, tone) => {
            let least = if share > 0.0 { 1.0 } else { 0.0 };
            part(0.0, (WIDTH * share).clamp(least, WIDTH), tone)
        }
    };
    html! {
        svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" { (parts) }
    }
}

fn short(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}
