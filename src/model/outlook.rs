//! The outlook: for each state, every total that is still reachable, with the number of schedules
//! that lead to it and its probability under a fair scheduler.
//!
//! A depth-first search visits each state once and completes it when all its successors are
//! complete, so the numbers are added up from the ends backwards. Where threads can spin, states
//! follow each other in circles: those of a strongly connected component are completed together
//! (Tarjan: *Depth-first search and linear graph algorithms*, 1972), see `chances`. The search
//! advances in small pieces, so a screen stays responsive. As in the census, states that differ
//! only by renaming interchangeable threads are one state.

use rustc_hash::FxHashMap;

use super::census::collapse::{Collapse, State, slot_of};
use super::chances::{Chance, Finish};
use super::goal::Goal;
use super::machine::{Ending, Machine};
use super::system::System;

/// The most states and chances that are kept, and the most bytes that states may take. Each state
/// has a chance for each total reachable from it: with many increments, chances are the bottleneck.
const MOST_STATES: usize = 1 << 19;
pub(super) const MOST_CHANCES: usize = 1 << 21;
const MOST_BYTES: usize = 1 << 28;

/// From here on, the number of a state is its place among those that are not complete yet.
pub(super) const OPEN: u32 = 1 << 31;

/// How complete an outlook is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Completeness {
    /// It is not complete; this many states have been seen.
    Growing(usize),
    /// It is complete and has this many states.
    Known(usize),
    /// There are more states, or more chances of all states together, than are kept.
    TooMany,
}

/// The reachable ends of each state of a system.
// invariants: states are numbered as they are completed, so every move of a state leads to a
// state with a smaller number, or to one of the same component; the states of a component have
// successive numbers.
#[derive(Debug)]
pub struct Outlook<'s> {
    collapse: Collapse<'s>,
    numbers: FxHashMap<State, u32>,
    known: Vec<Known>,
    chances: Vec<Chance>,
    /// The endings that are neither totals nor deadlocks.
    endings: Vec<Ending>,
    /// The states that are not complete, in the order in which they were met, and which of them are
    /// on the path of the search.
    open: Vec<Visit>,
    path: Vec<usize>,
    extent: Completeness,
    most_states: usize,
}

/// Where a step or a delivery leads.
#[derive(Clone, Copy, Debug)]
pub(super) struct Onward {
    /// The number of the state.
    pub(super) state: u32,
    /// The action of the same actor in that state.
    pub(super) landing: usize,
}

/// A complete state.
#[derive(Debug)]
struct Known {
    state: State,
    /// For each action; `None` for one that is not possible.
    onward: Box<[Option<Onward>]>,
    /// The end of its chances among all; they begin where those of the previous state end.
    past: usize,
    /// The first state of its component.
    first: usize,
    /// Whether its component has no way out, though threads can move.
    is_livelock: bool,
}

/// A state that is not complete.
#[derive(Debug)]
struct Visit {
    state: State,
    onward: Vec<Option<Onward>>,
    /// The least place of a state that is known to be in the same component.
    low: usize,
}

impl<'s> Outlook<'s> {
    /// Creates an outlook that has not begun. The threads in `apart` are distinguished from others
    /// that run the same program.
    pub fn new(system: &'s System, apart: &[usize]) -> Self {
        let mut collapse = Collapse::telling_apart(system, apart);
        let start = collapse.start();
        let most_bytes = state_bytes(start.len() - 1, collapse.actions());
        let mut outlook = Self {
            collapse,
            numbers: FxHashMap::default(),
            known: Vec::new(),
            chances: Vec::new(),
            endings: Vec::new(),
            open: Vec::new(),
            path: Vec::new(),
            extent: Completeness::Growing(0),
            most_states: (MOST_BYTES / most_bytes).min(MOST_STATES),
        };
        outlook.visit(start);
        outlook
    }

