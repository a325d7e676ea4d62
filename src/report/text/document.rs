//! A page of words, code and tables in text.

use textwrap::core::display_width;

use super::interleaving::interleaving;
use super::wrap::{hang, wrap};
use crate::report::format::document::{Block, Cell, Document, Section, plain};
use crate::term::{Page, Tone};

/// How far what is not a paragraph is indented.
const INDENT: usize = 4;

/// A last column narrower than this stands below the others instead of beside them.
const LEAST_COLUMN: usize = 30;

/// The page, each line ended by a line feed.
pub(in crate::report) fn document(document: &Document, page: &Page) -> String {
    let mut parts = vec![wrap(
        page,
        &page.palette.paint(Tone::Strong, &document.title),
    )];
    parts.extend(
        document
            .sections
            .iter()
            .map(|section| self::section(section, page)),
    );
    parts.join("\n")
}

fn section(section: &Section, page: &Page) -> String {
    let heading = section.heading.iter();
    let heading = heading.map(|words| wrap(page, &page.palette.paint(Tone::Strong, words)));
    let blocks = section.blocks.iter().map(|block| self::block(block, page));
    heading.chain(blocks).collect()
}

fn block(block: &Block, page: &Page) -> String {
    match block {
        Block::Words(words) => wrap(page, &plain(words)),
        Block::Code(_, code) => code.lines().map(indented).collect(),
        Block::Steps(steps, threads) => interleaving(steps, *threads, page),
        Block::Rows(_, rows) => self::rows(rows, page),
        Block::Commands(commands) => {
            let lines = commands.iter().map(|typed| {
                let command = page.palette.paint(Tone::Command, &typed.command);
                // On a line of its own, in one piece, to be copied.
                wrap(page, &format!("{}:", typed.purpose)) + &indented(&command)
            });
            lines.collect()
        }
    }
}

fn indented(line: &str) -> String {
    if line.is_empty() {
        return "\n".into();
    }
    format!("{:INDENT$}{line}\n", "")
}

/// Columns, of which the last is a paragraph.
fn rows(rows: &[Vec<Cell>], page: &Page) -> String {
    let column = |place: usize| {
        let cells = rows.iter().filter_map(|row| row.get(place));
        cells.map(|cell| display_width(&plain(&cell.text))).max()
    };
    let columns = rows.first().map_or(0, Vec::len);
    let widths: Vec<usize> = (1..columns).filter_map(|place| column(place - 1)).collect();
    let beside = widths.iter().map(|width| width + 2).sum::<usize>();
    let last = rows.iter().filter_map(|row| row.last());
    let longest = last.flat_map(|cell| cell.text.split(' '));
    let longest = longest.map(|word| display_width(&plain(word))).max();
    // A long name that fits on a line of its own is not broken.
    let longest = longest.filter(|longest| longest + INDENT <= page.width);
    let least = LEAST_COLUMN.max(longest.unwrap_or(0));
    let beside_fits = beside + least <= page.width;
    let mut lines = String::new();
    for row in rows {
        let Some((last, first)) = row.split_last() else {
            continue;
        };
        let mut line = String::new();
        for (cell, width) in first.iter().zip(&widths) {
            let text = plain(&cell.text);
            let gap = width + 2 - display_width(&text);
            line += &page.palette.paint(cell.tone, &text);
            line += &" ".repeat(gap);
        }
        let words = page.palette.paint(last.tone, &plain(&last.text));
        if beside_fits {
            lines += &hang(page, &(line + &words), beside);
        } else {
            lines += &hang(page, line.trim_end(), INDENT);
            lines += &hang(page, &format!("{:INDENT$}{words}", ""), INDENT);
        }
    }
    lines
}
