//! Who goes on a tour.

/// Who is asked for predictions.
pub trait Visitor {
    /// Forgets what was said before there was a question.
    fn forget(&mut self) {}

    /// What the visitor says next.
    fn reply(&mut self) -> Reply;

    /// How many lines the terminal has that the visitor sits at, where what is typed is on the screen
    /// already and somebody wants to read in peace; `None` elsewhere.
    fn screen(&self) -> Option<usize>;
}

/// What a visitor says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// A line, without its end.
    Line(String),
    /// Nothing more.
    End,
    /// Ctrl-C.
    Interrupted,
}
