//! Paragraphs in lines that fit on the page.

use textwrap::{Options, WordSeparator, WordSplitter};

use crate::term::Page;

/// The paragraph in lines that fit, broken between words.
pub(super) fn wrap(page: &Page, text: &str) -> String {
    let options = Options::new(page.width)
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
