//! Colours that colour-blind people can tell apart; a colour is never the only sign.

use colored::Colorize;

/// The kind of a piece of text, which decides its colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// As it should be: blue.
    Good,
    /// Lost: yellow, which of sixteen colours is nearest to orange.
    Lost,
    /// Like any other text.
    #[default]
    Plain,
    /// A heading.
    Strong,
    /// Less important.
    Faint,
    /// A command to type.
    Command,
    /// Code within words.
    Code,
    /// The name of an entry, as it is typed: strong, and code.
    Name,
}

/// Colours text, or leaves it as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Palette {
    coloured: bool,
}

impl Palette {
    /// The palette without colours.
    pub const PLAIN: Self = Self { coloured: false };

    /// Returns a palette with or without colours.
    pub fn new(coloured: bool) -> Self {
        if coloured {
            // The decision is made here; the crate must not decide again.
            colored::control::set_override(true);
        }
        Self { coloured }
    }

    /// Returns the text in the colour of its tone.
    pub fn paint(self, tone: Tone, text: &str) -> String {
        if !self.coloured || text.is_empty() {
            return text.to_string();
        }
        match tone {
            Tone::Good => text.bright_blue(),
            Tone::Lost => text.yellow(),
            Tone::Plain | Tone::Code => return text.to_string(),
            Tone::Strong | Tone::Name => text.bold(),
            Tone::Faint => text.dimmed(),
            Tone::Command => text.bold().underline(),
        }
        .to_string()
    }
}
