//! The formats, and what each makes of a record.

use std::io::{self, Write};

use clap::ValueEnum;

use super::{csv, html, json, markdown, text};
use crate::page::{Document, MOST_LINES};
use crate::record::Record;
use crate::term::Page;

/// A format of reports, as named by `--format`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
#[expect(
    missing_docs,
    reason = "their docs would be printed in the help, at length"
)]
pub enum Format {
    #[default]
    Text,
    Json,
    Jsonl,
    Csv,
    Markdown,
    Html,
    None,
}

/// The formats that can be written item by item, as soon as each is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lines {
    /// A JSON object on each line.
    Json,
    /// Comma-separated values, the heading first.
    Csv,
}

/// The most runs that a JSON object lists one by one.
const MOST_LISTED: usize = 100_000;

impl Format {
    /// Returns whether it is the text that a person reads at the terminal.
    pub fn is_text(self) -> bool {
        self == Self::Text
    }

    /// Returns whether a summary follows the items that have been written one by one; a table has no
    /// place for it.
    pub fn has_summary(self) -> bool {
        self != Self::Csv
    }

    /// Returns how items are written one by one in this format, if they are.
    pub fn streamed(self) -> Option<Lines> {
        match self {
            Self::Jsonl => Some(Lines::Json),
            Self::Csv => Some(Lines::Csv),
            Self::Text | Self::Json | Self::Markdown | Self::Html | Self::None => None,
        }
    }

    /// Returns how many runs a record must have kept one by one for this format.
    pub fn most_listed(self) -> usize {
        match self {
            Self::Text | Self::Markdown | Self::Html => MOST_LINES,
            Self::Json => MOST_LISTED,
            Self::Jsonl | Self::Csv | Self::None => 0,
        }
    }

    /// Writes a record in this format; text, Markdown and HTML show the document that is made of it.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    pub fn write<'a>(
        self,
        record: &impl Record,
        document: impl FnOnce() -> Document<'a>,
        page: &Page,
        to: &mut dyn Write,
    ) -> io::Result<()> {
        match self {
            Self::Text => to.write_all(text::document(&document(), page).as_bytes()),
            Self::Markdown => to.write_all(markdown::document(&document(), page).as_bytes()),
            Self::None => Ok(()),
            Self::Html => to.write_all(html::document(&document(), page).as_bytes()),
            Self::Json => json::object(record, to),
            Self::Jsonl => json::lines(record, to),
            Self::Csv => csv::rows(record, to),
        }
    }

    /// Writes the rest of a record whose items have been written one by one, if the format has a
    /// place for it.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    pub fn write_rest(self, record: &impl Record, to: &mut dyn Write) -> io::Result<()> {
        match record.summary() {
            Some(rest) if self.has_summary() => json::line(&rest, to),
            _ => Ok(()),
        }
    }
}
