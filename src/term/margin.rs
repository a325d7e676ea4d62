//! Where progress is drawn: on standard error, with room at the right for the `^C` of a Ctrl-C.

use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};

use console::{Term, measure_text_width};
use indicatif::{ProgressDrawTarget, TermLike};

/// Columns that stay free.
const MARGIN: u16 = 3;

/// Standard error, drawn on but for its last columns.
///
/// Lines are padded to the full width. The terminal shows `^C` where the cursor then stands, which
/// without a margin is a line further down, and what is to be cleared later would not be there.
pub(super) fn stderr() -> ProgressDrawTarget {
    ProgressDrawTarget::term_like(Box::new(Margined::new(Term::buffered_stderr())))
}

/// The columns and lines of standard error that are drawn on.
pub(super) fn size() -> (usize, usize) {
    let size = terminal_size::terminal_size_of(io::stderr());
    size.map_or((80, 24), |(width, height)| {
        (inner(width.0).into(), height.0.into())
    })
}

/// The columns that are left for words beside a bar, or a sign that turns. A row that is longer than
/// its line would be drawn on several, and only the last of them be drawn anew.
pub(super) fn room() -> usize {
    size().0.saturating_sub(2)
}

/// What is left of so many columns.
fn inner(width: u16) -> u16 {
    width.saturating_sub(MARGIN).max(1)
}

/// A terminal that says it is narrower than it is, and goes on in the next line where it says it
/// ends. Whoever draws relies on that: they pad each line to the width, and write nothing between.
#[derive(Debug)]
struct Margined {
    term: Term,
    /// Where the cursor is. Drawing is never done by two threads at once.
    column: AtomicUsize,
}

impl Margined {
    fn new(term: Term) -> Self {
        Self {
            term,
            column: AtomicUsize::new(0),
        }
    }

    fn at(&self, column: usize) {
        self.column.store(column, Ordering::Relaxed);
    }
}

impl TermLike for Margined {
    fn width(&self) -> u16 {
        inner(TermLike::width(&self.term))
    }

    fn height(&self) -> u16 {
        TermLike::height(&self.term)
    }

    fn move_cursor_up(&self, n: usize) -> io::Result<()> {
        self.term.move_cursor_up(n)
    }

    fn move_cursor_down(&self, n: usize) -> io::Result<()> {
        self.term.move_cursor_down(n)
    }

    fn move_cursor_right(&self, n: usize) -> io::Result<()> {
        self.term.move_cursor_right(n)
    }

    fn move_cursor_left(&self, n: usize) -> io::Result<()> {
        self.term.move_cursor_left(n)
    }

    fn write_line(&self, line: &str) -> io::Result<()> {
        self.at(0);
        self.term.write_line(line)
    }

    fn write_str(&self, text: &str) -> io::Result<()> {
        if text == "\r" {
            self.at(0);
            return self.term.write_str(text);
        }
        let (mut column, width) = (
            self.column.load(Ordering::Relaxed),
            measure_text_width(text),
        );
        if column >= self.width().into() && width > 0 {
            self.term.write_str("\r\n")?;
            column = 0;
        }
        self.at(column + width);
        self.term.write_str(text)
    }

    fn clear_line(&self) -> io::Result<()> {
        self.at(0);
        self.term.clear_line()
    }

    fn flush(&self) -> io::Result<()> {
        self.term.flush()
    }
}
