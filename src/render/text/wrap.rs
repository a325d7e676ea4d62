//! Paragraphs in lines that fit on the page.

use textwrap::core::Word;
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
        .word_separator(WordSeparator::Custom(words))
        .word_splitter(WordSplitter::NoHyphenation);
    let joined = joined(text);
    textwrap::fill(&joined, options).replace(NO_BREAK, " ") + "\n"
}

/// From this length on, a schedule's token may be broken, between its segments.
const LONG_TOKEN: usize = 40;

/// Returns the words of a line; those of long tokens are their segments.
fn words(line: &str) -> Box<dyn Iterator<Item = Word<'_>> + '_> {
    let words = WordSeparator::AsciiSpace.find_words(line);
    Box::new(words.flat_map(|word| {
        let sign = |c: char| c.is_ascii_alphanumeric() || matches!(c, ',' | '-' | '.');
        if word.word.len() < LONG_TOKEN || !word.word.chars().all(sign) {
            return vec![word];
        }
        let mut segments: Vec<_> = word.word.split_inclusive(',').map(Word::from).collect();
        if let Some(last) = segments.last_mut() {
            last.whitespace = word.whitespace;
        }
        segments
    }))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::term::{Palette, Signs};

    #[test]
    fn a_long_token_is_broken_between_its_segments() {
        let page = Page {
            width: 20,
            palette: Palette::new(false),
            signs: Signs::ASCII,
            quiet: false,
            explain: false,
        };
        let token = "A12,B3456,A-,".repeat(10) + "B-";
        let text = wrap(&page, &format!("Schedule {token} ends."));
        assert!(text.lines().count() > 5, "{text}");
        assert!(text.lines().all(|line| line.len() <= page.width), "{text}");
        // A line that does not end behind a comma ends at a space.
        let joined = text.replace(",\n", ",").replace('\n', " ");
        assert_eq!(joined.trim_end(), format!("Schedule {token} ends."));
    }
}
