//! The visitor of a tour.

/// The person or file that is asked for predictions.
pub trait Visitor {
    /// Discards the lines that were typed before the question was asked, and returns them.
    fn forget(&mut self) -> Vec<String> {
        Vec::new()
    }

    /// Waits for the next reply and returns it.
    fn reply(&mut self) -> Reply;

    /// Returns the number of lines of the visitor's terminal, which echoes typed text, and where a
    /// person needs time to read; `None` if the visitor is not at a terminal.
    fn screen(&self) -> Option<usize>;
}

/// A reply of a visitor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// A line, without its end.
    Line(String),
    /// The end of the input.
    End,
    /// Ctrl-C.
    Interrupted,
}
