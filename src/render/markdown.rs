//! A document as Markdown. It is ASCII, so that it looks alike in every editor.

use std::slice;

use textwrap::core::display_width;

use super::text::{self, ELSEWHERE};
use crate::page::{Block, Cell, Column, Document, Section, Table, Text};
use crate::term::{Page, Palette, Signs, Tone};

/// The page on which drawings are made: a block of code has no colours.
const DRAWN: Page = Page {
    width: 80,
    palette: Palette::PLAIN,
    signs: Signs::ASCII,
    quiet: false,
    explain: false,
};

/// Returns the document as Markdown, each line ended by a line feed.
pub(super) fn document(document: &Document<'_>, page: &Page) -> String {
    let parts = report(document, page);
    Signs::ASCII.instead_of(&Signs::UNICODE, parts.join("\n\n") + "\n")
}

fn report(document: &Document<'_>, page: &Page) -> Vec<String> {
    let mut parts = vec![format!("# {}", words(&document.title))];
    parts.extend(blocks(&document.lead, page));
    for section in &document.sections {
        parts.extend(self::section(section, page));
    }
    parts
}

fn section(section: &Section<'_>, page: &Page) -> Vec<String> {
    let mut parts = blocks(&section.blocks, page);
    if let Some(heading) = section.heading.as_ref().filter(|_| !parts.is_empty()) {
        let heading = words(heading);
        parts.insert(0, format!("## {}", heading.trim_end_matches(':')));
    }
    parts
}

fn blocks(blocks: &[Block<'_>], page: &Page) -> Vec<String> {
    let parts = blocks.iter().flat_map(|block| self::block(block, page));
    parts.filter(|part| !part.is_empty()).collect()
}

fn block(block: &Block<'_>, page: &Page) -> Vec<String> {
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
        Block::Steps(..) | Block::Lanes(_) | Block::Strip(_) => {
            let drawn = text::blocks(slice::from_ref(block), &DRAWN);
            fenced("text", drawn.trim_end())
        }
        Block::Reports(of) => return of.iter().flat_map(|of| report(of, page)).collect(),
        Block::Command(purpose, command) => format!("{}: `{command}`", words(purpose)),
        Block::Commands(commands) => {
            let lines = commands
                .iter()
                .map(|typed| format!("{}  # {}", typed.command, typed.purpose));
            fenced("sh", &lines.collect::<Vec<_>>().join("\n"))
        }
        Block::Glossary(_) | Block::Advice(_) if page.quiet => String::new(),
        Block::Glossary(_) if !page.explain => ELSEWHERE.replace("--explain", "`--explain`"),
        // Every column is shown, and no bars are.
        Block::Glossary(terms) => {
            let terms = terms.iter().filter(|(term, _)| *term != crate::page::BARS);
            let sentences = terms.map(|(_, sentence)| words(sentence));
            sentences.collect::<Vec<_>>().join(" ")
        }
        Block::Advice(blocks) | Block::Folded(_, blocks) => return self::blocks(blocks, page),
        Block::Curves(_) | Block::Player(_) | Block::Gap => String::new(),
    };
    vec![part]
}

/// Returns the columns of the richest layout.
fn table(table: &Table<'_>) -> Vec<String> {
    let Some(layout) = table.choices().into_iter().next() else {
        return Vec::new();
    };
    let columns = layout.columns.iter();
    let columns = columns.filter_map(|&place| table.columns.get(place));
    let words = table.words.iter();
    let columns = columns.chain(words).filter(|column| is_shown(column));
    let columns: Vec<&Column> = columns.collect();
    let headings = columns.iter();
    let headings = headings.map(|column| (column.heading.as_str(), is_flush_left(column)));
    let headings: Vec<_> = headings.collect();
    let row = |row: usize| {
        let cells = columns.iter().map(|column| column.cells.get(row));
        let cells = cells.map(|cell| cell.map(|cell| indented(&cell.text)));
        cells.map(Option::unwrap_or_default).collect()
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
    let width = |(place, (heading, _)): (usize, &(&str, bool))| {
        let cells = rows.iter().filter_map(|row| row.get(place));
        let widths = cells.map(|cell| display_width(cell));
        widths.fold(display_width(heading).max(3), usize::max)
    };
    let widths: Vec<usize> = headings.iter().enumerate().map(width).collect();
    let pad = |text: &str, place: usize| text::flush(text, widths[place], headings[place].1);
    let line = |cells: &mut dyn Iterator<Item = String>| {
        format!("| {} |", cells.collect::<Vec<_>>().join(" | "))
    };
    let heading = headings.iter().enumerate();
    let heading = line(&mut heading.map(|(place, (heading, _))| pad(heading, place)));
    let below = headings.iter().zip(&widths).map(|((_, left), width)| {
        let end = if *left { "-" } else { ":" };
        "-".repeat(width - 1) + end
    });
    let below = line(&mut below.into_iter());
    let rows = rows.iter().map(|cells| {
        let cells = cells.iter().enumerate();
        line(&mut cells.map(|(place, cell)| pad(cell, place)))
    });
    let lines = [heading, below].into_iter().chain(rows);
    lines.collect::<Vec<_>>().join("\n")
}

fn words(text: &Text) -> String {
    let pieces = text.pieces().map(|(tone, words)| match tone {
        Tone::Code | Tone::Name | Tone::Command => format!("`{words}`"),
        _ => escaped(words),
    });
    pieces.collect()
}

/// Returns a cell of a table. Its indent needs spaces that Markdown does not drop.
fn indented(cell: &str) -> String {
    let words = cell.trim();
    let indent = cell.len() - cell.trim_start().len();
    let indent = if words.is_empty() { 0 } else { indent };
    "&nbsp;".repeat(indent) + &escaped(words)
}

/// Returns words in which a vertical bar does not end a cell.
fn escaped(words: &str) -> String {
    words.replace('|', "\\|")
}

fn fenced(language: &str, code: &str) -> String {
    format!("```{language}\n{code}\n```")
}
