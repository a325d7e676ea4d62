//! The order of steps that `--schedule` asks for.

use std::path::Path;

use super::explain::wrong_end;
use super::files::{read_file, read_stdin};
use super::watch::blind;
use crate::cli::echoed;
use crate::error::Error;
use crate::model::{Forced, Machine, Named, Schedule, Scheduler, Segment, System, segments};
use crate::plan::Subject;
use crate::strategy::Shape;

/// The longest schedule that is read: 64 MiB.
const MOST_BYTES: u64 = 64 << 20;

/// The most increments whose schedules are counted to find the worst, which takes no time to speak of.
const MOST_COUNTED: u64 = 10;

/// A name or a token.
pub(super) enum Order {
    Named(Named),
    Token(Token),
}

/// A token whose segments can all be read. They are read anew when they are needed, since a list of them
/// would take many times the memory of the text.
pub(super) struct Token(String);

/// Returns the file that the schedule is read from, if it is read from one.
pub(super) fn file(typed: &str) -> Option<&Path> {
    match typed {
        "-" => Some(Path::new("/dev/stdin")),
        _ => typed.strip_prefix('@').map(Path::new),
    }
}

impl Order {
    /// Reads the order as typed, or from the file behind `@` or standard input for `-`: tokens of long runs
    /// are longer than a command line may be.
    pub(super) fn typed(typed: &str) -> Result<Self, Error> {
        let (read, place) = match typed.strip_prefix('@') {
            Some("") => {
                return Err(Error::Usage(
                    "--schedule @: the file name is missing; write --schedule @FILE".into(),
                ));
            }
            Some(path) => (
                read_file(Path::new(path), MOST_BYTES),
                format!("file '{path}'"),
            ),
            None if typed == "-" => (read_stdin(MOST_BYTES), "standard input".into()),
            None => return Self::read(typed.into()),
        };
        let read = read.map_err(|error| {
            Error::Machine(format!(
                "--schedule {typed}: cannot read {place} ({error}); write a schedule into it first, as \
                 with miscount trace --token"
            ))
        })?;
        Self::read(read)
    }

    /// Reads the order from a text.
    pub(super) fn read(text: String) -> Result<Self, Error> {
        blind("read its schedule", || {
            let token = Token(text);
            let text = token.text();
            if text.is_empty() {
                return Err(Error::Usage(
                    "--schedule is empty; write a token such as A,B2,A or a name such as serial"
                        .into(),
                ));
            }
            // Tokens are written in capitals, names in small letters.
            if text.starts_with(|first: char| first.is_ascii_lowercase()) {
                let named = text.parse().map(Self::Named);
                return named.map_err(|problem| {
                    Error::Usage(format!("--schedule '{}': {problem}", echoed(text)))
                });
            }
            let wrong = segments(text).find_map(Result::err);
            match wrong {
                None => Ok(Self::Token(token)),
                Some(error) => Err(Error::Usage(format!("--schedule: {error}"))),
            }
        })
    }

    /// Returns the order for this subject: the worst end of a puzzle is a deadlock or a wrong total, which
    /// need not be the smallest total. Of small sizes it is the witness of `explore`, which has the
    /// fewest switches; larger ones follow the rule of [`worst`](crate::model::worst()).
    pub(super) fn of(self, subject: &Subject, system: &System) -> Result<Self, Error> {
        if !matches!(self, Self::Named(Named::Worst)) {
            return Ok(self);
        }
        let is_large = |shape: Shape| shape.expected() > MOST_COUNTED;
        if subject.shape().is_some_and(is_large) {
            return Ok(self);
        }
        let wrong = blind("found the worst schedule", || wrong_end(subject, system))?;
        let schedule = wrong.and_then(|outcome| outcome.witness);
        Ok(schedule.map_or(self, |schedule| Self::Token(Token(schedule.to_string()))))
    }

    /// Returns its steps, one segment after the other.
    pub(super) fn source<'a>(&'a self, system: &System) -> Box<dyn Scheduler + 'a> {
        match self {
            Self::Named(named) => named.source(system),
            Self::Token(token) => Box::new(Segments(token.segments())),
        }
    }
}

impl Token {
    /// Returns the text without what editors put around it.
    fn text(&self) -> &str {
        self.0.trim_start_matches('\u{feff}').trim()
    }

    /// Returns its segments as they are written.
    pub(super) fn segments(&self) -> impl Iterator<Item = Segment> {
        // All of them can be read, as has been tried.
        segments(self.text()).map_while(Result::ok)
    }

    /// Returns the schedule, where neighbours of the same thread are one segment.
    pub(super) fn schedule(&self) -> Schedule {
        self.segments().collect()
    }
}

/// Segments as a scheduler.
struct Segments<I>(I);

impl<I: Iterator<Item = Segment>> Scheduler for Segments<I> {
    fn next(&mut self, _: &Machine<'_>) -> Option<Forced> {
        self.0.next().map(Forced::Exactly)
    }
}
