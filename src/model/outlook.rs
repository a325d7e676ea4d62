//! The outlook: for each state, every total that is still reachable, with the number of schedules
//! that lead to it and its probability under a fair scheduler.
//!
//! A depth-first search visits each state once and completes it when all its successors are
//! complete (Cormen, Leiserson, Rivest, Stein: *Introduction to Algorithms*, section 20.4), so the
//! numbers are added up from the ends backwards. It advances in small pieces, so a screen stays
//! responsive. As in the census, states that differ only by renaming interchangeable threads are
//! one state.

use rustc_hash::FxHashMap;

use super::census::collapse::{Collapse, State};
use super::machine::{Ending, Machine};
use super::system::System;

/// The most states and chances that are kept, and the most bytes that states may take. Each state
/// has a chance for each total reachable from it: with many increments, chances are the bottleneck.
const MOST_STATES: usize = 1 << 19;
const MOST_CHANCES: usize = 1 << 21;
const MOST_BYTES: usize = 1 << 28;

/// The number of a state whose successors are not all complete yet.
const OPEN: u32 = u32::MAX;

/// How a schedule can end, without the details of a deadlock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Finish {
    /// All threads are done; this is the total.
    Total(u64),
    /// All threads are done, or one has failed: see [`Outlook::ending`].
    Other(u32),
    /// No thread can move, and not all are done.
    Deadlock,
}

/// One way in which the schedules from a state can end.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Chance {
    /// How they end.
    pub finish: Finish,
    /// The number of schedules from here that end this way; [`u128::MAX`] means that many or more.
    pub schedules: u128,
    /// The probability of this end when each step goes to a thread drawn evenly among those that
    /// can move.
    pub fair: f64,
}

/// How complete an outlook is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Completeness {
    /// It is not complete; this many states have been seen.
    Growing(usize),
    /// It is complete and has this many states.
    Known(usize),
    /// There are more states, or more chances of all states together, than are kept.
    TooMany,
    /// Some schedules never end, so there is nothing to count.
    Endless,
}

/// The reachable ends of each state of a system.
// invariants: states are numbered as they are completed, so every move of a state leads to a
// state with a smaller number.
#[derive(Debug)]
pub struct Outlook<'s> {
    collapse: Collapse<'s>,
    numbers: FxHashMap<State, u32>,
    known: Vec<Known>,
    chances: Vec<Chance>,
    /// The endings that are neither totals nor deadlocks.
    endings: Vec<Ending>,
    open: Vec<Visit>,
    extent: Completeness,
    most_states: usize,
}

/// Where a thread's step leads.
#[derive(Clone, Copy, Debug)]
pub(super) struct Onward {
    /// The number of the state.
    pub(super) state: u32,
    /// The slot of the moved thread in that state.
    pub(super) landing: usize,
}

/// A complete state.
#[derive(Debug)]
struct Known {
    state: State,
    /// For each slot; `None` for a thread that is blocked or done.
    onward: Box<[Option<Onward>]>,
    /// The end of its chances among all; they begin where those of the previous state end.
    past: usize,
}

/// A state on the path of the search.
#[derive(Debug)]
struct Visit {
    state: State,
    onward: Vec<Option<Onward>>,
}

