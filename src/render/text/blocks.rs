//! A document as text: paragraphs in lines that fit on the page, tables whose columns give way.

use textwrap::core::display_width;

use super::steps::{lanes, steps};
use super::strip::strip;
use super::table::table;
use super::wrap::{hang, wrap};
use crate::page::{Block, Document, Section, Text};
use crate::record::CommandRecord;
use crate::term::{Page, Signs, Tone, padded};

/// The indent of code, commands and hanging lines.
const INDENT: usize = 4;

/// What is said in place of a glossary.
pub(in crate::render) const ELSEWHERE: &str = "What the columns mean: --explain";

/// A narrower last column stands below the others instead of beside them.
const LEAST_COLUMN: usize = 30;

/// Returns the document as text, each line ended by a line feed.
pub fn document(document: &Document<'_>, page: &Page) -> String {
    let text = Writer::new(page).report(document);
    page.signs.instead_of(&Signs::UNICODE, text)
}

/// Returns some blocks as text.
pub fn blocks(blocks: &[Block<'_>], page: &Page) -> String {
    let text = Writer::new(page).blocks(blocks);
    page.signs.instead_of(&Signs::UNICODE, text)
}

/// Returns the words in the colours of their tones.
pub(super) fn painted(text: &Text, page: &Page) -> String {
    text.pieces()
        .map(|(tone, words)| page.palette.paint(tone, words))
        .collect()
}

/// The state of a document that is being written.
pub(super) struct Writer<'a> {
    pub(super) page: &'a Page,
    /// The headings of the columns shown so far, and [`BARS`](crate::page::BARS) after a bar.
    pub(super) shown: Vec<String>,
}

impl<'a> Writer<'a> {
    fn new(page: &'a Page) -> Self {
        let shown = Vec::new();
        Self { page, shown }
    }

    fn report(&mut self, document: &Document<'_>) -> String {
        let mut first = String::new();
        if !document.headless {
            first = wrap(self.page, &painted(&document.title, self.page));
        }
        let mut parts = vec![first + &self.blocks(&document.lead)];
        let sections = document.sections.iter();
        let sections = sections.map(|section| self.section(section));
        parts.extend(sections.filter(|section| !section.is_empty()));
        parts.join("\n")
    }

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
            Block::Steps(happenings, threads, waiting) => {
                steps(happenings, *threads, waiting, page)
            }
            Block::Lanes(of) => lanes(of, page),
            Block::Strip(run) => strip(run, page),
            Block::Reports(of) => of.iter().map(|report| self.report(report)).collect(),
            Block::Command(purpose, command) => self.command(purpose, command),
            Block::Commands(commands) => self.commands(commands),
            Block::Glossary(words) => self.glossary(words),
            Block::Advice(_) if page.quiet => String::new(),
            Block::Advice(blocks) | Block::Folded(_, blocks) => self.blocks(blocks),
            // Text draws no curves, and stands still.
            Block::Curves(_) | Block::Player(_) => String::new(),
            Block::Gap => "\n".into(),
        }
    }

    fn facts(&self, facts: &[(&'static str, Text)]) -> String {
        let width = facts.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
        let lines = facts.iter().map(|(name, fact)| {
            let name = format!("{name:<width$}");
            let name = self.page.palette.paint(Tone::Faint, &name);
            wrap(self.page, &format!("{name}  {}", painted(fact, self.page)))
        });
        lines.collect()
    }

    /// Returns a command in one piece, to be copied: on a line of its own where it does not fit beside its
    /// purpose, however wide the page is.
    fn command(&self, purpose: &Text, command: &str) -> String {
        let page = self.page;
        let words = painted(purpose, page);
        let shown = page.palette.paint(Tone::Command, command);
        let beside = display_width(&words) + 2 + display_width(command);
        if beside > page.width {
            return wrap(page, &format!("{words}:")) + &shown + "\n";
        }
        format!("{words}: {shown}\n")
    }

    fn commands(&self, commands: &[CommandRecord]) -> String {
        let lines = commands.iter().map(|typed| {
            let command = self.page.palette.paint(Tone::Command, &typed.command);
            wrap(self.page, &format!("{}:", typed.purpose)) + &indented(&command)
        });
        lines.collect()
    }

    fn glossary(&self, words: &[(&'static str, Text)]) -> String {
        let is_shown = |term: &str| self.shown.iter().any(|shown| shown == term);
        let said = words.iter().filter(|(term, _)| is_shown(term));
        let said = said.map(|(_, sentence)| painted(sentence, self.page));
        let said = said.collect::<Vec<_>>().join(" ");
        if said.is_empty() || self.page.quiet {
            return String::new();
        }
        let said = if self.page.explain {
            said.as_str()
        } else {
            ELSEWHERE
        };
        wrap(self.page, said)
    }

    /// Returns columns, of which the last is a paragraph.
    fn entries(&self, rows: &[Vec<Text>]) -> String {
        let page = self.page;
        let widest = |place: usize| {
            let cells = rows.iter().filter_map(|row| row.get(place));
            let widths = cells.map(|cell| display_width(&cell.plain()));
            widths.max().unwrap_or(0)
        };
        let last = rows.first().map_or(0, |row| row.len() - 1);
        let widths: Vec<usize> = (0..last).map(widest).collect();
        let beside = widths.iter().map(|width| width + 2).sum::<usize>();
        // A long name that fits on a line of its own is not broken.
        let paragraphs = rows.iter().filter_map(|row| row.get(last)).map(Text::plain);
        let longest = paragraphs.filter_map(|words| words.split(' ').map(display_width).max());
        let longest = longest
            .max()
            .filter(|longest| longest + INDENT <= page.width);
        let least = LEAST_COLUMN.max(longest.unwrap_or(0)).min(widest(last));
        let mut lines = String::new();
        for row in rows {
            let (first, words) = row.split_at(last);
            let cells = first.iter().zip(&widths);
            let cells = cells.map(|(cell, width)| padded(&painted(cell, page), width + 2));
            let cells: String = cells.collect();
            let words: String = words.iter().map(|words| painted(words, page)).collect();
            if beside + least <= page.width {
                lines += &hang(page, &(cells + &words), beside);
            } else {
                lines += &hang(page, cells.trim_end(), INDENT);
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
