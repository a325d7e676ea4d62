//! The page that reports are written on: its width, its colours, its signs.

use std::io::IsTerminal;

use textwrap::core::display_width;

use super::palette::Palette;

/// What a report may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// Columns; nothing may be wider.
    pub width: usize,
    /// Colours or none.
    pub palette: Palette,
    /// Unicode signs or ASCII ones.
    pub signs: Signs,
    /// Whether explanations are left out.
    pub quiet: bool,
}

/// The signs that reports draw with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signs {
    /// A full cell of what was counted.
    pub full: char,
    /// A cell of what was lost.
    pub lost: char,
    /// A cell of which most was counted.
    pub mostly_full: char,
    /// A cell of which most was lost.
    pub mostly_lost: char,
    /// A cell of time in which nothing was done.
    pub idle: char,
    /// Between two numbers that are multiplied.
    pub times: &'static str,
    /// Marks the first step after a switch between threads.
    pub switch: &'static str,
    /// From one number to another.
    pub to: &'static str,
    /// Micro, for microseconds.
    pub micro: &'static str,
    /// Before a number that is not exact.
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

    /// For terminals without.
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
}

impl Signs {
    /// Returns the text with these signs in it instead of others, all of them as wide.
    #[must_use]
    pub fn instead_of(&self, others: &Self, text: String) -> String {
        if self == others {
            return text;
        }
        let mut text = text;
        for (other, sign) in others.in_words().into_iter().zip(self.in_words()) {
            text = text.replace(other, sign);
        }
        text
    }

    /// The signs that words have; what is drawn with the others takes them from here anyway.
    fn in_words(&self) -> [&'static str; 5] {
        [self.times, self.switch, self.to, self.micro, self.about]
    }
}

/// The width assumed where nothing tells.
const USUAL_WIDTH: usize = 80;

/// Narrower than this nothing can be shown; lines then run over.
const LEAST_WIDTH: usize = 20;

/// The width of standard output: what `COLUMNS` says, else the terminal, else 80.
pub fn width() -> usize {
    let said = std::env::var("COLUMNS")
        .ok()
        .and_then(|columns| columns.parse().ok());
    let measured =
        || terminal_size::terminal_size_of(std::io::stdout()).map(|(width, _)| width.0.into());
    said.filter(|&columns| columns > 0)
        .or_else(measured)
        .unwrap_or(USUAL_WIDTH)
        .max(LEAST_WIDTH)
}

/// The text with spaces behind it, up to so many columns.
pub fn padded(text: &str, width: usize) -> String {
    let gap = width.saturating_sub(display_width(text));
    format!("{text}{}", " ".repeat(gap))
}

/// The text, or as much of it as fits into so many columns, with dots at its end.
pub fn cut(text: &str, width: usize) -> String {
    if display_width(text) <= width {
        return text.into();
    }
    let dots = &"..."[..width.min(3)];
    let mut kept = String::new();
    for c in text.chars() {
        kept.push(c);
        if display_width(&kept) + dots.len() > width {
            kept.pop();
            break;
        }
    }
    kept + dots
}

/// As many of the parts as fit into so many columns, with commas between: the last are left out
/// first, and the first is cut where it does not fit alone.
pub(super) fn fitting(parts: &[String], width: usize) -> String {
    let fits = |count: &usize| display_width(&parts[..*count].join(", ")) <= width;
    match (1..=parts.len()).rev().find(fits) {
        Some(count) => parts[..count].join(", "),
        None => cut(&parts.join(", "), width),
    }
}

/// Whether standard output takes colours, by the conventions of the terminal: `NO_COLOR`
/// (no-color.org), `CLICOLOR_FORCE`, and `TERM=dumb`.
pub fn takes_colours() -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    if set("NO_COLOR") {
        return false;
    }
    if set("CLICOLOR_FORCE") && std::env::var_os("CLICOLOR_FORCE").is_some_and(|v| v != "0") {
        return true;
    }
    std::io::stdout().is_terminal() && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
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
