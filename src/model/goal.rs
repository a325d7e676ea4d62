//! Goals to reach, and the schedules with the fewest switches that reach them.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use super::actor::Actor;
use super::effect::Wait;
use super::label::Label;
use super::machine::{Ending, Machine, Status};
use super::outlook::Outlook;
use super::system::System;

/// A condition on how a run ends.
#[derive(Clone)]
pub struct EndCondition {
    text: Arc<str>,
    total: Option<u64>,
    holds: Arc<dyn Fn(&Ending) -> bool + Send + Sync>,
}

impl EndCondition {
    /// Creates a condition; the text completes the sentence "No schedule can ...", and tells the
    /// conditions on a system apart.
    pub fn new(
        text: impl Into<Arc<str>>,
        holds: impl Fn(&Ending) -> bool + Send + Sync + 'static,
    ) -> Self {
        Self {
            text: text.into(),
            total: None,
            holds: Arc::new(holds),
        }
    }

    /// Returns the condition that the total is this one.
    pub fn total(total: u64) -> Self {
        Self {
            total: Some(total),
            ..Self::new(format!("end with {total}"), move |ending| {
                ending.total() == Some(total)
            })
        }
    }

    /// Returns the only total for which it holds, if it is a condition on the total.
    pub fn as_total(&self) -> Option<u64> {
        self.total
    }

    /// Returns whether it holds.
    pub fn holds(&self, ending: &Ending) -> bool {
        (self.holds)(ending)
    }
}

impl PartialEq for EndCondition {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for EndCondition {}

impl fmt::Debug for EndCondition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("EndCondition").field(&self.text).finish()
    }
}

/// What a schedule is to reach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Goal {
    /// No thread can move any more, and this holds of the end.
    End(EndCondition),
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
        match self {
            Self::End(condition) => f.write_str(&condition.text),
            Self::Wait { thread, holder } => {
                write!(f, "make {} wait", Label(*thread))?;
                holder.map_or(Ok(()), |holder| write!(f, " for {}", Label(holder)))
            }
        }
    }
}

impl Goal {
    /// Returns the goal to end with this total.
    pub fn total(total: u64) -> Self {
        Self::End(EndCondition::total(total))
    }

    /// Returns the goal to end in a deadlock.
    pub fn deadlock() -> Self {
        Self::End(EndCondition::new("end in a deadlock", |ending| {
            matches!(ending, Ending::Deadlock(_))
        }))
    }

    /// Returns the goal to end this system like this: `end with x = 1`. Which threads wait in a
    /// deadlock, or which of several that do the same fails, makes no difference.
    pub fn ending(ending: &Ending, system: &System) -> Self {
        let text = ending.text(system);
        let text = match ending {
            Ending::Total(total) => return Self::total(*total),
            Ending::Deadlock(_) => return Self::deadlock(),
            Ending::Values(_) => format!("end with {text}"),
            Ending::Livelock => "end in a livelock".into(),
            Ending::Failed(..) => format!("end in a failure ({text})"),
        };
        let wanted = ending.clone();
        let holds = move |ending: &Ending| match (ending, &wanted) {
            (Ending::Failed(_, failure), Ending::Failed(_, wanted)) => failure == wanted,
            (ending, wanted) => ending == wanted,
        };
        Self::End(EndCondition::new(text, holds))
    }

    /// Returns the threads it names, which must be distinguished from others.
    pub fn names(&self) -> Vec<usize> {
        match *self {
            Self::End(_) => Vec::new(),
            Self::Wait { thread, holder } => [thread].into_iter().chain(holder).collect(),
        }
    }

    /// Returns whether a run that ends like this has reached it.
    pub fn accepts(&self, ending: &Ending) -> bool {
        match self {
            Self::End(condition) => condition.holds(ending),
            Self::Wait { .. } => false,
        }
    }

