//! The page that reports are written on: its width, colours and signs.

use std::env;
use std::io::{IsTerminal, stdout};

use console::{Alignment, measure_text_width, pad_str, truncate_str};

use super::palette::Palette;

/// The means that a report may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// Columns; nothing may be wider.
    pub width: usize,
    /// Colours, or none.
    pub palette: Palette,
    /// Signs in Unicode or in ASCII.
    pub signs: Signs,
    /// Whether explanations are left out.
    pub quiet: bool,
    /// Whether glossaries are shown.
    pub explain: bool,
}

/// The signs that reports draw with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signs {
    /// A cell of increments that survived.
    pub full: char,
    /// A cell of lost increments.
    pub lost: char,
    /// A cell in which most increments survived.
    pub mostly_full: char,
    /// A cell in which most increments were lost.
    pub mostly_lost: char,
    /// A cell of time in which a thread did nothing.
    pub idle: char,
    /// Stands between two numbers that are multiplied.
    pub times: &'static str,
    /// Marks the first step after a switch between threads.
    pub switch: &'static str,
    /// Stands between the ends of a range.
    pub to: &'static str,
    /// The prefix of microseconds.
    pub micro: &'static str,
    /// Stands before a number that is not exact.
    pub about: &'static str,
}

impl Signs {
    /// For terminals with Unicode.
    pub const UNICODE: Self = Self {
        full: '█',
        lost: '░',
        mostly_full: '▓',
        mostly_lost: '▒',
        idle: '·',
        times: "×",
        switch: "▸",
        to: "–",
        micro: "µ",
        about: "≈",
    };

    /// For other terminals.
    pub const ASCII: Self = Self {
        full: '#',
        lost: '.',
        mostly_full: '+',
        mostly_lost: ':',
        idle: '_',
        times: "x",
        switch: ">",
        to: "-",
        micro: "u",
        about: "~",
    };

    /// Returns whether they are those for terminals without Unicode.
    pub fn is_ascii(&self) -> bool {
        *self == Self::ASCII
    }

    /// Returns the text with these signs instead of the others, which are equally wide.
    ///
    /// Only the signs that occur in words are replaced: cells are drawn from the right set.
    #[must_use]
    pub fn instead_of(&self, others: &Self, text: String) -> String {
        if self == others {
            return text;
        }
        let in_words = |s: &Self| [s.times, s.switch, s.to, s.micro, s.about];
        let pairs = in_words(others).into_iter().zip(in_words(self));
        pairs.fold(text, |text, (other, sign)| text.replace(other, sign))
    }
}

/// The width assumed if neither `COLUMNS` nor the terminal tells it.
const USUAL_WIDTH: usize = 80;

/// The least width that is assumed; on a narrower terminal lines run over.
const LEAST_WIDTH: usize = 20;

/// Returns the width of standard output: that in `COLUMNS`, else the terminal's, else 80.
pub fn width() -> usize {
    let columns = env::var("COLUMNS").ok();
    let set = columns.and_then(|columns| columns.parse().ok());
    let measured = || Some(terminal_size::terminal_size_of(stdout())?.0.0.into());
    set.filter(|&columns| columns > 0)
        .or_else(measured)
        .unwrap_or(USUAL_WIDTH)
        .max(LEAST_WIDTH)
}

/// Returns the text, padded with spaces to this many columns.
pub fn padded(text: &str, width: usize) -> String {
    pad_str(text, width, Alignment::Left, None).into_owned()
}

/// Returns the text, cut to this many columns if it is wider, with dots at its end.
pub fn cut(text: &str, width: usize) -> String {
    truncate_str(text, width, &"..."[..width.min(3)]).into_owned()
}

/// Returns the parts that fit into this many columns, separated by commas: the last are left out
/// first, and the first is cut if it does not fit alone.
pub(super) fn fitting(parts: &[String], width: usize) -> String {
    let counts = (1..=parts.len()).rev();
    let mut texts = counts.map(|count| parts[..count].join(", "));
    texts
        .find(|text| measure_text_width(text) <= width)
        .unwrap_or_else(|| cut(&parts.join(", "), width))
}

/// Whether standard output takes colours, by the conventions of the terminal: `NO_COLOR`
/// (no-color.org), `CLICOLOR_FORCE`, and `TERM=dumb`.
pub fn takes_colours() -> bool {
    let set = |name| env::var_os(name).filter(|value| !value.is_empty());
    if set("NO_COLOR").is_some() {
        return false;
    }
    set("CLICOLOR_FORCE").is_some_and(|value| value != "0")
        || stdout().is_terminal() && env::var_os("TERM").is_none_or(|term| term != "dumb")
}

#[cfg(test)]
mod tests {
    use super::{cut, fitting, padded};

    #[test]
    fn wide_characters_take_two_columns() {
        assert_eq!(padded("日本", 6), "日本  ");
        assert_eq!(padded("abc", 2), "abc");
        for (text, width, shown) in [
            ("abcdef", 6, "abcdef"),
            ("abcdefg", 6, "abc..."),
            ("日本日本", 8, "日本日本"),
            ("日本日本", 6, "日..."),
            ("日本日本", 7, "日本..."),
            ("abcdef", 2, ".."),
            ("abcdef", 0, ""),
        ] {
            assert_eq!(cut(text, width), shown);
        }
    }

    #[test]
    fn what_does_not_fit_is_left_out_from_the_end() {
        let parts = ["26 of 200 runs", "3 lost updates", "17/s"].map(String::from);
        for (width, shown) in [
            (80, "26 of 200 runs, 3 lost updates, 17/s"),
            (36, "26 of 200 runs, 3 lost updates, 17/s"),
            (35, "26 of 200 runs, 3 lost updates"),
            (30, "26 of 200 runs, 3 lost updates"),
            (29, "26 of 200 runs"),
            (14, "26 of 200 runs"),
            (13, "26 of 200 ..."),
            (0, ""),
        ] {
            assert_eq!(fitting(&parts, width), shown);
        }
    }
}
