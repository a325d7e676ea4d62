//! How the screen looks: colours or none, Unicode or ASCII.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};
use ratatui::symbols::border;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Borders};

use crate::term::{Signs, Tone};

/// Colours and signs.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    coloured: bool,
    /// The signs of reports.
    pub signs: Signs,
    /// A star that was earned, and one that was not.
    pub star: [char; 2],
    border: border::Set<'static>,
    chosen: border::Set<'static>,
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

const ASCII_CHOSEN: border::Set<'static> = border::Set {
    horizontal_top: "=",
    horizontal_bottom: "=",
    ..ASCII
};

impl Look {
    /// With colours or without, with Unicode signs or ASCII ones.
    pub fn new(coloured: bool, ascii: bool) -> Self {
        Self {
            coloured,
            signs: if ascii { Signs::ASCII } else { Signs::UNICODE },
            star: if ascii { ['*', '-'] } else { ['★', '☆'] },
            border: if ascii { ASCII } else { border::PLAIN },
            chosen: if ascii { ASCII_CHOSEN } else { border::THICK },
            cut: if ascii { ".." } else { "…" },
        }
    }

    /// The style of a tone: blue and orange, as near as sixteen colours come.
    pub fn style(&self, tone: Tone) -> Style {
        let coloured = |color| {
            let colour = self.coloured.then_some(color);
            Style {
                fg: colour,
                ..Style::new()
            }
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

    /// Text in a tone.
    pub fn paint(&self, tone: Tone, text: impl Into<String>) -> Span<'static> {
        Span::styled(text.into(), self.style(tone))
    }

    /// A frame around a panel; thicker around the chosen one.
    pub fn block(&self, title: &str, chosen: bool) -> Block<'static> {
        let set = if chosen { self.chosen } else { self.border };
        let tone = if chosen { Tone::Strong } else { Tone::Plain };
        Block::new()
            .borders(Borders::ALL)
            .border_set(set)
            .title(self.paint(tone, format!(" {title} ")))
    }

    /// Draws a frame around a panel; gives what is inside.
    pub fn framed(&self, frame: &mut Frame<'_>, area: Rect, title: &str, chosen: bool) -> Rect {
        let block = self.block(title, chosen);
        let inner = block.inner(area);
        frame.render_widget(block, area);
        inner
    }

    /// Text in as many lines as it takes at a width.
    pub fn wrapped(&self, tone: Tone, text: &str, width: u16) -> Vec<Line<'static>> {
        let lines = textwrap::wrap(text, usize::from(width.max(1))).into_iter();
        lines
            .map(|line| Line::from(self.paint(tone, line.into_owned())))
            .collect()
    }

    /// The text, cut to a width where it is longer.
    pub fn cut(&self, text: &str, width: usize) -> String {
        if text.chars().count() <= width {
            return text.to_owned();
        }
        let kept = width.saturating_sub(self.cut.chars().count());
        let short: String = text.chars().take(kept).collect();
        short + self.cut
    }

    /// Three stars, so many of them earned.
    pub fn stars(&self, earned: u8) -> String {
        (0..3)
            .map(|star| self.star[usize::from(star >= earned)])
            .collect()
    }
}
