//! States as small numbers: each different local part and common part is stored once and known by
//! its index, and what a step does to a pair of indices is computed once and remembered.
//!
//! This is the collapse compression of the model checker SPIN (Holzmann: *State compression in
//! SPIN*, 1997), here together with a memoized transition relation.
//!
//! Threads that run the same program are interchangeable. States are therefore folded: each thread
//! has a *slot*, the slots of interchangeable threads are neighbours (a *class*), and the local
//! parts within a class are sorted.

use std::hash::Hash;

use indexmap::IndexSet;
use rustc_hash::FxBuildHasher;

use super::transitions::{STUCK, Transition, Transitions, UNKNOWN, pack, unpack};
use crate::model::actor::Actor;
use crate::model::buffer::MemoryModel;
use crate::model::language::element::Reg;
use crate::model::language::program::Program;
use crate::model::local::Local;
use crate::model::machine::{Ending, Machine, Status};
use crate::model::queue::Queue;
use crate::model::state::{Common, Lock};
use crate::model::system::System;

/// A folded state: the index of the local part in each slot, then the index of the common part.
pub(crate) type State = Box<[u32]>;

/// Splits a state into its local parts and its common part.
pub(crate) fn split(state: &[u32]) -> (&[u32], u32) {
    let parts = state.split_last();
    parts.map_or((&[], 0), |(&common, locals)| (locals, common))
}

/// Different values, numbered in the order in which they came.
pub(crate) type Interned<T> = IndexSet<T, FxBuildHasher>;

/// Returns the number of a value, which becomes the next one if it is new.
fn index<T: Clone + Eq + Hash>(values: &mut Interned<T>, value: &T) -> u32 {
    let known = values.get_index_of(value);
    let index = known.unwrap_or_else(|| values.insert_full(value.clone()).0);
    // A table of 2^32 values is far beyond any limit of memory.
    u32::try_from(index).unwrap_or(u32::MAX)
}

/// Estimates the bytes that values hold, each with this much outside of itself.
pub(crate) fn bytes<T>(values: &Interned<T>, outside: usize) -> usize {
    // An entry has a hash besides, and the table a number and a byte for each place, of which an eighth stays free.
    values.capacity() * (size_of::<T>() + 8 + 10) + values.len() * outside
}

/// Returns the bytes of a list on the heap, with what the allocator adds.
const fn list<T>(len: usize) -> usize {
    if len == 0 {
        0
    } else {
        size_of::<T>() * len + 16
    }
}

/// The parts of the states met so far, and the transitions between them.
#[derive(Debug)]
pub(crate) struct Collapse<'s> {
    system: &'s System,
    locals: Interned<Local>,
    commons: Interned<Common>,
    transitions: Transitions,
    /// Where a step is tried; what was there before does not matter.
    scratch: Option<(Local, Common)>,
    /// The threads in the order of their slots.
    threads: Vec<usize>,
    /// For each slot, the first slot of its class and the first after it.
    classes: Vec<(usize, usize)>,
    /// The number of actions that each slot has: a step, and perhaps a delivery.
    kinds: usize,
}

/// A transition is remembered under the index of the local part, with this bit for a delivery.
const DELIVERY: u32 = 1 << 31;

impl<'s> Collapse<'s> {
    pub(crate) fn new(system: &'s System) -> Self {
        Self::telling_apart(system, &[])
    }

    /// Creates tables in which the threads in `apart` are interchangeable with no other.
    pub(crate) fn telling_apart(system: &'s System, apart: &[usize]) -> Self {
        let kind = |thread: usize| {
            let place = apart.iter().position(|&named| named == thread);
            (system.program_index(thread), place)
        };
        let mut threads: Vec<usize> = (0..system.threads()).collect();
        threads.sort_by_key(|&thread| kind(thread));
        let same = |a: &usize, b: &usize| kind(*a) == kind(*b);
        let mut classes = Vec::with_capacity(threads.len());
        for class in threads.chunk_by(same) {
            let from = classes.len();
            classes.resize(from + class.len(), (from, from + class.len()));
        }
        Self {
            system,
            locals: Interned::default(),
            commons: Interned::default(),
            transitions: Transitions::new(),
            scratch: None,
            threads,
            classes,
            kinds: match system.memory() {
                MemoryModel::Sc => 1,
                MemoryModel::Tso => 2,
            },
        }
    }

