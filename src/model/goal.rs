//! What a person tries to bring about, and the way there with the fewest switches.

use std::fmt;

use super::effect::Wait;
use super::label::Label;
use super::machine::{Ending, Machine, Status};
use super::outlook::Outlook;

/// What is to be brought about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Goal {
    /// All threads end, with this total.
    Total(u64),
    /// Nobody can move, and somebody is not done.
    Deadlock,
    /// A thread waits: for a lock that a certain other thread holds, or for anything.
    Wait {
        /// Who waits.
        thread: usize,
        /// For whom.
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
    /// The threads it names, which must be told apart from others.
    pub fn names(&self) -> Vec<usize> {
        match *self {
            Self::Total(_) | Self::Deadlock => Vec::new(),
            Self::Wait { thread, holder } => [thread].into_iter().chain(holder).collect(),
        }
    }

    /// Whether it has been brought about.
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

/// From every state, the fewest switches between threads with which a goal can be reached.
///
/// Found from the ends backwards: each state's answer follows from those of the states after it.
#[derive(Debug)]
pub struct Route {
    slots: usize,
    /// For each state and each slot that may have moved last, and for nobody having moved yet.
    fewest: Vec<u32>,
}

impl Route {
    /// The ways to a goal through a finished outlook, which tells the threads apart that the goal
    /// names.
    pub fn new(outlook: &Outlook<'_>, goal: &Goal) -> Self {
        let mut route = Self::begin(outlook);
        route.advance(outlook, goal, usize::MAX);
        route
    }

    /// Ways of which nothing is known before [`Route::advance`] has found them all.
    pub fn begin(outlook: &Outlook<'_>) -> Self {
        Self {
            slots: outlook.slots(),
            fewest: Vec::new(),
        }
    }

    /// Finds the ways from further states, for so many moves before them. Returns whether those
    /// from all states are known.
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

    /// The fewest switches from a state on, and the slot that moves first.
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

    /// The fewest switches that are still needed, if this thread moved last; `None` if the goal
    /// can't be reached any more. 0 where it is reached.
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

    /// The thread to move next on the way with the fewest switches; `None` if there is no way.
    pub fn next(
        &self,
        outlook: &Outlook<'_>,
        machine: &Machine<'_>,
        last: Option<usize>,
    ) -> Option<usize> {
        let (state, last, slots) = self.place(outlook, machine, last)?;
        let (_, slot) = self.best(outlook, state, last)?;
        // Of threads that look alike the one that moved last goes on, else the first.
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