    /// Returns its system.
    pub fn system(&self) -> &'s System {
        self.collapse.system()
    }

    /// Returns the system in its initial state.
    pub fn start(&self) -> Machine<'s> {
        Machine::new(self.system())
    }

    /// Returns how complete it is.
    pub fn extent(&self) -> Completeness {
        self.extent
    }

    /// Continues the search for at most `moves` moves.
    pub fn advance(&mut self, moves: usize) -> Completeness {
        for _ in 0..moves {
            if !matches!(self.extent, Completeness::Growing(_)) {
                break;
            }
            self.extent = self.advance_move();
        }
        if let Completeness::Growing(seen) = &mut self.extent {
            *seen = self.numbers.len();
        }
        self.extent
    }

    /// Returns the reachable ends of this state, in rising order; `None` while it is not complete.
    pub fn chances(&self, machine: &Machine<'_>) -> Option<&[Chance]> {
        let (state, _) = self.find(machine)?;
        Some(self.chances_of(state))
    }

    pub(super) fn chances_of(&self, state: usize) -> &[Chance] {
        let from = state.checked_sub(1).map_or(0, |s| self.known[s].past);
        &self.chances[from..self.known[state].past]
    }

    /// Returns the number of actions in a state: see [`Collapse::actions`].
    pub(super) fn actions(&self) -> usize {
        self.collapse.actions()
    }

    pub(super) fn states(&self) -> usize {
        self.known.len()
    }

    pub(super) fn onward(&self, state: usize) -> &[Option<Onward>] {
        &self.known[state].onward
    }

    /// Returns a machine in this state, with interchangeable threads in any order.
    pub(super) fn machine(&self, state: usize) -> Machine<'s> {
        self.collapse.machine(&self.known[state].state)
    }

    /// Returns the number of a machine's state, in which threads that run the same program are not told
    /// apart; `None` while the state is not complete.
    pub fn number(&self, machine: &Machine<'_>) -> Option<usize> {
        self.find(machine).map(|(number, _)| number)
    }

    /// Returns the number of a machine's state and the slot of each thread in it; `None` while the
    /// state is not complete.
    pub(super) fn find(&self, machine: &Machine<'_>) -> Option<(usize, Vec<usize>)> {
        let (state, slots) = self.collapse.locate(machine)?;
        let number = *self.numbers.get(&state)?;
        (number < OPEN).then_some((number as usize, slots))
    }

    /// Returns the state after the last one of a state's component, which begins with this state.
    pub(super) fn past_component(&self, first: usize) -> usize {
        let others = self.known[first..].iter();
        first + others.take_while(|known| known.first == first).count()
    }

    /// Returns whether a state is one from which threads move for ever and get nowhere.
    pub(super) fn is_livelock(&self, state: usize) -> bool {
        self.known[state].is_livelock
    }

    /// Returns whether a machine has reached a goal. A livelock is recognised once it is known.
    pub fn has_reached(&self, goal: &Goal, machine: &Machine<'_>) -> bool {
        let is_livelock = goal.accepts(&Ending::Livelock);
        goal.is_reached(machine) || is_livelock && self.is_livelocked(machine)
    }

    /// Returns whether a machine is in a livelock, as far as that is known.
    pub fn is_livelocked(&self, machine: &Machine<'_>) -> bool {
        let found = self.find(machine);
        found.is_some_and(|(state, _)| self.is_livelock(state))
    }

    fn visit(&mut self, state: State) {
        let place = self.open.len();
        // There are far fewer states than numbers.
        let number = OPEN | u32::try_from(place).unwrap_or(OPEN);
        self.numbers.insert(state.clone(), number);
        self.path.push(place);
        self.open.push(Visit {
            state,
            onward: Vec::with_capacity(self.actions()),
            low: place,
        });
    }

    /// Examines one move of the state at the end of the path, or leaves the state.
    fn advance_move(&mut self) -> Completeness {
        let actions = self.actions();
        let Some(&place) = self.path.last() else {
            return Completeness::Known(self.known.len());
        };
        let Visit { state, onward, low } = &mut self.open[place];
        let action = onward.len();
        if action == actions {
            return self.leave(place);
        }
        let (slot, _) = slot_of(action, state.len() - 1);
        let (first, _) = self.collapse.class(slot);
        if slot > first && state[slot] == state[slot - 1] {
            // Equal threads of a class move alike.
            onward.push(onward[action - 1]);
            return self.extent;
        }
        let Some((next, landing)) = self.collapse.step(state, action) else {
            onward.push(None);
            return self.extent;
        };
        match self.numbers.get(&next) {
            Some(&state) => {
                if state >= OPEN {
                    *low = (*low).min((state - OPEN) as usize);
                }
                onward.push(Some(Onward { state, landing }));
            }
            None if self.numbers.len() >= self.most_states => return self.give_up(),
            None => self.visit(next),
        }
        self.extent
    }

    /// Leaves the state at the end of the path, all of whose moves have been examined.
    fn leave(&mut self, place: usize) -> Completeness {
        self.path.pop();
        let low = self.open[place].low;
        if let Some(&before) = self.path.last() {
            let before = &mut self.open[before].low;
            *before = (*before).min(low);
        }
        if low == place {
            self.complete(place)
        } else {
            self.extent
        }
    }

    /// Completes a component: the open states from a place on, all of whose other successors are
    /// complete.
    fn complete(&mut self, place: usize) -> Completeness {
        let first = self.known.len();
        let mut component = self.open.split_off(place);
        for visit in &mut component {
            for next in visit.onward.iter_mut().flatten() {
                if next.state >= OPEN {
                    let place = (next.state - OPEN) as usize - place + first;
                    next.state = u32::try_from(place).unwrap_or(OPEN);
                }
            }
        }
        let moves: Vec<Vec<usize>> = component
            .iter()
            .map(|visit| visit.onward.iter().flatten())
            .map(|onward| onward.map(|next| next.state as usize).collect())
            .collect();
        let goes_round = moves.iter().flatten().any(|&next| next >= first);
        let is_livelock = goes_round && moves.iter().flatten().all(|&next| next >= first);
        let chances = match &*moves {
            _ if is_livelock => {
                let livelock = [Chance::certain(self.finish_of(Ending::Livelock), None)];
                Some(vec![livelock.to_vec(); moves.len()])
            }
            [none] if none.is_empty() => {
                let ending = self.collapse.machine(&component[0].state).ending();
                // Not even one thread can move.
                let finish = ending.map_or(Finish::Deadlock, |ending| self.finish_of(ending));
                Some(vec![vec![Chance::certain(finish, Some(1))]])
            }
            [moves] if !goes_round => Some(vec![self.straight(moves)]),
            _ => self.absorbed(first, &moves),
        };
        let Some(chances) = chances else {
            return self.give_up();
        };
        for (visit, mut chances) in component.into_iter().zip(chances) {
            self.chances.append(&mut chances);
            let number = u32::try_from(self.known.len()).unwrap_or(OPEN);
            self.numbers.insert(visit.state.clone(), number);
            self.known.push(Known {
                state: visit.state,
                onward: visit.onward.into(),
                past: self.chances.len(),
                first,
                is_livelock,
            });
        }
        if self.chances.len() > MOST_CHANCES {
            return self.give_up();
        }
        if self.path.is_empty() {
            Completeness::Known(self.known.len())
        } else {
            self.extent
        }
    }

    /// Classifies an end.
    pub fn finish_of(&mut self, ending: Ending) -> Finish {
        match ending {
            Ending::Total(total) => Finish::Total(total),
            Ending::Deadlock(_) => Finish::Deadlock,
            ending => {
                let system = self.system();
                let known = |known: &Ending| known.is_like(&ending, system);
                let known = self.endings.iter().position(known);
                let index = known.unwrap_or_else(|| {
                    self.endings.push(ending);
                    self.endings.len() - 1
                });
                Finish::Other(u32::try_from(index).unwrap_or(u32::MAX))
            }
        }
    }

    /// Returns an ending that is neither a total nor a deadlock.
    pub fn ending(&self, other: u32) -> Option<&Ending> {
        self.endings.get(other as usize)
    }

    /// Frees the memory: knowing a part of the states is of no use.
    fn give_up(&mut self) -> Completeness {
        self.numbers = FxHashMap::default();
        self.known = Vec::new();
        self.chances = Vec::new();
        self.open = Vec::new();
        self.path = Vec::new();
        Completeness::TooMany
    }
}

/// Returns how many bytes a state takes at most: the state itself, twice, and where each of its
/// threads moves to, with the overhead of an allocation and of a place in a table.
fn state_bytes(slots: usize, actions: usize) -> usize {
    const OVERHEAD: usize = 128;
    2 * (slots + 1) * size_of::<u32>() + actions * size_of::<Option<Onward>>() + OVERHEAD
}