    pub(crate) fn system(&self) -> &'s System {
        self.system
    }

    /// Returns the thread in each slot at the start.
    pub(crate) fn threads(&self) -> &[usize] {
        &self.threads
    }

    /// Returns the number of actions that may be possible in a state: the steps of the threads in the
    /// order of their slots, then the deliveries of their store buffers in the same order.
    pub(crate) fn actions(&self) -> usize {
        self.kinds * self.threads.len()
    }

    /// Returns the actor of an action, given the thread in each slot.
    pub(crate) fn actor(threads: &[usize], action: usize) -> Actor {
        match slot_of(action, threads.len()) {
            (slot, false) => Actor::Thread(threads[slot]),
            (slot, true) => Actor::Buffer(threads[slot]),
        }
    }

    /// Returns the first slot of the class of this slot, and the first slot after the class.
    pub(crate) fn class(&self, slot: usize) -> (usize, usize) {
        self.classes[slot]
    }

    /// Returns the initial state.
    pub(crate) fn start(&mut self) -> State {
        let locals = self.threads.iter().map(|&thread| {
            let local = Local::start(self.system, thread);
            index(&mut self.locals, &local)
        });
        let locals: Vec<u32> = locals.collect();
        let common = index(&mut self.commons, &Common::start(self.system));
        locals.into_iter().chain([common]).collect()
    }

    /// Returns a machine's state and the slot of each thread in it; `None` if a part of the state
    /// has not been met.
    pub(crate) fn locate(&self, machine: &Machine<'_>) -> Option<(State, Vec<usize>)> {
        let number = |index: usize| u32::try_from(index).ok();
        let common = number(self.commons.get_index_of(&machine.common)?)?;
        let index = |&thread: &usize| {
            let index = self.locals.get_index_of(&machine.locals[thread])?;
            Some((number(index)?, thread))
        };
        let mut found: Vec<_> = self.threads.iter().map(index).collect::<Option<_>>()?;
        let mut from = 0;
        while from < found.len() {
            let (_, past) = self.classes[from];
            found[from..past].sort_unstable();
            from = past;
        }
        let mut slots = vec![0; found.len()];
        for (slot, &(_, thread)) in found.iter().enumerate() {
            slots[thread] = slot;
        }
        let locals = found.into_iter().map(|(index, _)| index);
        Some((locals.chain([common]).collect(), slots))
    }

    /// Returns a machine in this state.
    pub(crate) fn machine(&self, state: &[u32]) -> Machine<'s> {
        let (locals, common) = split(state);
        let mut parts: Vec<_> = locals.iter().zip(&self.threads).collect();
        parts.sort_unstable_by_key(|&(_, thread)| thread);
        let local = |(&local, _): (&u32, _)| self.locals[local as usize].clone();
        Machine {
            system: self.system,
            common: self.commons[common as usize].clone(),
            locals: parts.into_iter().map(local).collect(),
        }
    }

    /// Returns the packed transition of these parts by a step or a delivery; [`UNKNOWN`] if it is not
    /// remembered.
    #[inline]
    pub(crate) fn find(&self, local: u32, common: u32, delivers: bool) -> u64 {
        self.transitions.get(place(local, delivers), common)
    }

    /// Returns the packed transition of these parts, computing it if necessary.
    pub(crate) fn resolve(&mut self, local: u32, common: u32, delivers: bool) -> u64 {
        let found = self.find(local, common, delivers);
        if found != UNKNOWN {
            return found;
        }
        let before = &self.locals[local as usize];
        let shared = &self.commons[common as usize];
        let (after, changed) = self
            .scratch
            .get_or_insert_with(|| (before.clone(), shared.clone()));
        after.copy_from(before);
        changed.copy_from(shared);
        let program = &self.system.programs()[after.program];
        let moved = if delivers {
            after.deliver(changed)
        } else {
            after.step(program, changed).ok()
        };
        let packed = match moved {
            Some(_) => pack((
                index(&mut self.locals, after),
                index(&mut self.commons, changed),
            )),
            None => STUCK,
        };
        self.transitions.set(place(local, delivers), common, packed);
        packed
    }

    /// Returns where a step or a delivery leads from these parts.
    pub(crate) fn after(&mut self, local: u32, common: u32, delivers: bool) -> Transition {
        unpack(self.resolve(local, common, delivers))
    }

    /// Returns the state after this action, and the number of the action of the same actor there;
    /// `None` if it is not possible.
    pub(crate) fn step(&mut self, state: &[u32], action: usize) -> Option<(State, usize)> {
        let (locals, common) = split(state);
        let (slot, delivers) = slot_of(action, locals.len());
        let (local, common) = self.after(locals[slot], common, delivers)?;
        let mut next: State = state.into();
        next[locals.len()] = common;
        let landing = landing(|at| locals[at], slot, local, self.classes[slot]);
        if slot < landing {
            next[slot..=landing].rotate_left(1);
        } else {
            next[landing..=slot].rotate_right(1);
        }
        next[landing] = local;
        Some((next, landing + (action - slot)))
    }

    /// Forgets the transitions if they have become too many. To be called between layers only:
    /// within a layer, what was resolved must still be found.
    pub(crate) fn trim(&mut self) {
        self.transitions.trim();
    }

    /// Returns whether the store buffer of a local part can deliver.
    pub(crate) fn can_deliver(&self, local: u32, common: u32) -> bool {
        let common = &self.commons[common as usize];
        self.locals[local as usize].can_deliver(common)
    }

    /// Returns how a state in which all threads are done has ended; `None` for any other.
    pub(crate) fn finished(&self, locals: &[u32], common: u32) -> Option<Ending> {
        let part = |&local: &u32| &self.locals[local as usize];
        let is_done = |local: &Local| local.is_done(&self.system.programs()[local.program]);
        let variables = &self.commons[common as usize].variables;
        let register = |thread: usize, register: Reg| {
            let slot = self.threads.iter().position(|&in_slot| in_slot == thread);
            let local = slot.and_then(|slot| locals.get(slot)).map(part);
            local.map_or(0, |local| local.registers[register.index()])
        };
        let all = locals.iter().map(part).all(is_done);
        all.then(|| self.system.finished(variables, register))
    }

    /// Returns the program of a local part, and whether its thread can move.
    pub(crate) fn status(&self, local: u32, common: u32) -> (usize, Status) {
        let local = &self.locals[local as usize];
        let program = &self.system.programs()[local.program];
        let status = local.status(program, &self.commons[common as usize]);
        (local.program, status)
    }

    /// Returns how many more bytes it takes while the table of transitions grows, if it is about to.
    pub(crate) fn growth(&self) -> usize {
        usize::from(self.transitions.is_full()) * 2 * self.transitions.bytes()
    }

    /// Returns the numbers of local and common parts.
    pub(crate) fn parts(&self) -> (usize, usize) {
        (self.locals.len(), self.commons.len())
    }

    /// Estimates the memory held, in bytes.
    pub(crate) fn bytes(&self) -> u64 {
        let registers = |program: &Program| program.registers().len();
        let registers = self.system.programs().iter().map(registers).max();
        let (locks, queues) = (self.system.locks().len(), self.system.queues().len());
        let local = list::<u64>(registers.unwrap_or(0)) + list::<u8>(locks);
        let common = list::<u64>(self.system.variables().len())
            + list::<Lock>(locks)
            + list::<Queue>(queues)
            + queues * list::<u64>(1);
        let parts = bytes(&self.locals, local) + bytes(&self.commons, common);
        (parts + self.transitions.bytes()) as u64
    }
}

/// Returns the slot whose local part an action changes, and whether it is a delivery.
#[inline]
pub(crate) fn slot_of(action: usize, slots: usize) -> (usize, bool) {
    let delivers = action >= slots;
    (if delivers { action - slots } else { action }, delivers)
}

fn place(local: u32, delivers: bool) -> u32 {
    if delivers { local | DELIVERY } else { local }
}

/// Returns where a thread moves when the local part in `slot` is replaced and its class (its first
/// slot and the first after it) sorted: to the first slot that then looks like the replaced one.
#[inline]
pub(crate) fn landing(
    locals: impl Fn(usize) -> u32,
    slot: usize,
    local: u32,
    (from, past): (usize, usize),
) -> usize {
    // Without branches, which would be a toss-up.
    let before: usize = (from..past).map(|at| usize::from(locals(at) < local)).sum();
    from + before - usize::from(locals(slot) < local)
}
