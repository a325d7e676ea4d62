//! The visitors of a tour that make predictions: a person at a terminal, or a file.

use std::io::{self, IsTerminal};
use std::path::Path;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::Duration;
use std::vec;

use super::files::read_input;
use super::sink::unusable;
use crate::error::Error;
use crate::sync::Context;
use crate::tour::{Chapter, Reply, Visitor};

/// How often a wait for a line looks whether Ctrl-C has been pressed.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// The longest line that is read as one; what is longer is rubbish anyway.
const LONGEST: u64 = 4096;

/// The number of lines that are read ahead: limited, so that an endless input does not fill the memory.
const AHEAD: usize = 64;

/// The most bytes of a file of predictions.
const MOST_BYTES: u64 = 1 << 20;

/// The lines of a terminal that does not say how many it has.
const USUAL_LINES: usize = 24;

/// A person, or another program, that types on standard input.
pub(super) struct Typist {
    lines: Receiver<String>,
    context: Context,
    is_terminal: bool,
}

impl Typist {
    /// Begins to listen. A thread of its own reads, as reading cannot be called off.
    pub(super) fn new(context: Context) -> Result<Self, Error> {
        let (sender, lines) = mpsc::sync_channel(AHEAD);
        let listen = move || {
            // Whether at its end or unreadable: there are no more lines.
            while let Ok(Some(line)) = read_line(&mut io::stdin().lock()) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        };
        std::thread::Builder::new()
            .name("typist".into())
            .spawn(listen)
            .map_err(|error| Error::Machine(format!("cannot start a thread: {error}")))?;
        Ok(Self {
            lines,
            context,
            is_terminal: io::stdin().is_terminal(),
        })
    }
}

/// Returns the next line, whatever bytes it is made of; `None` at the end.
fn read_line(from: &mut impl io::BufRead) -> io::Result<Option<String>> {
    let mut line = Vec::new();
    let read = io::BufRead::read_until(&mut io::Read::take(from, LONGEST), b'\n', &mut line)?;
    Ok((read > 0).then(|| String::from_utf8_lossy(&line).into_owned()))
}

impl Visitor for Typist {
    /// Enter pressed during an experiment is no answer to a question that was not there yet.
    fn forget(&mut self) -> Vec<String> {
        let typed = self.is_terminal.then(|| self.lines.try_iter());
        typed.into_iter().flatten().collect()
    }

    fn reply(&mut self) -> Reply {
        loop {
            if self.context.is_done() {
                return Reply::Interrupted;
            }
            match self.lines.recv_timeout(LOOK_EVERY) {
                Ok(line) => return Reply::Line(line),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Reply::End,
            }
        }
    }

    fn screen(&self) -> Option<usize> {
        let size = || terminal_size::terminal_size_of(io::stdin());
        self.is_terminal
            .then(|| size().map_or(USUAL_LINES, |(_, lines)| lines.0.into()))
    }
}

/// The lines of a file.
pub(super) struct Script(vec::IntoIter<String>);

impl Script {
    /// Reads a file of predictions for these chapters: a line each, empty for none. Lines that
    /// begin with `#` are left out.
    ///
    /// # Errors
    ///
    /// [`Error::Machine`] where it cannot be read; [`Error::Usage`] where a line is no answer to
    /// its question.
    pub(super) fn read(path: &Path, chapters: &[&Chapter]) -> Result<Self, Error> {
        let text =
            read_input(path, MOST_BYTES).map_err(|error| unusable("--answers", path, &error))?;
        // Some editors begin a file with a byte order mark.
        let text = text.trim_start_matches('\u{feff}');
        let mut questions = chapters.iter();
        let mut lines = Vec::new();
        for (place, line) in text.lines().map(str::trim).enumerate() {
            if line.starts_with('#') {
                continue;
            }
            let complaint = match questions.next() {
                _ if ["", "s", "S"].contains(&line) => None,
                Some(chapter) => {
                    let read = chapter.question.form.read(line).err();
                    read.map(|complaint| format!("{complaint} (chapter {})", chapter.name))
                }
                None if chapters.len() == 1 => Some("there is 1 question only".into()),
                None => Some(format!("there are {} questions only", chapters.len())),
            };
            if let Some(complaint) = complaint {
                let number = place + 1;
                return Err(Error::Usage(format!(
                    "--answers, line {number}: {complaint}"
                )));
            }
            lines.push(line.into());
        }
        Ok(Self(lines.into_iter()))
    }
}

impl Visitor for Script {
    fn reply(&mut self) -> Reply {
        self.0.next().map_or(Reply::End, |line| {
            // An empty line of a file is no slip of a finger.
            Reply::Line(if line.is_empty() { "s".into() } else { line })
        })
    }

    fn screen(&self) -> Option<usize> {
        None
    }
}
