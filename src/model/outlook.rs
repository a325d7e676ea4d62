//! What can still come of each state: every total that is left, with how many schedules lead to it
//! and how likely it is under a fair scheduler.
//!
//! A depth-first search visits each state once and knows it when all states after it are known
//! (Cormen, Leiserson, Rivest, Stein: *Introduction to Algorithms*, section 20.4). It can be
//! carried on in small pieces, so that a screen stays alive meanwhile. As in the census, states
//! that differ only by swapping interchangeable threads are one.

use rustc_hash::FxHashMap;

use super::census::collapse::{Collapse, STUCK, parts};
use super::census::expand::relocate;
use super::machine::Machine;
use super::system::System;

/// The most states and chances that are kept, and the most bytes that states may take. Each state
/// has a chance for each total that is left to it: with many increments those are too many first.
const MOST_STATES: usize = 1 << 19;
const MOST_CHANCES: usize = 1 << 21;
const MOST_BYTES: usize = 1 << 28;

/// A state whose followers are not all known yet.
const OPEN: u32 = u32::MAX;

/// How a schedule can end, without who waits for what in a deadlock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Finish {
    /// All threads are done; this is the total.
    Total(u64),
    /// Nobody can move, and somebody is not done.
    Deadlock,
}

/// One way in which things can still end.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Chance {
    /// How.
    pub finish: Finish,
    /// How many schedules from here end so; [`u128::MAX`] stands for that many or more.
    pub schedules: u128,
    /// How likely it is when each step goes to a thread drawn evenly among those that can move.
    pub fair: f64,
}

/// How far an outlook has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// It is not finished; so many states have been seen.
    Growing(usize),
    /// It is finished; so many states there are.
    Known(usize),
    /// There are more states, or more chances of them all, than are kept.
    TooMany,
    /// Some schedules never end, so that there is nothing to count.
    Endless,
}

/// What can still come of each state of a system.
// invariants: states are numbered as they become known, so that every move of a state leads to
// one with a smaller number.
pub struct Outlook<'s> {
    collapse: Collapse<'s>,
    numbers: FxHashMap<Box<[u32]>, u32>,
    known: Vec<Known>,
    chances: Vec<Chance>,
    open: Vec<Visit>,
    extent: Extent,
    most_states: usize,
}

/// Where a thread's step leads.
#[derive(Clone, Copy, Debug)]
pub(super) struct Onward {
    /// The number of the state.
    pub(super) state: u32,
    /// The slot in which the thread that moved is found there.
    pub(super) landing: usize,
}

/// A state of which everything is known.
struct Known {
    key: Box<[u32]>,
    /// For each slot; `None` for a thread that is blocked or done.
    onward: Box<[Option<Onward>]>,
    /// Where its chances end among all; they begin where those of the state before end.
    past: usize,
}

/// A state on the way of the search.
struct Visit {
    key: Box<[u32]>,
    onward: Vec<Option<Onward>>,
}

impl std::fmt::Debug for Outlook<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Outlook")
            .field("extent", &self.extent)
            .finish_non_exhaustive()
    }
}

impl<'s> Outlook<'s> {
    /// An outlook that knows nothing yet. The threads in `apart` are told apart from those that
    /// run the same program.
    pub fn new(system: &'s System, apart: &[usize]) -> Self {
        let mut collapse = Collapse::telling_apart(system, apart);
        let (locals, common) = collapse.start();
        let mut outlook = Self {
            collapse,
            numbers: FxHashMap::default(),
            known: Vec::new(),
            chances: Vec::new(),
            open: Vec::new(),
            extent: Extent::Growing(0),
            most_states: (MOST_BYTES / state_bytes(locals.len())).min(MOST_STATES),
        };
        outlook.visit(key(&locals, common));
        outlook
    }

