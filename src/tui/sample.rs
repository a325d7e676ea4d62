//! Random schedules, where there are too many states to look at all of them.

use std::collections::BTreeMap;

use crate::model::{Ending, Finish, Forced, Machine, Random, Source};

/// So many schedules are enough to see the picture.
const ENOUGH: u64 = 1_000;

/// The most steps of few threads that are spent on a picture: some tenths of a second.
const MOST_STEPS: u64 = 1 << 22;

/// How random schedules from one state ended.
#[derive(Debug)]
pub struct Sample<'s> {
    random: Random,
    running: Machine<'s>,
    runs: u64,
    ends: BTreeMap<Finish, u64>,
    least: Option<u64>,
    /// How far the game was where they begin.
    from: u64,
    /// The steps that are drawn in all, at the most, and those that were.
    most: u64,
    drawn: u64,
}

impl<'s> Sample<'s> {
    /// Draws by this seed from a state that so many steps led to; `least` is the least total that
    /// can come of it, where that is known.
    pub(super) fn new(from: &Machine<'s>, steps: u64, least: Option<u64>, seed: u64) -> Self {
        // To draw among many threads takes as long as they are many.
        let cost = 1 + from.system().threads() as u64 / 16;
        Self {
            random: Random::new(seed),
            running: from.clone(),
            runs: 0,
            ends: BTreeMap::new(),
            least,
            from: steps,
            most: MOST_STEPS / cost,
            drawn: 0,
        }
    }

    /// Takes so many steps of random schedules from a state. Returns whether more are wanted.
    pub(super) fn draw(&mut self, from: &Machine<'s>, steps: usize) -> bool {
        for _ in 0..steps {
            if self.runs == ENOUGH || self.drawn == self.most {
                return false;
            }
            if let Some(Forced::Exactly(segment)) = self.random.next(&self.running) {
                // What was drawn is ready.
                let _ = self.running.step(segment.thread);
                self.drawn += 1;
                continue;
            }
            let finish = match self.running.ending() {
                Some(Ending::Deadlock(_)) => Finish::Deadlock,
                _ => Finish::Total(self.running.total()),
            };
            *self.ends.entry(finish).or_default() += 1;
            self.runs += 1;
            self.running = from.clone();
        }
        true
    }

    /// Whether all that may be spent was spent on a run that did not come to its end.
    pub fn is_hopeless(&self) -> bool {
        self.runs == 0 && self.drawn == self.most
    }

    /// Whether that is so after so many steps, too: half of it would be left to draw.
    pub(super) fn is_hopeless_after(&self, steps: u64) -> bool {
        self.is_hopeless() && steps < self.from.saturating_add(self.most / 2)
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
