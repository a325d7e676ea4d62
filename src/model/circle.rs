//! Finds out that a machine is where it was before.

use super::machine::Machine;

/// A search for a circle in a sequence of states, each of which follows from the one before.
///
/// The state at each power of two is kept, and each state is compared with the one kept (Brent: *An
/// improved Monte Carlo factorization algorithm*, 1980). A circle is found in at most three times the
/// steps that lead into it and once round.
#[derive(Debug)]
pub(super) struct Circle<'s, P> {
    before: (Machine<'s>, P),
    taken: u64,
    again: u64,
}

impl<'s, P: Clone + PartialEq> Circle<'s, P> {
    /// Begins in this state: the machine's, and whatever else decides what comes next.
    pub(super) fn new(machine: &Machine<'s>, place: &P) -> Self {
        Self {
            before: (machine.clone(), place.clone()),
            taken: 0,
            again: 2,
        }
    }

    /// Returns whether the next state is one that was there before.
    pub(super) fn closes(&mut self, machine: &Machine<'s>, place: &P) -> bool {
        if self.before.1 == *place && self.before.0 == *machine {
            return true;
        }
        self.taken += 1;
        if self.taken == self.again {
            self.before = (machine.clone(), place.clone());
            self.again *= 2;
        }
        false
    }
}