    /// Returns whether the machine has reached it. A livelock takes an [`Outlook`] to recognise.
    pub fn is_reached(&self, machine: &Machine<'_>) -> bool {
        match *self {
            Self::End(ref condition) => machine
                .ending()
                .is_some_and(|ending| condition.holds(&ending)),
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

/// A way to a goal costs its switches, in the upper half, and its steps: of ways with as few
/// switches the shortest is the best, or a thread might spin for ever for nothing.
const NEVER: u64 = u64::MAX;
const SWITCH: u64 = 1 << 32;

/// The fewest switches between threads with which a goal can be reached from every state.
///
/// Computed from the ends backwards: each state's answer follows from those of its successors. Those
/// of a component follow from one another, and are improved until they no longer change (Bellman,
/// 1958).
#[derive(Debug)]
pub struct Route {
    actions: usize,
    /// For each state: for each action that may have been the last, and for none yet.
    costs: Vec<u64>,
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
            actions: outlook.actions(),
            costs: Vec::new(),
        }
    }

    /// Finds the routes from further states, examining about `moves` moves. Returns whether all are
    /// known.
    pub fn advance(&mut self, outlook: &Outlook<'_>, goal: &Goal, moves: usize) -> bool {
        let before = self.actions + 1;
        let first = self.costs.len() / before;
        let states = outlook.states();
        let past = first.saturating_add((moves / before).max(1)).min(states);
        let mut state = first;
        while state < past {
            let component = state..outlook.past_component(state);
            state = component.end;
            self.solve(outlook, goal, component);
        }
        state >= states
    }

    /// Finds the routes from the states of a component.
    fn solve(&mut self, outlook: &Outlook<'_>, goal: &Goal, component: Range<usize>) {
        let before = self.actions + 1;
        for state in component.clone() {
            let is_over = outlook.is_livelock(state) && goal.accepts(&Ending::Livelock);
            let reached = is_over || goal.is_reached(&outlook.machine(state));
            let cost = if reached { 0 } else { NEVER };
            self.costs.resize(self.costs.len() + before, cost);
        }
        let mut improves = true;
        while improves {
            improves = false;
            for state in component.clone() {
                for last in 0..before {
                    let known = self.costs[state * before + last];
                    let best = self.best(outlook, state, last);
                    if let Some((cost, _)) = best.filter(|&(cost, _)| cost < known) {
                        self.costs[state * before + last] = cost;
                        improves = component.len() > 1;
                    }
                }
            }
        }
    }

    /// Returns the cost from a state, and the first action.
    fn best(&self, outlook: &Outlook<'_>, state: usize, last: usize) -> Option<(u64, usize)> {
        let onward = outlook.onward(state).iter().enumerate();
        let ways = onward.filter_map(|(action, next)| {
            let next = (*next)?;
            let rest = self.costs[next.state as usize * (self.actions + 1) + next.landing];
            let switch = last != action && last != self.actions;
            (rest != NEVER).then(|| (rest + 1 + if switch { SWITCH } else { 0 }, action))
        });
        ways.min_by_key(|&(cost, action)| (cost, action != last, action))
    }

    /// Returns the fewest switches still needed if `last` moved last: 0 where the goal is
    /// reached, `None` where it is unreachable.
    pub fn switches(
        &self,
        outlook: &Outlook<'_>,
        machine: &Machine<'_>,
        last: Option<Actor>,
    ) -> Option<u64> {
        let (state, last, _) = self.place(outlook, machine, last)?;
        let cost = self.costs[state * (self.actions + 1) + last];
        (cost != NEVER).then_some(cost / SWITCH)
    }

    /// Returns the actor that moves next on the route with the fewest switches; `None` if there is
    /// none.
    pub fn next(
        &self,
        outlook: &Outlook<'_>,
        machine: &Machine<'_>,
        last: Option<Actor>,
    ) -> Option<Actor> {
        let (state, last, slots) = self.place(outlook, machine, last)?;
        let (_, action) = self.best(outlook, state, last)?;
        // Of equal threads, the one that moved last continues, or else the first.
        let mut actors = machine.system().actors();
        let actor = actors.find(|&actor| action_of(&slots, actor) == Some(action));
        actor.filter(|&actor| machine.is_ready(actor))
    }

    fn place(
        &self,
        outlook: &Outlook<'_>,
        machine: &Machine<'_>,
        last: Option<Actor>,
    ) -> Option<(usize, usize, Vec<usize>)> {
        let (state, slots) = outlook.find(machine)?;
        let last = last.map_or(Some(self.actions), |actor| action_of(&slots, actor))?;
        Some((state, last, slots))
    }
}

/// Returns the action of an actor in a state with these slots of the threads.
fn action_of(slots: &[usize], actor: Actor) -> Option<usize> {
    let slot = slots.get(actor.thread())?;
    Some(slot + if actor.is_buffer() { slots.len() } else { 0 })
}
