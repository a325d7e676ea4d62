//! States as small numbers: each different local part and common part is stored once and known by
//! its index, and what a step does to a pair of indices is computed once and remembered.
//!
//! This is the collapse compression of the model checker SPIN (Holzmann: *State compression in
//! SPIN*, 1997), here with the transition relation memorised beside it.

use rustc_hash::FxHashMap;

use crate::model::effect::Wait;
use crate::model::machine::Machine;
use crate::model::state::{Common, Local};
use crate::model::system::System;

/// The move of a thread that is blocked or done.
pub(in crate::model) const STUCK: u64 = u64::MAX;

/// How many remembered moves are kept before all are forgotten.
const MOVES: usize = 1 << 24;

/// Bytes for each move the table has room for: key, value, a byte of bookkeeping, and its empty
/// places.
const MOVE_BYTES: usize = 20;

/// The local part and the common part a move leads to.
pub(in crate::model) fn parts(found: u64) -> (u32, u32) {
    // Both halves were packed from 32 bits.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the halves are 32 bits each"
    )]
    ((found >> 32) as u32, found as u32)
}

fn packed(local: u32, common: u32) -> u64 {
    u64::from(local) << 32 | u64::from(common)
}

/// The parts of states met so far, and the moves between them.
// invariants: an index, once given, keeps its meaning; equal parts have equal indices.
pub(in crate::model) struct Collapse<'s> {
    system: &'s System,
    locals: Vec<Local>,
    local_indices: FxHashMap<Local, u32>,
    done: Vec<bool>,
    commons: Vec<Common>,
    common_indices: FxHashMap<Common, u32>,
    moves: FxHashMap<u64, u64>,
    /// The threads in the order of their slots: those with the same program are neighbours.
    threads: Vec<usize>,
    /// For each slot, the first slot with the same program and the first after those.
    classes: Vec<(usize, usize)>,
}

impl<'s> Collapse<'s> {
    pub(in crate::model) fn new(system: &'s System) -> Self {
        Self::telling_apart(system, &[])
    }

    /// The same, where these threads are interchangeable with no other.
    pub(in crate::model) fn telling_apart(system: &'s System, apart: &[usize]) -> Self {
        let kind = |thread: usize| {
            let place = apart.iter().position(|&named| named == thread);
            (system.program_index(thread), place)
        };
        let mut threads: Vec<usize> = (0..system.threads()).collect();
        threads.sort_by_key(|&thread| kind(thread));
        let classes = (0..threads.len())
            .map(|slot| {
                let same = |other: &usize| kind(threads[*other]) == kind(threads[slot]);
                let from = (0..slot).find(same).unwrap_or(slot);
                let past = (slot..threads.len()).find(|other| !same(other));
                (from, past.unwrap_or(threads.len()))
            })
            .collect();
        Self {
            system,
            locals: Vec::new(),
            local_indices: FxHashMap::default(),
            done: Vec::new(),
            commons: Vec::new(),
            common_indices: FxHashMap::default(),
            moves: FxHashMap::default(),
            threads,
            classes,
        }
    }

