//! The words of a strategy: the part of `explain` that the model cannot find out.
//!
//! In `note`, `race`, `costs` and `elsewhere`, code stands in backticks, for Markdown; other formats
//! leave the backticks out.

/// What a strategy is called in other languages.
#[derive(Clone, Copy, Debug)]
pub struct Elsewhere {
    /// In Go.
    pub go: &'static str,
    /// In Java.
    pub java: &'static str,
    /// In C++.
    pub cpp: &'static str,
    /// In Python.
    pub python: &'static str,
}

/// The words of a strategy with its settings.
#[derive(Debug)]
pub struct Words {
    /// What it does, in one line.
    pub summary: &'static str,
    /// What to notice when it runs, as a phrase.
    pub look_at: &'static str,
    /// Why it is correct, or how it loses updates, in one or two sentences.
    pub why: &'static str,
    /// Its essential code, in Rust; tests/explain/snippets.rs runs it.
    pub code: &'static str,
    /// How the program differs from that code, or what the code does not show.
    pub note: Option<&'static str>,
    /// What kind of race it has, because of which it loses updates; `None` if it has none.
    pub race: Option<&'static str>,
    /// What it costs, without numbers, which are measured instead.
    pub costs: &'static str,
    /// What it is called in other languages.
    pub elsewhere: Elsewhere,
}
