//! How executions ended: each end has a number, in the order in which they came about.

use rustc_hash::FxHashMap;

use crate::model::{Ending, Failure, System, Wait};

/// Why a thread has not run to its end.
#[derive(Clone, Copy, Debug)]
pub(super) enum Trouble {
    Waits(Wait),
    Failed(Failure),
    Loops,
}

/// The most different ends of an experiment.
pub(super) const MOST_ENDS: usize = 1 << 17;

/// The ends so far.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) endings: Vec<Ending>,
    /// The numbers of ends with values, and of those without.
    values: FxHashMap<Box<[u64]>, u64>,
    others: FxHashMap<Ending, u64>,
    /// The values that came last, with their number.
    last: (Vec<u64>, u64),
}

impl Tally {
    /// Returns the number of the end with these values, which the system shows.
    pub(super) fn finished(&mut self, system: &System, values: &[u64]) -> u64 {
        if self.last.0 == values && !self.endings.is_empty() {
            return self.last.1;
        }
        let number = if let Some(&known) = self.values.get(values) {
            known
        } else {
            let ending = match (system.shown().is_empty(), values) {
                (true, [total, ..]) => Ending::Total(*total),
                _ => Ending::Values(values.into()),
            };
            let number = self.add(ending);
            self.values.insert(values.into(), number);
            number
        };
        self.last.0.clear();
        self.last.0.extend_from_slice(values);
        self.last.1 = number;
        number
    }

    /// Returns the number of the end at which these threads were in trouble. Of interchangeable threads,
    /// the first ones wait or have failed.
    pub(super) fn troubled(
        &mut self,
        system: &System,
        troubles: impl Iterator<Item = (usize, Trouble)>,
    ) -> u64 {
        let (mut waits, mut loops) = (Vec::new(), false);
        let mut failed = None;
        for (thread, trouble) in troubles {
            match trouble {
                Trouble::Waits(wait) => waits.push((thread, wait)),
                Trouble::Failed(failure) => failed = Some((thread, failure)),
                Trouble::Loops => loops = true,
            }
        }
        waits.sort_unstable();
        let ending = match failed {
            Some((thread, failure)) => Ending::Failed(thread, failure),
            None if loops => Ending::Livelock,
            None => Ending::Deadlock(waits),
        };
        let ending = ending.folded(system);
        if let Some(&known) = self.others.get(&ending) {
            return known;
        }
        let number = self.add(ending.clone());
        self.others.insert(ending, number);
        number
    }

    fn add(&mut self, ending: Ending) -> u64 {
        self.endings.push(ending);
        self.endings.len() as u64 - 1
    }
}
