//! The words of a strategy: what `explain` says of it beyond what is found out by looking.
//!
//! Code in the notes, in what it says of races and costs, and in other languages stands in
//! backticks, for Markdown; other formats leave them out.

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

/// What there is to say of a strategy as it is set up.
#[derive(Debug)]
pub struct Words {
    /// What it does, in a line.
    pub summary: &'static str,
    /// What to look at when it runs, a phrase.
    pub look_at: &'static str,
    /// Its code in essence, in Rust; tests/explain/snippets.rs runs it.
    pub code: &'static str,
    /// Where the program differs from that code, or what one cannot see from it.
    pub note: Option<&'static str>,
    /// What kind of race it has; `None` where it has none.
    pub race: Option<&'static str>,
    /// What it costs, without numbers: those come from measuring.
    pub costs: &'static str,
    /// What the same thing is called elsewhere.
    pub elsewhere: Elsewhere,
}
