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
    let joined = joined(text);
    textwrap::fill(&joined, options).replace(NO_BREAK, " ") + "\n"
}

/// A space at which no line is broken.
const NO_BREAK: &str = "\u{a0}";

/// The units that stay on the line of their number.
const UNITS: [&str; 12] = [
    "ns", "µs", "us", "ms", "s", "min", "h", "bytes", "KiB", "MiB", "GiB", "×",
];

/// Returns the text with each number joined to its unit.
fn joined(text: &str) -> String {
    let mut joined = String::with_capacity(text.len());
    let mut ends_in_digit = false;
    for (at, word) in text.split(' ').enumerate() {
        let unit = word.trim_end_matches([',', '.', ')', ':', ';']);
        if at > 0 {
            let stay = ends_in_digit && UNITS.contains(&unit);
            joined += if stay { NO_BREAK } else { " " };
        }
        joined += word;
        ends_in_digit = word.ends_with(|last: char| last.is_ascii_digit());
    }
    joined
}

/// Returns the line as it is, or in pieces where it is wider than the page.
pub(super) fn fit(page: &Page, line: &str) -> String {
    if textwrap::core::display_width(line) <= page.width {
        format!("{line}\n")
    } else {
        wrap(page, line)
    }
}