impl<'s> Outlook<'s> {
    /// Creates an outlook that has not begun. The threads in `apart` are distinguished from others
    /// that run the same program.
    pub fn new(system: &'s System, apart: &[usize]) -> Self {
        let mut collapse = Collapse::telling_apart(system, apart);
        let start = collapse.start();
        let mut outlook = Self {
            collapse,
            numbers: FxHashMap::default(),
            known: Vec::new(),
            chances: Vec::new(),
            endings: Vec::new(),
            open: Vec::new(),
            extent: Completeness::Growing(0),
            most_states: (MOST_BYTES / state_bytes(system.threads())).min(MOST_STATES),
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

    fn chances_of(&self, state: usize) -> &[Chance] {
        let from = state.checked_sub(1).map_or(0, |s| self.known[s].past);
        &self.chances[from..self.known[state].past]
    }

    pub(super) fn slots(&self) -> usize {
        self.collapse.threads().len()
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

    /// Returns the number of a machine's state and the slot of each thread in it; `None` while the
    /// state is not complete.
    pub(super) fn find(&self, machine: &Machine<'_>) -> Option<(usize, Vec<usize>)> {
        let (state, slots) = self.collapse.locate(machine)?;
        let number = *self.numbers.get(&state)?;
        (number != OPEN).then_some((number as usize, slots))
    }

    fn visit(&mut self, state: State) {
        self.numbers.insert(state.clone(), OPEN);
        self.open.push(Visit {
            state,
            onward: Vec::with_capacity(self.slots()),
        });
    }

    /// Examines one move of the state at the end of the path, or completes the state.
    fn advance_move(&mut self) -> Completeness {
        let slots = self.slots();
        let Some(Visit { state, onward }) = self.open.last_mut() else {
            return Completeness::Known(self.known.len());
        };
        let slot = onward.len();
        if slot == slots {
            return self.complete();
        }
        let (first, _) = self.collapse.class(slot);
        if slot > first && state[slot] == state[slot - 1] {
            // Equal threads of a class move alike.
            onward.push(onward[slot - 1]);
            return self.extent;
        }
        let Some((next, landing)) = self.collapse.step(state, slot) else {
            onward.push(None);
            return self.extent;
        };
        match self.numbers.get(&next) {
            Some(&OPEN) => return Completeness::Endless,
            Some(&state) => onward.push(Some(Onward { state, landing })),
            None if self.numbers.len() >= self.most_states => return self.give_up(),
            None => self.visit(next),
        }
        self.extent
    }

    /// Completes the state at the end of the path, all of whose successors are complete.
    fn complete(&mut self) -> Completeness {
        let Some(Visit { state, onward }) = self.open.pop() else {
            return self.extent;
        };
        let ready = onward.iter().flatten().count() as f64;
        let mut chances: Vec<Chance> = Vec::new();
        for next in onward.iter().flatten() {
            for chance in self.chances_of(next.state as usize) {
                add(&mut chances, chance, ready);
            }
        }
        if ready == 0.0 {
            let finish = self.finish(&state);
            chances.push(Chance {
                finish,
                schedules: 1,
                fair: 1.0,
            });
        }
        if let [only] = chances.as_mut_slice() {
            // Rounding must not make a certain end look uncertain.
            only.fair = 1.0;
        }
        self.chances.append(&mut chances);
        // At most `MOST_STATES`, which fits.
        let number = u32::try_from(self.known.len()).unwrap_or(OPEN);
        self.numbers.insert(state.clone(), number);
        self.known.push(Known {
            state,
            onward: onward.into(),
            past: self.chances.len(),
        });
        if self.chances.len() > MOST_CHANCES {
            return self.give_up();
        }
        if self.open.is_empty() {
            Completeness::Known(self.known.len())
        } else {
            self.extent
        }
    }

    /// Classifies a state in which no thread can move.
    fn finish(&mut self, state: &[u32]) -> Finish {
        let ending = self.collapse.machine(state).ending();
        match ending {
            Some(Ending::Total(total)) => Finish::Total(total),
            Some(ending @ (Ending::Values(_) | Ending::Failed(..) | Ending::Livelock)) => {
                let known = self.endings.iter().position(|known| *known == ending);
                let index = known.unwrap_or_else(|| {
                    self.endings.push(ending);
                    self.endings.len() - 1
                });
                // At most one for each state, whose numbers fit.
                Finish::Other(u32::try_from(index).unwrap_or(OPEN))
            }
            Some(Ending::Deadlock(_)) | None => Finish::Deadlock,
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
        Completeness::TooMany
    }
}

/// Returns how many bytes a state takes at most: the state itself, twice, and where each of its
/// threads moves to, with the overhead of an allocation and of a place in a table.
fn state_bytes(slots: usize) -> usize {
    const OVERHEAD: usize = 128;
    2 * (slots + 1) * size_of::<u32>() + slots * size_of::<Option<Onward>>() + OVERHEAD
}

/// Adds a chance of a successor, which one of `ready` moves leads to.
fn add(chances: &mut Vec<Chance>, chance: &Chance, ready: f64) {
    let fair = chance.fair / ready;
    match chances.binary_search_by_key(&chance.finish, |known| known.finish) {
        Ok(place) => {
            let known = &mut chances[place];
            known.schedules = known.schedules.saturating_add(chance.schedules);
            known.fair += fair;
        }
        Err(place) => chances.insert(place, Chance { fair, ..*chance }),
    }
}
