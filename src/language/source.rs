//! A source text, and places in it.

use std::ops::Range;

/// A source text with the name that diagnostics give it.
#[derive(Clone, Debug)]
pub struct SourceFile {
    name: String,
    text: String,
    /// The byte offsets at which lines begin.
    lines: Vec<usize>,
}

impl SourceFile {
    /// Makes one from a name (a path, or `-`) and a text.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        let text = text.into();
        let behind_newlines = text.match_indices('\n').map(|(at, _)| at + 1);
        let lines = std::iter::once(0).chain(behind_newlines).collect();
        Self {
            name: name.into(),
            text,
            lines,
        }
    }

    /// Returns the name that diagnostics give it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the number of the line, from 1, that holds the first byte of a span.
    pub fn line_number(&self, span: Span) -> usize {
        self.lines.partition_point(|&start| start <= span.start)
    }

    /// Returns the text of a line, given its number from 1, without the end of the line; the empty
    /// string if there is no such line.
    pub fn line(&self, number: usize) -> &str {
        let line = number.checked_sub(1).and_then(|at| self.lines.get(at));
        let rest = line.and_then(|&start| self.text.get(start..));
        rest.and_then(|rest| rest.lines().next()).unwrap_or("")
    }
}

/// A range of bytes of the source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// The byte behind the last.
    pub end: usize,
}

impl Span {
    /// Returns the smallest span that holds both.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self {
            start: self.start.min(other.start),
            end: self.end.max(other.end),
        }
    }

    /// Returns the range of bytes.
    pub fn range(self) -> Range<usize> {
        self.start..self.end
    }
}
