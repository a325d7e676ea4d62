//! Colours that everybody can tell apart, and never colours alone.

use colored::Colorize;

/// What a piece of text is, which decides its colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// As it must be: blue.
    Good,
    /// Lost: orange, as near as sixteen colours come.
    Lost,
    /// Like any other text.
    #[default]
    Plain,
    /// A heading.
    Strong,
    /// Less important.
    Faint,
    /// Something to type.
    Command,
    /// A piece of code within words.
    Code,
    /// The name that an entry is about, as it is typed: strong, and code.
    Name,
}

/// Paints, or leaves as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Palette {
    coloured: bool,
}

impl Palette {
    /// Without colours.
    pub const PLAIN: Self = Self { coloured: false };

    /// A palette with colours, or without.
    pub fn new(coloured: bool) -> Self {
        if coloured {
            // Whether to colour has been decided here; the crate must not decide again.
            colored::control::set_override(true);
        }
        Self { coloured }
    }

    /// The text in the colour of its tone.
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
