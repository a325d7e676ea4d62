//! A race program, to be run freely on real threads.

use std::time::Duration;

use super::counting::{Pinning, StartLine};
use super::subject::Subject;
use crate::model::Ending;

/// An experiment: one race program, run again and again.
///
/// invariant: `runs` or `budget` is given.
#[derive(Debug)]
pub struct RacePlan {
    /// The program.
    pub subject: Subject,
    /// The most runs to make.
    pub runs: Option<u64>,
    /// How long to go on making runs.
    pub budget: Option<Duration>,
    /// Which run is the last, if it comes before the limit.
    pub until: Option<RaceUntil>,
    /// How threads start together.
    pub start: StartLine,
    /// Where threads run.
    pub pinning: Pinning,
    /// Runs for each meeting at the start line; `None` for as many as do well.
    pub stride: Option<usize>,
}

/// How a run ends after which there are no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RaceUntil {
    /// Not as the program expects.
    Wrong,
    /// As the program expects.
    Correct,
    /// As the subject's question asks.
    Asked,
}

impl RacePlan {
    /// Returns whether a run that ended like this is the last.
    pub fn is_last(&self, ending: &Ending) -> bool {
        let race = self.subject.race();
        match self.until {
            None => false,
            Some(RaceUntil::Wrong) => self.subject.is_correct(ending) == Some(false),
            Some(RaceUntil::Correct) => self.subject.is_correct(ending) == Some(true),
            Some(RaceUntil::Asked) => race.is_some_and(|race| {
                let question = race.question.as_ref();
                question.is_some_and(|question| race.matches(question, ending))
            }),
        }
    }
}
