//! Words with tones, which a renderer may colour, emphasize or tag.

use std::borrow::Cow;

use crate::record::Marked;
use crate::term::Tone;

/// Words in pieces, each with a tone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text(Vec<(Tone, String)>);

impl Text {
    /// Returns words in this tone.
    pub fn toned(tone: Tone, words: impl Into<String>) -> Self {
        Self(vec![(tone, words.into())])
    }

    /// Returns words in which code is marked by backticks.
    pub fn marked(words: &str) -> Self {
        let tones = [Tone::Plain, Tone::Code].into_iter().cycle();
        let pieces = words.split('`').zip(tones);
        let pieces = pieces.filter(|(words, _)| !words.is_empty());
        Self(pieces.map(|(words, tone)| (tone, words.into())).collect())
    }

    /// Returns these words with others behind them.
    #[must_use]
    pub fn and(mut self, more: impl Into<Self>) -> Self {
        self.0.extend(more.into().0);
        self
    }

    /// Returns the pieces, each with its tone.
    pub fn pieces(&self) -> impl Iterator<Item = (Tone, &str)> {
        self.0.iter().map(|(tone, words)| (*tone, words.as_str()))
    }

    /// Returns the words without their tones.
    pub fn plain(&self) -> String {
        self.pieces().map(|(_, words)| words).collect()
    }

    /// Returns whether there are no words.
    pub fn is_empty(&self) -> bool {
        self.pieces().all(|(_, words)| words.is_empty())
    }
}

impl From<&str> for Text {
    fn from(words: &str) -> Self {
        Self::toned(Tone::Plain, words)
    }
}

impl From<String> for Text {
    fn from(words: String) -> Self {
        Self::toned(Tone::Plain, words)
    }
}

impl From<Cow<'static, str>> for Text {
    fn from(words: Cow<'static, str>) -> Self {
        words.into_owned().into()
    }
}

impl From<&Marked> for Text {
    fn from(words: &Marked) -> Self {
        Self::marked(&words.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_stands_between_backticks() {
        let text = Text::marked("`a` and `b`");
        let pieces: Vec<_> = text.pieces().collect();
        assert_eq!(
            pieces,
            [(Tone::Code, "a"), (Tone::Plain, " and "), (Tone::Code, "b")]
        );
        assert_eq!(text.plain(), "a and b");
    }
}
