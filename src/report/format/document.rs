//! A page of words, code and tables, before it has become text or Markdown.

use serde_json::Value;

use crate::report::record::explanation::CommandRecord;
use crate::report::record::interleaving::Happening;
use crate::term::Tone;

/// A page.
pub(in crate::report) struct Document {
    /// What it is about.
    pub(in crate::report) title: String,
    /// What it says, in order.
    pub(in crate::report) sections: Vec<Section>,
}

/// A part of a page.
pub(in crate::report) struct Section {
    /// Its heading; the part below the title has none.
    pub(in crate::report) heading: Option<String>,
    /// What it consists of.
    pub(in crate::report) blocks: Vec<Block>,
}

/// A paragraph, or what stands between paragraphs. In words and cells, code stands in backticks,
/// which [`plain`] takes away.
pub(in crate::report) enum Block {
    /// A paragraph.
    Words(String),
    /// Lines that must not be broken, and their language.
    Code(&'static str, String),
    /// Steps, drawn for the page that they stand on.
    Steps(Vec<Happening>, usize),
    /// Rows of cells under a heading; the last cell of a row may be long.
    Rows(Vec<&'static str>, Vec<Vec<Cell>>),
    /// What can be typed, each with its purpose.
    Commands(Vec<CommandRecord>),
}

/// The words without their backticks.
pub(in crate::report) fn plain(words: &str) -> String {
    words.replace('`', "")
}

/// The record with all its words in plain text.
pub(in crate::report) fn plainly(mut record: Value) -> Value {
    match &mut record {
        Value::String(words) => *words = plain(words),
        Value::Array(values) => values
            .iter_mut()
            .for_each(|value| *value = plainly(value.take())),
        Value::Object(fields) => fields
            .values_mut()
            .for_each(|value| *value = plainly(value.take())),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
    record
}

/// A cell of a table.
pub(in crate::report) struct Cell {
    pub(in crate::report) text: String,
    pub(in crate::report) tone: Tone,
}

impl Cell {
    /// A cell with nothing to stress.
    pub(in crate::report) fn plain(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            tone: Tone::Plain,
        }
    }
}

impl Section {
    /// A part under a heading.
    pub(in crate::report) fn new(heading: &str, blocks: Vec<Block>) -> Self {
        Self {
            heading: Some(heading.into()),
            blocks,
        }
    }
}
