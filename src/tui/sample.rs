//! Random schedules, where there are too many states to look at all of them.

use std::collections::BTreeMap;

use crate::model::{Ending, Finish, Forced, Machine, Random, Source, by_rule};

/// So many schedules are enough to see the picture.
const ENOUGH: u64 = 1_000;

/// Runs of at most so many steps are followed once more, at once, to know the least total.
const SHORT: u64 = 100_000;

/// How random schedules from one state ended.
#[derive(Debug)]
pub struct Sample<'s> {
    random: Random,
    running: Machine<'s>,
    runs: u64,
    ends: BTreeMap<Finish, u64>,
    least: Option<u64>,
    at_start: bool,
    /// Steps of the run that is being drawn.
    steps: u64,
}

/// Whether a run from here is followed to its end in no time.
pub(super) fn is_short(from: &Machine<'_>) -> bool {
    let (mut random, mut running) = (Random::new(1), from.clone());
    for _ in 0..SHORT {
        let Some(Forced::Exactly(segment)) = random.next(&running) else {
            return true;
        };
        // What was drawn is ready.
        let _ = running.step(segment.thread);
    }
    false
}

impl<'s> Sample<'s> {
    pub(super) fn new(from: &Machine<'s>, at_start: bool) -> Self {
        Self {
            random: Random::new(1),
            running: from.clone(),
            runs: 0,
            ends: BTreeMap::new(),
            least: None,
            at_start,
            steps: 0,
        }
    }

    /// Takes so many steps of random schedules from a state. Returns whether more are wanted.
    pub(super) fn draw(&mut self, from: &Machine<'s>, steps: usize) -> bool {
        for _ in 0..steps {
            if self.runs == ENOUGH {
                return false;
            }
            if let Some(Forced::Exactly(segment)) = self.random.next(&self.running) {
                // What was drawn is ready.
                let _ = self.running.step(segment.thread);
                self.steps += 1;
                continue;
            }
            let finish = match self.running.ending() {
                Some(Ending::Deadlock(_)) => Finish::Deadlock,
                _ => Finish::Total(self.running.total()),
            };
            *self.ends.entry(finish).or_default() += 1;
            if self.runs == 0 && self.at_start && self.steps <= SHORT {
                self.least = by_rule(from.system()).and_then(|worst| worst.total);
            }
            self.runs += 1;
            self.steps = 0;
            self.running = from.clone();
        }
        true
    }

    /// How many schedules were drawn.
    pub fn runs(&self) -> u64 {
        self.runs
    }

    /// The least total of all schedules from here, drawn or not; `None` where the program itself
    /// does not tell it, and away from the start.
    pub fn least(&self) -> Option<u64> {
        self.least
    }

    /// How many of them ended how, in rising order.
    pub fn ends(&self) -> &BTreeMap<Finish, u64> {
        &self.ends
    }
}
