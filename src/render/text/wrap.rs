//! Paragraphs in lines that fit on the page.

use textwrap::{Options, WordSeparator, WordSplitter};

use crate::term::Page;

/// Returns the paragraph in lines that fit, broken between words.
pub fn wrap(page: &Page, text: &str) -> String {
    hang(page, text, 0)
}

/// Returns the paragraph in lines that fit, of which all but the first are indented.
pub fn hang(page: &Page, text: &str, indent: usize) -> String {
    let indent = " ".repeat(indent);
    let options = Options::new(page.width)
        .subsequent_indent(&indent)
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation);
    textwrap::fill(text, options) + "\n"
}

/// Returns the line as it is, or in pieces where it is wider than the page.
pub(super) fn fit(page: &Page, line: &str) -> String {
    if textwrap::core::display_width(line) <= page.width {
        format!("{line}\n")
    } else {
        wrap(page, line)
    }
}
