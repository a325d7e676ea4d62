//! Standard output and standard error.

use std::io::{self, ErrorKind, Write};

use crate::cli::{Screen, When};
use crate::error::{Error, Exit};
use crate::term::{self, Page, Palette, Signs, Wanted};

/// Prints a report. A reader that has closed the pipe has had enough: that is no error.
pub(super) fn print(text: &str) -> Result<Exit, Error> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => Ok(Exit::Done),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(Exit::Done),
        Err(error) => Err(Error::Machine(format!(
            "cannot write to standard output: {error}"
        ))),
    }
}

/// Writes a line to standard error; if that fails nobody is there to be told.
pub(super) fn warn(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}

/// The page that was asked for, on the terminal that is there.
pub(super) fn page(screen: &Screen) -> Page {
    let coloured = match screen.color {
        When::Auto => term::takes_colours(),
        When::Always => true,
        When::Never => false,
    };
    Page {
        width: term::width(),
        palette: Palette::new(coloured),
        signs: if screen.ascii {
            Signs::ASCII
        } else {
            Signs::UNICODE
        },
        quiet: screen.quiet,
    }
}

/// Whether to show progress.
pub(super) fn progress(screen: &Screen) -> Wanted {
    match screen.progress {
        When::Auto => Wanted::Auto,
        When::Always => Wanted::Always,
        When::Never => Wanted::Never,
    }
}
