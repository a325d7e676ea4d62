//! A page as Markdown.

use super::document::{Block, Document, Section};
use super::report::Table;
use crate::report::text;
use crate::term::{Page, Palette, Signs};

/// Steps are drawn on a page of this kind: a block of code has no colours, and a page of Markdown is
/// the same with --ascii and without.
const STEPS: Page = Page {
    width: 80,
    palette: Palette::PLAIN,
    signs: Signs::ASCII,
    quiet: false,
};

/// The page, each line ended by a line feed.
pub(in crate::report) fn document(document: &Document) -> String {
    let mut parts = vec![format!("# {}\n", document.title)];
    parts.extend(document.sections.iter().map(section));
    parts.join("\n")
}

fn section(section: &Section) -> String {
    let heading = section.heading.iter().map(|words| format!("## {words}\n"));
    let parts: Vec<String> = heading.chain(section.blocks.iter().map(block)).collect();
    parts.join("\n")
}

fn block(block: &Block) -> String {
    match block {
        Block::Words(words) => format!("{words}\n"),
        Block::Code(language, code) => fenced(language, code),
        Block::Steps(steps, threads) => fenced(
            "text",
            text::interleaving(steps, *threads, &STEPS).trim_end(),
        ),
        Block::Rows(heading, rows) => {
            let cells = rows.iter().map(|row| {
                let cells = row.iter().map(|cell| cell.text.clone());
                cells.collect()
            });
            let table = Table {
                heading: heading.clone(),
                rows: cells.collect(),
            };
            table.markdown()
        }
        Block::Commands(commands) => {
            let lines = commands
                .iter()
                .map(|typed| format!("{}  # {}", typed.command, typed.purpose));
            fenced("sh", &lines.collect::<Vec<_>>().join("\n"))
        }
    }
}

fn fenced(language: &str, code: &str) -> String {
    format!("```{language}\n{code}\n```\n")
}
