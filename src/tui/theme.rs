//! The appearance of the screen: colours or none, Unicode or ASCII.

use ratatui::style::{Color, Modifier, Style};
use ratatui::symbols::border;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Borders};

use crate::game::puzzle::MOST_STARS;
use crate::term::{Signs, Tone};

/// Colours and signs.
#[derive(Clone, Copy, Debug)]
pub struct ScreenTheme {
    coloured: bool,
    /// The signs of reports.
    pub signs: Signs,
    /// An earned star, and a missing one.
    pub star: [char; 2],
    border: border::Set<'static>,
    selected: border::Set<'static>,
    cut: &'static str,
}

const ASCII: border::Set<'static> = border::Set {
    top_left: "+",
    top_right: "+",
    bottom_left: "+",
    bottom_right: "+",
    vertical_left: "|",
    vertical_right: "|",
    horizontal_top: "-",
    horizontal_bottom: "-",
};

const ASCII_SELECTED: border::Set<'static> = border::Set {
    horizontal_top: "=",
    horizontal_bottom: "=",
    ..ASCII
};

impl ScreenTheme {
    /// Creates a theme.
    pub fn new(coloured: bool, ascii: bool) -> Self {
        Self {
            coloured,
            signs: if ascii { Signs::ASCII } else { Signs::UNICODE },
            star: if ascii { ['*', '-'] } else { ['★', '☆'] },
            border: if ascii { ASCII } else { border::PLAIN },
            selected: if ascii { ASCII_SELECTED } else { border::THICK },
            cut: if ascii { ".." } else { "…" },
        }
    }

    /// Returns the style of a tone: blue and orange, as near as sixteen colours come.
    pub fn style(&self, tone: Tone) -> Style {
        let coloured = |colour| Style {
            fg: self.coloured.then_some(colour),
            ..Style::new()
        };
        match tone {
            Tone::Good => coloured(Color::LightBlue),
            Tone::Lost => coloured(Color::Yellow),
            Tone::Plain | Tone::Code => Style::new(),
            Tone::Strong | Tone::Name => Style::new().add_modifier(Modifier::BOLD),
            Tone::Faint => Style::new().add_modifier(Modifier::DIM),
            Tone::Command => Style::new().add_modifier(Modifier::BOLD | Modifier::UNDERLINED),
        }
    }

    /// Returns text in a tone.
    pub fn paint(&self, tone: Tone, text: impl Into<String>) -> Span<'static> {
        Span::styled(text.into(), self.style(tone))
    }

    /// Returns text in a tone as one line, cut to a width if it is longer.
    pub fn line(&self, tone: Tone, text: &str, width: usize) -> Line<'static> {
        Line::from(self.paint(tone, self.cut(text, width)))
    }

    /// Returns a frame around a panel; a thicker one around the selected panel.
    pub fn block(&self, title: &str, selected: bool) -> Block<'static> {
        let set = if selected { self.selected } else { self.border };
        let tone = if selected { Tone::Strong } else { Tone::Plain };
        Block::new()
            .borders(Borders::ALL)
            .border_set(set)
            .title(self.paint(tone, format!(" {title} ")))
    }

    /// Returns text as the lines it takes at a width.
    pub fn wrapped(&self, tone: Tone, text: &str, width: u16) -> Vec<Line<'static>> {
        let lines = textwrap::wrap(text, usize::from(width.max(1))).into_iter();
        lines
            .map(|line| Line::from(self.paint(tone, line.into_owned())))
            .collect()
    }

    /// Returns the text, cut to a width if it is longer.
    pub fn cut(&self, text: &str, width: usize) -> String {
        if text.chars().count() <= width {
            return text.to_owned();
        }
        let kept = width.saturating_sub(self.cut.chars().count());
        text.chars().take(kept).chain(self.cut.chars()).collect()
    }

    /// Returns all stars of a puzzle, earned ones first.
    pub fn stars(&self, earned: u8) -> String {
        (0..MOST_STARS)
            .map(|star| self.star[usize::from(star >= earned)])
            .collect()
    }
}
