//! The terminal that progress is drawn on: standard error, with room at the right for the `^C` of a
//! Ctrl-C.

use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};

use console::{Term, measure_text_width};
use indicatif::{ProgressDrawTarget, TermLike};

/// The columns that stay free.
const MARGIN: u16 = 3;

/// Returns standard error without its last columns, to draw on.
///
/// Lines are padded to the full width. The terminal shows `^C` at the cursor; without a margin this
/// would be on the next line, and the lines to be cleared later would not be where they are expected.
pub(super) fn stderr() -> ProgressDrawTarget {
    ProgressDrawTarget::term_like(Box::new(Margined {
        term: Term::buffered_stderr(),
        column: AtomicUsize::new(0),
    }))
}

/// Returns the columns and lines of standard error that are drawn on.
pub(super) fn size() -> (usize, usize) {
    let size = terminal_size::terminal_size_of(io::stderr());
    size.map_or((80, 24), |(width, height)| {
        (inner(width.0).into(), height.0.into())
    })
}

/// Returns the columns that are left for words beside a bar or a spinner. A row that is longer than
/// its line would be drawn on several, and only the last of them redrawn.
pub(super) fn room() -> usize {
    size().0.saturating_sub(2)
}

/// Returns the number of columns without the margin.
fn inner(width: u16) -> u16 {
    width.saturating_sub(MARGIN).max(1)
}

/// A terminal that claims to be narrower than it is, and wraps lines at that width. Indicatif relies
/// on the wrapping: it pads each line to the width and writes nothing between two lines.
#[derive(Debug)]
struct Margined {
    term: Term,
    /// The column of the cursor. Two threads never draw at once.
    column: AtomicUsize,
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
        self.column.store(0, Ordering::Relaxed);
        self.term.write_line(line)
    }

    fn write_str(&self, text: &str) -> io::Result<()> {
        let (mut column, width) = match text {
            "\r" => (0, 0),
            _ => (
                self.column.load(Ordering::Relaxed),
                measure_text_width(text),
            ),
        };
        if column >= self.width().into() && width > 0 {
            self.term.write_str("\r\n")?;
            column = 0;
        }
        self.column.store(column + width, Ordering::Relaxed);
        self.term.write_str(text)
    }

    fn clear_line(&self) -> io::Result<()> {
        self.column.store(0, Ordering::Relaxed);
        self.term.clear_line()
    }

    fn flush(&self) -> io::Result<()> {
        self.term.flush()
    }
}
