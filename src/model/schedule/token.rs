//! The schedule token: `A,B9998,A,B,A-,B-`.
//!
//! A schedule is a list of segments; each lets one thread take some steps. The printed form is
//! canonical: neighbours of the same thread are one segment, a single step shows no count, and
//! printing what was parsed and parsing what was printed change nothing. Small letters are deliveries
//! from the store buffer of a thread.

use std::fmt;
use std::str::FromStr;

use crate::model::actor::Actor;
use crate::model::label::parse_label;

/// How many steps a segment takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Steps {
    /// Exactly this number; at least one.
    Count(u64),
    /// All the remaining steps of the actor.
    ToEnd,
}

/// Lets one actor take some steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Segment {
    /// The thread, or its store buffer.
    pub actor: Actor,
    /// How many steps it takes.
    pub steps: Steps,
}

impl fmt::Display for Segment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.actor)?;
        match self.steps {
            Steps::Count(1) => Ok(()),
            Steps::Count(count) => write!(f, "{count}"),
            Steps::ToEnd => f.write_str("-"),
        }
    }
}

/// The order in which actors take their steps.
// invariants: no count is 0; of two neighbours of the same actor, the first runs to the end, or
// their sum would not fit.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Schedule {
    segments: Vec<Segment>,
}

impl Schedule {
    /// Creates the empty schedule.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns its segments, in order.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// Appends steps, joining them to the last segment if it is of the same actor. A count of 0
    /// appends nothing.
    pub fn push(&mut self, actor: impl Into<Actor>, steps: Steps) {
        let actor = actor.into();
        if steps == Steps::Count(0) {
            return;
        }
        let of_same = |last: &&mut Segment| last.actor == actor;
        while let Some(last) = self.segments.last_mut().filter(of_same) {
            match (last.steps, steps) {
                // Running to the end includes the steps before, even where they exceed one count.
                (Steps::Count(_), Steps::ToEnd) => {
                    self.segments.pop();
                }
                (Steps::Count(before), Steps::Count(more)) => {
                    let Some(sum) = before.checked_add(more) else {
                        break;
                    };
                    last.steps = Steps::Count(sum);
                    return;
                }
                // After its end an actor has no steps: kept apart, so executing it reports that.
                (Steps::ToEnd, _) => break,
            }
        }
        self.segments.push(Segment { actor, steps });
    }

    /// Returns the number of switches between threads.
    pub fn switches(&self) -> usize {
        let differ = |pair: &&[Segment]| pair[0].actor != pair[1].actor;
        self.segments.windows(2).filter(differ).count()
    }
}

impl FromIterator<Segment> for Schedule {
    fn from_iter<I: IntoIterator<Item = Segment>>(segments: I) -> Self {
        let mut schedule = Self::new();
        for Segment { actor, steps } in segments {
            schedule.push(actor, steps);
        }
        schedule
    }
}

impl IntoIterator for Schedule {
    type Item = Segment;
    type IntoIter = std::vec::IntoIter<Segment>;

    fn into_iter(self) -> Self::IntoIter {
        self.segments.into_iter()
    }
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, segment) in self.segments.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            write!(f, "{comma}{segment}")?;
        }
        Ok(())
    }
}

/// A segment that can't be parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenError {
    /// The segment's number, from 1.
    pub number: usize,
    /// The segment as given, shortened if it is long.
    pub segment: String,
    /// What is wrong, and what would be right.
    pub problem: &'static str,
}

impl fmt::Display for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            number,
            segment,
            problem,
        } = self;
        write!(f, "segment {number} ('{segment}'): {problem}")
    }
}

impl std::error::Error for TokenError {}

impl FromStr for Schedule {
    type Err = TokenError;

    /// Parses a token; an empty one is the empty schedule.
    ///
    /// # Errors
    /// The first segment that can't be parsed.
    fn from_str(text: &str) -> Result<Self, TokenError> {
        if text.is_empty() {
            return Ok(Self::new());
        }
        segments(text).collect()
    }
}

/// Reads the segments of a token one by one; after a comma there may be a line break or a space.
pub fn segments(text: &str) -> impl Iterator<Item = Result<Segment, TokenError>> {
    text.split(',').enumerate().map(|(index, segment)| {
        let segment = segment.trim_ascii_start();
        segment.parse().map_err(|problem| TokenError {
            number: index + 1,
            segment: shorten(segment),
            problem,
        })
    })
}

fn shorten(segment: &str) -> String {
    let mut letters = segment.chars();
    let mut short: String = letters.by_ref().take(24).collect();
    if !letters.as_str().is_empty() {
        short.push_str("...");
    }
    short
}

impl FromStr for Segment {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let end = text
            .find(|c: char| !c.is_ascii_alphabetic())
            .unwrap_or(text.len());
        let (label, steps) = text.split_at(end);
        if text.is_empty() {
            return Err("it is empty; write a thread and its steps, like A3");
        }
        if label.is_empty() {
            return Err("it must begin with a thread, like A3");
        }
        let delivers = label.starts_with(|c: char| c.is_ascii_lowercase());
        let is_other = |c: char| c.is_ascii_lowercase() != delivers;
        if label.contains(is_other) {
            return Err("a thread is capital letters, its store buffer small ones");
        }
        let too_many = "there can't be that many threads";
        let thread = parse_label(&label.to_ascii_uppercase()).ok_or(too_many)?;
        let actor = if delivers {
            Actor::Buffer(thread)
        } else {
            Actor::Thread(thread)
        };
        let steps = match steps {
            "" => Steps::Count(1),
            "-" => Steps::ToEnd,
            digits if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
                match digits.parse::<u64>() {
                    Ok(0) => return Err("it must take at least one step"),
                    Ok(count) => Steps::Count(count),
                    Err(_) => {
                        return Err("the count does not fit in 64 bits; write - for the rest");
                    }
                }
            }
            _ => return Err("expected a count, or - for the rest of the thread"),
        };
        Ok(Self { actor, steps })
    }
}
