//! Where progress is drawn: on standard error, with room at the right for the `^C` of a Ctrl-C.

use std::io;

use console::Term;
use indicatif::{ProgressDrawTarget, TermLike};

/// Columns that stay free.
const MARGIN: u16 = 3;

/// Standard error, drawn on but for its last columns.
///
/// Lines are padded to the full width. The terminal shows `^C` where the cursor then stands, which
/// without a margin is a line further down, and what is to be cleared later would not be there.
pub(super) fn stderr() -> ProgressDrawTarget {
    ProgressDrawTarget::term_like(Box::new(Margined(Term::buffered_stderr())))
}

/// A terminal that says it is narrower than it is.
#[derive(Debug)]
struct Margined(Term);

impl TermLike for Margined {
    fn width(&self) -> u16 {
        TermLike::width(&self.0).saturating_sub(MARGIN).max(1)
    }

    fn height(&self) -> u16 {
        TermLike::height(&self.0)
    }

    fn move_cursor_up(&self, n: usize) -> io::Result<()> {
        self.0.move_cursor_up(n)
    }

    fn move_cursor_down(&self, n: usize) -> io::Result<()> {
        self.0.move_cursor_down(n)
    }

    fn move_cursor_right(&self, n: usize) -> io::Result<()> {
        self.0.move_cursor_right(n)
    }

    fn move_cursor_left(&self, n: usize) -> io::Result<()> {
        self.0.move_cursor_left(n)
    }

    fn write_line(&self, line: &str) -> io::Result<()> {
        self.0.write_line(line)
    }

    fn write_str(&self, text: &str) -> io::Result<()> {
        self.0.write_str(text)
    }

    fn clear_line(&self) -> io::Result<()> {
        self.0.clear_line()
    }

    fn flush(&self) -> io::Result<()> {
        self.0.flush()
    }
}