    pub(in crate::model) fn system(&self) -> &'s System {
        self.system
    }

    /// The thread that each slot stands for at the start.
    pub(in crate::model) fn threads(&self) -> &[usize] {
        &self.threads
    }

    /// The slots of the threads that are interchangeable with that of this slot.
    pub(in crate::model) fn class(&self, slot: usize) -> (usize, usize) {
        self.classes[slot]
    }

    /// The parts of the first state.
    pub(in crate::model) fn start(&mut self) -> (Vec<u32>, u32) {
        let system = self.system;
        let threads = self.threads.clone();
        let locals = threads.iter().map(|&thread| {
            let program = system.program(thread);
            self.local(Local::start(program, system.program_index(thread)))
        });
        let locals = locals.collect();
        (locals, self.common(Common::start(system)))
    }

    /// The parts of a machine's state, in the order of the slots, and the slot of each thread;
    /// `None` if a part has not been met.
    pub(in crate::model) fn locate(
        &self,
        machine: &Machine<'_>,
    ) -> Option<(Vec<u32>, u32, Vec<usize>)> {
        let (locals, common) = machine.parts();
        let common = *self.common_indices.get(common)?;
        let index = |&thread: &usize| {
            let index = self.local_indices.get(&locals[thread])?;
            Some((*index, thread))
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
        let locals = found.into_iter().map(|(index, _)| index).collect();
        Some((locals, common, slots))
    }

    /// A machine in the state of these parts.
    pub(in crate::model) fn machine(&self, locals: &[u32], common: u32) -> Machine<'s> {
        let mut parts = vec![None; locals.len()];
        for (&local, &thread) in locals.iter().zip(&self.threads) {
            parts[thread] = Some(self.locals[local as usize].clone());
        }
        let parts = parts.into_iter().flatten().collect();
        Machine::of_parts(self.system, parts, self.commons[common as usize].clone())
    }

    fn local(&mut self, local: Local) -> u32 {
        if let Some(&index) = self.local_indices.get(&local) {
            return index;
        }
        // A table of 2^32 parts is far beyond any limit of memory.
        let index = u32::try_from(self.locals.len()).unwrap_or(u32::MAX);
        let program = &self.system.programs()[local.program];
        self.done.push(local.is_done(program));
        self.locals.push(local.clone());
        self.local_indices.insert(local, index);
        index
    }

    fn common(&mut self, common: Common) -> u32 {
        if let Some(&index) = self.common_indices.get(&common) {
            return index;
        }
        let index = u32::try_from(self.commons.len()).unwrap_or(u32::MAX);
        self.commons.push(common.clone());
        self.common_indices.insert(common, index);
        index
    }

    /// The move, if it is remembered.
    pub(in crate::model) fn find(&self, local: u32, common: u32) -> Option<u64> {
        self.moves.get(&packed(local, common)).copied()
    }

    /// The move, computed if need be; [`STUCK`] if the thread is blocked or done.
    pub(in crate::model) fn resolve(&mut self, local: u32, common: u32) -> u64 {
        if let Some(found) = self.find(local, common) {
            return found;
        }
        let mut after = self.locals[local as usize].clone();
        let mut shared = self.commons[common as usize].clone();
        let program = &self.system.programs()[after.program];
        let found = match after.step(program, &mut shared) {
            Ok(Some(_)) => packed(self.local(after), self.common(shared)),
            Ok(None) | Err(_) => STUCK,
        };
        self.moves.insert(packed(local, common), found);
        found
    }

    /// Forgets the moves if they have become too many. Only for between layers: within one, what
    /// was resolved must still be found.
    pub(in crate::model) fn trim(&mut self) {
        if self.moves.len() > MOVES {
            self.moves = FxHashMap::default();
        }
    }

    pub(in crate::model) fn is_done(&self, local: u32) -> bool {
        self.done[local as usize]
    }

    pub(in crate::model) fn total(&self, common: u32) -> u64 {
        self.system
            .total_of(&self.commons[common as usize].variables)
    }

    /// The program of a local part, and what it waits for there, if it is blocked.
    pub(in crate::model) fn waits_for(&self, local: u32, common: u32) -> (usize, Option<Wait>) {
        let local = &self.locals[local as usize];
        let program = &self.system.programs()[local.program];
        let wait = local.waits_for(program, &self.commons[common as usize]);
        (local.program, wait)
    }

    /// How many bytes remembering so many more moves would take: the table grows by doubling.
    pub(in crate::model) fn growth(&self, moves: usize) -> usize {
        let needed = self.moves.len() + moves;
        let mut capacity = self.moves.capacity().max(1);
        while capacity < needed {
            capacity *= 2;
        }
        MOVE_BYTES * (capacity - self.moves.capacity())
    }

    /// How many local and common parts there are.
    pub(in crate::model) fn parts(&self) -> (usize, usize) {
        (self.locals.len(), self.commons.len())
    }

    /// An estimate of the memory held, in bytes.
    pub(in crate::model) fn bytes(&self) -> u64 {
        let program = |p: &crate::model::language::program::Program| p.registers().len();
        let registers = self.system.programs().iter().map(program).max();
        let local = 2 * (size_of::<Local>() + 8 * registers.unwrap_or(0)) + 24;
        let variables = self.system.variables().len();
        let locks = self.system.locks().len();
        let common = 2 * (size_of::<Common>() + 8 * variables + 4 * locks) + 24;
        let moves = self.moves.capacity() * MOVE_BYTES;
        (local * self.locals.len() + common * self.commons.len() + moves) as u64
    }
}
