//! Goals to reach, and the schedules with the fewest switches that reach them.

use std::fmt;

use super::effect::Wait;
use super::label::Label;
use super::machine::{Ending, Machine, Status};
use super::outlook::Outlook;

/// What a schedule is to reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Goal {
    /// All threads are done, with this total.
    Total(u64),
    /// No thread can move, and not all are done.
    Deadlock,
    /// A thread waits: for a lock that a given thread holds, or for anything.
    Wait {
        /// The thread that waits.
        thread: usize,
        /// The thread that holds the lock.
        holder: Option<usize>,
    },
}

impl fmt::Display for Goal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Total(total) => write!(f, "end with {total}"),
            Self::Deadlock => f.write_str("end in a deadlock"),
            Self::Wait { thread, holder } => {
                write!(f, "make {} wait", Label(thread))?;
                holder.map_or(Ok(()), |holder| write!(f, " for {}", Label(holder)))
            }
        }
    }
}

impl Goal {
    /// Returns the threads it names, which must be distinguished from others.
    pub fn names(&self) -> Vec<usize> {
        match *self {
            Self::Total(_) | Self::Deadlock => Vec::new(),
            Self::Wait { thread, holder } => [thread].into_iter().chain(holder).collect(),
        }
    }

    /// Returns whether the machine has reached it.
    pub fn is_reached(&self, machine: &Machine<'_>) -> bool {
        match *self {
            Self::Total(total) => machine.ending() == Some(Ending::Total(total)),
            Self::Deadlock => matches!(machine.ending(), Some(Ending::Deadlock(_))),
            Self::Wait { thread, holder } => match (machine.status(thread), holder) {
                (Status::Blocked(Wait::Lock { lock, .. }), Some(holder)) => {
                    let mut holders = machine.holders(lock).into_iter();
                    holders.any(|(thread, _)| thread == holder)
                }
                (Status::Blocked(_), None) => true,
                _ => false,
            },
        }
    }
}

const NEVER: u32 = u32::MAX;

/// The fewest switches between threads with which a goal can be reached from every state.
///
/// Computed from the ends backwards: each state's answer follows from those of its successors.
#[derive(Debug)]
pub struct Route {
    slots: usize,
    /// For each state: for each slot that may have moved last, and for no slot having moved yet.
    fewest: Vec<u32>,
}

impl Route {
    /// Finds the routes to a goal through a complete outlook that distinguishes the threads named by
    /// the goal.
    pub fn new(outlook: &Outlook<'_>, goal: &Goal) -> Self {
        let mut route = Self::begin(outlook);
        route.advance(outlook, goal, usize::MAX);
        route
    }

    /// Creates routes that are unknown until [`Route::advance`] has found them all.
    pub fn begin(outlook: &Outlook<'_>) -> Self {
        Self {
            slots: outlook.slots(),
            fewest: Vec::new(),
        }
    }

    /// Finds the routes from further states, examining about `moves` moves. Returns whether all are
    /// known.
    pub fn advance(&mut self, outlook: &Outlook<'_>, goal: &Goal, moves: usize) -> bool {
        let before = self.slots + 1;
        let first = self.fewest.len() / before;
        let states = outlook.states();
        let past = first.saturating_add((moves / before).max(1)).min(states);
        for state in first..past {
            let reached = goal.is_reached(&outlook.machine(state));
            for last in 0..before {
                let fewest = if reached {
                    0
                } else {
                    self.best(outlook, state, last).map_or(NEVER, |(f, _)| f)
                };
                self.fewest.push(fewest);
            }
        }
        past == states
    }

    /// Returns the fewest switches from a state, and the slot that moves first.
    fn best(&self, outlook: &Outlook<'_>, state: usize, last: usize) -> Option<(u32, usize)> {
        let onward = outlook.onward(state).iter().enumerate();
        let ways = onward.filter_map(|(slot, next)| {
            let next = (*next)?;
            let rest = self.fewest[next.state as usize * (self.slots + 1) + next.landing];
            let switch = u32::from(last != slot && last != self.slots);
            (rest != NEVER).then(|| (rest + switch, slot))
        });
        ways.min_by_key(|&(fewest, slot)| (fewest, slot != last, slot))
    }

    /// Returns the fewest switches still needed if thread `last` moved last: 0 where the goal is
    /// reached, `None` where it is unreachable.
    pub fn switches(
        &self,
        outlook: &Outlook<'_>,
        machine: &Machine<'_>,
        last: Option<usize>,
    ) -> Option<u64> {
        let (state, last, _) = self.place(outlook, machine, last)?;
        let fewest = self.fewest[state * (self.slots + 1) + last];
        (fewest != NEVER).then_some(u64::from(fewest))
    }

    /// Returns the thread that moves next on the route with the fewest switches; `None` if there is
    /// none.
    pub fn next(
        &self,
        outlook: &Outlook<'_>,
        machine: &Machine<'_>,
        last: Option<usize>,
    ) -> Option<usize> {
        let (state, last, slots) = self.place(outlook, machine, last)?;
        let (_, slot) = self.best(outlook, state, last)?;
        // Of equal threads, the one that moved last continues, or else the first.
        let thread = slots.iter().position(|&found| found == slot);
        thread.filter(|&thread| machine.is_ready(thread))
    }

    fn place(
        &self,
        outlook: &Outlook<'_>,
        machine: &Machine<'_>,
        last: Option<usize>,
    ) -> Option<(usize, usize, Vec<usize>)> {
        let (state, slots) = outlook.find(machine)?;
        let last = last.map_or(Some(self.slots), |thread| slots.get(thread).copied())?;
        Some((state, last, slots))
    }
}
