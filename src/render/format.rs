//! The formats, and what each makes of a record.

use std::io::{self, Write};

use super::{csv, json, markdown, text};
use crate::page::Document;
use crate::record::Record;
use crate::term::Page;

/// A format of reports.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For people
    #[default]
    Text,
    /// One object
    Json,
    /// An object a line, as soon as it is known
    Jsonl,
    /// A row a run, or whatever is counted
    Csv,
    /// For a page of notes
    Markdown,
}

/// The formats that can be written item by item, as soon as each is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lines {
    /// A JSON object on each line.
    Json,
    /// Comma-separated values, the heading first.
    Csv,
}

/// The most runs that text lists one by one.
pub const MOST_LINES: usize = 20;

/// The most runs that a JSON object lists one by one.
const MOST_LISTED: usize = 100_000;

impl Format {
    /// Returns how items are written one by one in this format, if they are.
    pub fn lines(self) -> Option<Lines> {
        match self {
            Self::Jsonl => Some(Lines::Json),
            Self::Csv => Some(Lines::Csv),
            Self::Text | Self::Json | Self::Markdown => None,
        }
    }

    /// Returns how many runs a record must have kept one by one for this format.
    pub fn listed(self) -> usize {
        match self {
            Self::Text | Self::Markdown => MOST_LINES,
            Self::Json => MOST_LISTED,
            Self::Jsonl | Self::Csv => 0,
        }
    }

    /// Writes a record in this format; people get the document that is made of it.
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
            Self::Markdown => to.write_all(markdown::document(&document(), page.quiet).as_bytes()),
            Self::Json => json::object(record, to),
            Self::Jsonl => json::lines(record, to),
            Self::Csv => csv::rows(record, to),
        }
    }

    /// Writes what is left of a record whose items have been written one by one.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    pub fn write_rest(self, record: &impl Record, to: &mut dyn Write) -> io::Result<()> {
        match (self, record.summary()) {
            (Self::Jsonl, Some(rest)) => json::line(&rest, to),
            // There is no place in a table for anything else.
            _ => Ok(()),
        }
    }
}
