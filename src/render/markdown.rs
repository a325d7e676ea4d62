//! A document as Markdown. It is ASCII, so that it looks alike in every editor.

use textwrap::core::display_width;

use super::text;
use crate::page::{Block, Cell, Column, Document, Section, Table, Text};
use crate::term::{Page, Palette, Signs, Tone};

/// What is drawn rather than written is drawn on a page of this kind: a block of code has no
/// colours.
const DRAWN: Page = Page {
    width: 80,
    palette: Palette::PLAIN,
    signs: Signs::ASCII,
    quiet: false,
};

/// Returns the document as Markdown, each line ended by a line feed.
pub(super) fn document(document: &Document<'_>, quiet: bool) -> String {
    let mut parts = vec![format!("# {}", words(&document.title))];
    parts.extend(blocks(&document.lead, quiet));
    for section in &document.sections {
        parts.extend(self::section(section, quiet));
    }
    Signs::ASCII.instead_of(&Signs::UNICODE, parts.join("\n\n") + "\n")
}

fn section(section: &Section<'_>, quiet: bool) -> Vec<String> {
    let mut parts = blocks(&section.blocks, quiet);
    if let Some(heading) = section.heading.as_ref().filter(|_| !parts.is_empty()) {
        let heading = words(heading);
        parts.insert(0, format!("## {}", heading.trim_end_matches(':')));
    }
    parts
}

fn blocks(blocks: &[Block<'_>], quiet: bool) -> Vec<String> {
    let parts = blocks.iter().flat_map(|block| self::block(block, quiet));
    parts.filter(|part| !part.is_empty()).collect()
}

fn block(block: &Block<'_>, quiet: bool) -> Vec<String> {
    let drawn = || {
        fenced(
            "text",
            text::blocks(std::slice::from_ref(block), &DRAWN).trim_end(),
        )
    };
    let part = match block {
        Block::Words(text) => words(text),
        Block::Table(of) => return table(of),
        Block::Facts(facts) => {
            let facts = facts.iter();
            let facts = facts.map(|(name, fact)| format!("- {name}: {}", words(fact)));
            facts.collect::<Vec<_>>().join("\n")
        }
        Block::Entries(headings, entries) => {
            let headings: Vec<_> = headings.iter().map(|heading| (*heading, true)).collect();
            let entries = entries.iter();
            let entries = entries.map(|cells| cells.iter().map(words).collect());
            rows(&headings, &entries.collect::<Vec<_>>())
        }
        Block::Code(language, code) => fenced(language, code),
        Block::Steps(..) | Block::Lanes(_) | Block::Strip(_) => drawn(),
        Block::Command(purpose, command) => format!("{}: `{command}`", words(purpose)),
        Block::Commands(commands) => {
            let lines = commands
                .iter()
                .map(|typed| format!("{}  # {}", typed.command, typed.purpose));
            fenced("sh", &lines.collect::<Vec<_>>().join("\n"))
        }
        // Every column is shown, and no bars are.
        Block::Glossary(terms) => {
            let terms = terms.iter().filter(|(term, _)| *term != crate::page::BARS);
            let sentences = terms.map(|(_, sentence)| words(sentence));
            sentences.collect::<Vec<_>>().join(" ")
        }
        Block::Advice(_) if quiet => String::new(),
        Block::Advice(blocks) => return self::blocks(blocks, quiet),
        Block::Gap => String::new(),
    };
    vec![part]
}

/// The columns of the richest layout.
fn table(table: &Table<'_>) -> Vec<String> {
    let Some(layout) = table.choices().into_iter().next() else {
        return Vec::new();
    };
    let columns = layout.columns.iter();
    let columns = columns.filter_map(|&place| table.columns.get(place));
    let words = table.words.iter();
    let columns: Vec<&Column> = columns
        .chain(words)
        .filter(|column| is_shown(column))
        .collect();
    let headings = columns.iter();
    let headings: Vec<_> = headings
        .map(|column| (column.heading.as_str(), is_flush_left(column)))
        .collect();
    let row = |row: usize| {
        let cells = columns.iter().map(|column| column.cells.get(row));
        cells
            .map(|cell| cell.map_or_else(String::new, |cell| indented(&cell.text)))
            .collect()
    };
    let cells: Vec<Vec<String>> = (0..table.rows()).map(row).collect();
    vec![rows(&headings, &cells)]
}

/// Returns whether a column is one of words: numbers are flush right.
fn is_flush_left(column: &Column) -> bool {
    let is_number = |cell: &Cell| cell.text.starts_with(|first: char| first.is_ascii_digit());
    column.flush_left || !column.cells.iter().any(is_number)
}

fn is_shown(column: &Column) -> bool {
    !column.heading.is_empty() || column.cells.iter().any(|cell| !cell.text.is_empty())
}

/// Returns rows under headings, each column as wide as its widest cell; columns of numbers are flush
/// right.
fn rows(headings: &[(&str, bool)], rows: &[Vec<String>]) -> String {
    let wide = |text: &str| display_width(text);
    let width = |(place, (heading, _)): (usize, &(&str, bool))| {
        let cells = rows.iter().filter_map(|row| row.get(place));
        cells
            .map(|cell| wide(cell))
            .max()
            .unwrap_or(0)
            .max(wide(heading))
            .max(3)
    };
    let widths: Vec<usize> = headings.iter().enumerate().map(width).collect();
    let pad = |text: &str, place: usize| {
        let gap = " ".repeat(widths[place] - wide(text));
        if headings[place].1 {
            format!("{text}{gap}")
        } else {
            format!("{gap}{text}")
        }
    };
    let line = |cells: &mut dyn Iterator<Item = String>| {
        format!("| {} |", cells.collect::<Vec<_>>().join(" | "))
    };
    let heading = headings.iter().enumerate();
    let heading = line(&mut heading.map(|(place, (heading, _))| pad(heading, place)));
    let below = headings
        .iter()
        .zip(&widths)
        .map(|((_, flush_left), width)| {
            if *flush_left {
                "-".repeat(*width)
            } else {
                format!("{}:", "-".repeat(width - 1))
            }
        });
    let below = line(&mut below.into_iter());
    let rows = rows.iter().map(|cells| {
        let cells = cells.iter().enumerate();
        line(&mut cells.map(|(place, cell)| pad(cell, place)))
    });
    [heading, below]
        .into_iter()
        .chain(rows)
        .collect::<Vec<_>>()
        .join("\n")
}

fn words(text: &Text) -> String {
    let pieces = text.pieces().map(|(tone, words)| match tone {
        Tone::Code | Tone::Name | Tone::Command => format!("`{words}`"),
        _ => escaped(words),
    });
    pieces.collect()
}

/// Returns a cell of a table. Names that stand below others are indented, which a table would not
/// show.
fn indented(cell: &str) -> String {
    let words = cell.trim();
    let indent = cell.len() - cell.trim_start().len();
    let indent = if words.is_empty() { 0 } else { indent };
    "&nbsp;".repeat(indent) + &escaped(words)
}

/// A bar would end a cell.
fn escaped(words: &str) -> String {
    words.replace('|', "\\|")
}

fn fenced(language: &str, code: &str) -> String {
    format!("```{language}\n{code}\n```")
}