    /// The system that is looked at.
    pub fn system(&self) -> &'s System {
        self.collapse.system()
    }

    /// The system at its start.
    pub fn start(&self) -> Machine<'s> {
        Machine::new(self.system())
    }

    /// How far it has come.
    pub fn extent(&self) -> Extent {
        self.extent
    }

    /// Searches on, for so many moves at most.
    pub fn advance(&mut self, moves: usize) -> Extent {
        for _ in 0..moves {
            if !matches!(self.extent, Extent::Growing(_)) {
                break;
            }
            self.extent = self.look_at_a_move();
        }
        if let Extent::Growing(seen) = &mut self.extent {
            *seen = self.numbers.len();
        }
        self.extent
    }

    /// Everything that can still come of this state, in rising order; `None` while it is not
    /// known.
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

    /// A machine in this state; of interchangeable threads, any may be any.
    pub(super) fn machine(&self, state: usize) -> Machine<'s> {
        let key = &self.known[state].key;
        let (locals, common) = key.split_at(self.slots());
        self.collapse.machine(locals, common[0])
    }

    /// The number of a machine's state, and the slot in which each thread is found there; `None`
    /// while it is not known.
    pub(super) fn find(&self, machine: &Machine<'_>) -> Option<(usize, Vec<usize>)> {
        let (locals, common, slots) = self.collapse.locate(machine)?;
        let number = *self.numbers.get(&key(&locals, common))?;
        (number != OPEN).then_some((number as usize, slots))
    }

    fn visit(&mut self, key: Box<[u32]>) {
        self.numbers.insert(key.clone(), OPEN);
        self.open.push(Visit {
            key,
            onward: Vec::with_capacity(self.collapse.threads().len()),
        });
    }

    /// Looks at one move of the state the search is at, or leaves the state.
    fn look_at_a_move(&mut self) -> Extent {
        let slots = self.slots();
        let Some(visit) = self.open.last_mut() else {
            return Extent::Known(self.known.len());
        };
        let slot = visit.onward.len();
        if slot == slots {
            return self.leave();
        }
        let (locals, common) = visit.key.split_at(slots);
        let (class, past) = self.collapse.class(slot);
        if slot > class && locals[slot] == locals[slot - 1] {
            // Two threads that look alike move alike.
            visit.onward.push(visit.onward[slot - 1]);
            return self.extent;
        }
        let found = self.collapse.resolve(locals[slot], common[0]);
        if found == STUCK {
            visit.onward.push(None);
            return self.extent;
        }
        let (local, common) = parts(found);
        let mut moved = vec![0; slots];
        let landing = relocate(locals, &mut moved, slot, local, class, past);
        let next = key(&moved, common);
        match self.numbers.get(&next) {
            Some(&OPEN) => Extent::Endless,
            Some(&state) => {
                visit.onward.push(Some(Onward { state, landing }));
                self.extent
            }
            None if self.numbers.len() >= self.most_states => self.give_up(),
            None => {
                self.visit(next);
                self.extent
            }
        }
    }

    /// Everything after the state the search is at is known: so is the state.
    fn leave(&mut self) -> Extent {
        let Some(Visit { key, onward }) = self.open.pop() else {
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
            chances.push(Chance {
                finish: self.finish(&key),
                schedules: 1,
                fair: 1.0,
            });
        }
        if let [only] = chances.as_mut_slice() {
            // What is certain shall not look uncertain from rounding.
            only.fair = 1.0;
        }
        self.chances.append(&mut chances);
        // At most `MOST_STATES`, which fits.
        let number = u32::try_from(self.known.len()).unwrap_or(OPEN);
        self.numbers.insert(key.clone(), number);
        self.known.push(Known {
            key,
            onward: onward.into(),
            past: self.chances.len(),
        });
        if self.chances.len() > MOST_CHANCES {
            return self.give_up();
        }
        if self.open.is_empty() {
            Extent::Known(self.known.len())
        } else {
            self.extent
        }
    }

    fn finish(&self, key: &[u32]) -> Finish {
        let (locals, common) = key.split_at(self.slots());
        if locals.iter().all(|&local| self.collapse.is_done(local)) {
            Finish::Total(self.collapse.total(common[0]))
        } else {
            Finish::Deadlock
        }
    }

    /// Gives the memory back: what is known of a part of the states is of no use.
    fn give_up(&mut self) -> Extent {
        self.numbers = FxHashMap::default();
        self.known = Vec::new();
        self.chances = Vec::new();
        self.open = Vec::new();
        Extent::TooMany
    }
}

/// What a state takes, at the most: its key, twice, and where each of its threads goes on to, with
/// what an allocation and a place in a table cost.
fn state_bytes(slots: usize) -> usize {
    const OVERHEAD: usize = 128;
    2 * (slots + 1) * size_of::<u32>() + slots * size_of::<Option<Onward>>() + OVERHEAD
}

fn key(locals: &[u32], common: u32) -> Box<[u32]> {
    locals.iter().copied().chain([common]).collect()
}

/// Adds a chance of a state that one of so many threads leads to.
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
