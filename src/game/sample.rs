//! Random schedules, for systems with too many states to visit.

use std::collections::BTreeMap;

use crate::model::{Finish, Forced, Machine, Outlook, Random, Scheduler};

/// The number of schedules that show the distribution well enough.
const ENOUGH: u64 = 1_000;

/// The most steps spent on a sample of few threads: some tenths of a second.
const MOST_STEPS: u64 = 1 << 22;

/// How random schedules from one state ended.
#[derive(Debug)]
pub struct Sample<'s> {
    random: Random,
    running: Machine<'s>,
    runs: u64,
    ends: BTreeMap<Finish, u64>,
    /// The number of steps that led to the state where the schedules begin.
    from: u64,
    /// The most steps to draw, and the steps drawn.
    most: u64,
    drawn: u64,
}

impl<'s> Sample<'s> {
    /// Prepares a sample, by this seed, of the schedules from a state that `steps` steps led to.
    pub(super) fn new(from: &Machine<'s>, steps: u64, seed: u64) -> Self {
        // The time to draw a step grows with the number of threads.
        let cost = 1 + from.system().threads() as u64 / 16;
        Self {
            random: Random::new(seed),
            running: from.clone(),
            runs: 0,
            ends: BTreeMap::new(),
            from: steps,
            most: MOST_STEPS / cost,
            drawn: 0,
        }
    }

    /// Takes `steps` steps of random schedules from a state. Returns whether more are wanted. The
    /// outlook numbers the ends.
    pub(super) fn draw(
        &mut self,
        from: &Machine<'s>,
        steps: usize,
        outlook: &mut Outlook<'s>,
    ) -> bool {
        for _ in 0..steps {
            if self.runs == ENOUGH || self.drawn == self.most {
                return false;
            }
            if let Some(Forced::Exactly(segment)) = self.random.next(&self.running) {
                // Only actors that can move are drawn.
                let _ = self.running.step(segment.actor);
                self.drawn += 1;
                continue;
            }
            let ending = self.running.ending();
            let ending = ending.unwrap_or_else(|| self.running.finished());
            let finish = outlook.finish_of(ending);
            *self.ends.entry(finish).or_default() += 1;
            self.runs += 1;
            self.running = from.clone();
        }
        true
    }

    /// Returns whether the first run did not end within all the steps that may be drawn.
    pub fn is_hopeless(&self) -> bool {
        self.runs == 0 && self.drawn == self.most
    }

    /// Returns whether a sample after this number of steps is hopeless too, because more than half
    /// of the steps that were too few are still ahead.
    pub(super) fn is_hopeless_after(&self, steps: u64) -> bool {
        self.is_hopeless() && steps < self.from.saturating_add(self.most / 2)
    }

    /// Returns the number of schedules drawn.
    pub fn runs(&self) -> u64 {
        self.runs
    }

    /// Returns the number of schedules for each way to end, in rising order.
    pub fn ends(&self) -> &BTreeMap<Finish, u64> {
        &self.ends
    }
}
