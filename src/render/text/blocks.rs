//! A document as text: paragraphs in lines that fit on the page, tables whose columns give way.

use textwrap::core::display_width;

use super::steps::{lanes, steps};
use super::strip::strip;
use super::table::table;
use super::wrap::{hang, wrap};
use crate::page::{Block, Document, Section, Text};
use crate::record::CommandRecord;
use crate::term::{Page, Signs, Tone};

/// How far what is not a paragraph is indented.
const INDENT: usize = 4;

/// A last column narrower than this stands below the others instead of beside them.
const LEAST_COLUMN: usize = 30;

/// Returns the document as text, each line ended by a line feed.
pub fn document(document: &Document<'_>, page: &Page) -> String {
    let mut writer = Writer {
        page,
        shown: Vec::new(),
    };
    let title = if document.headless {
        String::new()
    } else {
        wrap(page, &painted(&document.title, page))
    };
    let lead = writer.blocks(&document.lead);
    let mut parts = vec![title + &lead];
    for section in &document.sections {
        let part = writer.section(section);
        if !part.is_empty() {
            parts.push(part);
        }
    }
    page.signs.instead_of(&Signs::UNICODE, parts.join("\n"))
}

/// Returns some blocks as text.
pub fn blocks(blocks: &[Block<'_>], page: &Page) -> String {
    let mut writer = Writer {
        page,
        shown: Vec::new(),
    };
    let text = writer.blocks(blocks);
    page.signs.instead_of(&Signs::UNICODE, text)
}

/// Returns the words in the colours of their tones.
pub(super) fn painted(text: &Text, page: &Page) -> String {
    text.pieces()
        .map(|(tone, words)| page.palette.paint(tone, words))
        .collect()
}

/// What is known while a document is written.
pub(super) struct Writer<'a> {
    pub(super) page: &'a Page,
    /// The headings of the columns that are shown so far, and [`BARS`](crate::page::BARS).
    pub(super) shown: Vec<String>,
}

impl Writer<'_> {
    fn section(&mut self, section: &Section<'_>) -> String {
        let blocks = self.blocks(&section.blocks);
        match &section.heading {
            Some(heading) if !blocks.is_empty() => {
                wrap(self.page, &painted(heading, self.page)) + &blocks
            }
            _ => blocks,
        }
    }

    pub(super) fn blocks(&mut self, blocks: &[Block<'_>]) -> String {
        blocks.iter().map(|block| self.block(block)).collect()
    }

    fn block(&mut self, block: &Block<'_>) -> String {
        let page = self.page;
        match block {
            Block::Words(text) if text.is_empty() => String::new(),
            Block::Words(text) => wrap(page, &painted(text, page)),
            Block::Table(of) => table(of, self),
            Block::Facts(facts) => self.facts(facts),
            Block::Entries(_, rows) => self.entries(rows),
            Block::Code(_, code) => code.lines().map(indented).collect(),
            Block::Steps(happenings, threads) => steps(happenings, *threads, page),
            Block::Lanes(of) => lanes(of, page),
            Block::Strip(run) => strip(run, page),
            Block::Command(purpose, command) => self.command(purpose, command),
            Block::Commands(commands) => self.commands(commands),
            Block::Glossary(words) => self.glossary(words),
            Block::Advice(_) if page.quiet => String::new(),
            Block::Advice(blocks) => self.blocks(blocks),
            Block::Gap => "\n".into(),
        }
    }

    fn facts(&self, facts: &[(&'static str, Text)]) -> String {
        let width = facts.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
        let lines = facts.iter().map(|(name, fact)| {
            let name = self
                .page
                .palette
                .paint(Tone::Faint, &format!("{name:<width$}"));
            wrap(self.page, &format!("{name}  {}", painted(fact, self.page)))
        });
        lines.collect()
    }

    /// A command stands on a line of its own where that keeps it in one piece, to be copied.
    fn command(&self, purpose: &Text, command: &str) -> String {
        let page = self.page;
        let words = painted(purpose, page);
        let shown = page.palette.paint(Tone::Command, command);
        let beside = display_width(&words) + 2 + display_width(command);
        if beside > page.width && display_width(command) <= page.width {
            return wrap(page, &format!("{words}:")) + &wrap(page, &shown);
        }
        wrap(page, &format!("{words}: {shown}"))
    }

    fn commands(&self, commands: &[CommandRecord]) -> String {
        let lines = commands.iter().map(|typed| {
            let command = self.page.palette.paint(Tone::Command, &typed.command);
            wrap(self.page, &format!("{}:", typed.purpose)) + &indented(&command)
        });
        lines.collect()
    }

    fn glossary(&self, words: &[(&'static str, Text)]) -> String {
        let said = words
            .iter()
            .filter(|(term, _)| self.shown.iter().any(|shown| shown == term));
        let said: Vec<String> = said
            .map(|(_, sentence)| painted(sentence, self.page))
            .collect();
        if said.is_empty() {
            return String::new();
        }
        wrap(self.page, &said.join(" "))
    }

    /// Columns, of which the last is a paragraph.
    fn entries(&self, rows: &[Vec<Text>]) -> String {
        let page = self.page;
        let column = |place: usize| {
            let cells = rows.iter().filter_map(|row| row.get(place));
            cells.map(|cell| display_width(&cell.plain())).max()
        };
        let columns = rows.first().map_or(0, Vec::len);
        let widths: Vec<usize> = (1..columns).filter_map(|place| column(place - 1)).collect();
        let beside = widths.iter().map(|width| width + 2).sum::<usize>();
        let last = rows.iter().filter_map(|row| row.last());
        let last: Vec<String> = last.map(Text::plain).collect();
        let longest = last.iter().flat_map(|cell| cell.split(' '));
        // A long name that fits on a line of its own is not broken.
        let longest = longest
            .map(display_width)
            .max()
            .filter(|longest| longest + INDENT <= page.width);
        // What is narrower anyway needs no more room.
        let widest = last.iter().map(|cell| display_width(cell)).max();
        let least = LEAST_COLUMN
            .max(longest.unwrap_or(0))
            .min(widest.unwrap_or(0));
        let beside_fits = beside + least <= page.width;
        let mut lines = String::new();
        for row in rows {
            let Some((last, first)) = row.split_last() else {
                continue;
            };
            let mut line = String::new();
            for (cell, width) in first.iter().zip(&widths) {
                let gap = width + 2 - display_width(&cell.plain());
                line += &painted(cell, page);
                line += &" ".repeat(gap);
            }
            let words = painted(last, page);
            if beside_fits {
                lines += &hang(page, &(line + &words), beside);
            } else {
                lines += &hang(page, line.trim_end(), INDENT);
                lines += &hang(page, &format!("{:INDENT$}{words}", ""), INDENT);
            }
        }
        lines
    }
}

fn indented(line: &str) -> String {
    if line.is_empty() {
        return "\n".into();
    }
    format!("{:INDENT$}{line}\n", "")
}
