//! Paragraphs in lines that fit on the page.

use textwrap::{Options, WordSeparator, WordSplitter};

use crate::term::Page;

/// The paragraph in lines that fit, broken between words.
pub fn wrap(page: &Page, text: &str) -> String {
    hang(page, text, 0)
}

/// The same, with all lines but the first indented so far.
pub fn hang(page: &Page, text: &str, indent: usize) -> String {
    let indent = " ".repeat(indent);
    let options = Options::new(page.width)
        .subsequent_indent(&indent)
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation);
    textwrap::fill(text, options) + "\n"
}

/// The line as it is, or in pieces where even its numbers are wider than the page.
pub(super) fn fit(page: &Page, line: &str) -> String {
    if textwrap::core::display_width(line) <= page.width {
        format!("{line}\n")
    } else {
        wrap(page, line)
    }
}
