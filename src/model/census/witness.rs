//! For each outcome, the schedule with the fewest switches between threads; of several, the first
//! in order of the labels.
//!
//! A forward search beside the census. Its nodes are pairs of a state and the thread that moved
//! last: everything after a node costs the same however the node was reached, so only the best path
//! to each node is kept (Bellman's principle of optimality). The paths to the nodes of a layer are
//! equally long; comparing two by (switches, order) is comparing (switches, rank of the previous
//! node in its layer, label). Nodes are therefore kept in the order of their paths, and a node's
//! index is its rank.
//!
//! States are folded: their slots are sorted, so each node records which thread is in which slot.
//! Of several threads in equal slots only one need be tried, since everything after is the same
//! for all of them: the one that moved last, which costs no switch, or else the first.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use rustc_hash::FxHashMap;

use super::expand::Link;
use super::layer::map_states;
use crate::model::limits::Gauge;
use crate::model::schedule::token::{Schedule, Steps};

/// No thread.
const NO_THREAD: u8 = u8::MAX;
/// No move.
const NONE: u64 = u64::MAX;
/// Marks a slot that equals the one before it.
const LIKE_BEFORE: u64 = 1 << 40;
/// The number of nodes processed at a time.
const CHUNK: usize = 4096;
/// The number of bits of a candidate's rank.
const ORDER_BITS: u32 = 44;

/// The nodes of the current layer, in the order of their paths.
#[derive(Default)]
struct Nodes {
    state: Vec<u32>,
    switches: Vec<u32>,
    /// The thread that moved last.
    last: Vec<u8>,
    /// For each node, the thread in each slot.
    threads: Vec<u8>,
    /// The node in the layer before.
    parent: Vec<u32>,
}

impl Nodes {
    fn with_capacity(len: usize, slots: usize) -> Self {
        Self {
            state: Vec::with_capacity(len),
            switches: Vec::with_capacity(len),
            last: Vec::with_capacity(len),
            threads: Vec::with_capacity(len * slots),
            parent: Vec::with_capacity(len),
        }
    }

    fn append(&mut self, mut other: Self) {
        self.state.append(&mut other.state);
        self.switches.append(&mut other.switches);
        self.last.append(&mut other.last);
        self.threads.append(&mut other.threads);
        self.parent.append(&mut other.parent);
    }
}

/// How the nodes of one layer were reached: kept for all layers, to trace paths back.
struct Trail {
    parent: Vec<u32>,
    last: Vec<u8>,
}

/// The last node of the best path to an outcome so far.
#[derive(Clone, Debug)]
struct Best {
    switches: u32,
    layer: usize,
    node: usize,
}

/// The search for witnesses, advanced layer by layer.
pub(crate) struct Witnesses {
    slots: usize,
    nodes: Nodes,
    trails: Vec<Trail>,
    best: FxHashMap<usize, Best>,
}

/// The moves of a layer, by state and slot.
pub(crate) struct Moves {
    slots: usize,
    moves: Vec<AtomicU64>,
}

impl Moves {
    pub(crate) fn new(states: usize, slots: usize) -> Self {
        let moves = (0..states * slots).map(|_| AtomicU64::new(NONE)).collect();
        Self { slots, moves }
    }

    /// Returns the bytes it takes for `states` states.
    pub(crate) fn bytes(states: usize, slots: usize) -> usize {
        8 * states * slots
    }

    pub(crate) fn set<const W: usize>(&self, source: usize, target: usize, link: &Link<W>) {
        let first = source * self.slots + usize::from(link.slot);
        let entry = target as u64 | u64::from(link.landing) << 32;
        for slot in 0..usize::from(link.alike) {
            let mark = if slot == 0 { 0 } else { LIKE_BEFORE };
            self.moves[first + slot].store(entry | mark, Relaxed);
        }
    }

    fn of(&self, state: usize) -> &[AtomicU64] {
        &self.moves[state * self.slots..(state + 1) * self.slots]
    }
}

/// A move to a node of the next layer.
#[derive(Clone, Copy)]
struct Candidate {
    thread: u8,
    slot: usize,
    target: usize,
    landing: usize,
    switches: u32,
}

impl Witnesses {
    /// Creates a search at its start, with these threads in the slots.
    pub(crate) fn new(threads: &[usize]) -> Self {
        // The census has refused more than 127 threads.
        let narrow = |&thread: &usize| u8::try_from(thread).unwrap_or(NO_THREAD);
        Self {
            slots: threads.len(),
            nodes: Nodes {
                state: vec![0],
                switches: vec![0],
                last: vec![NO_THREAD],
                threads: threads.iter().map(narrow).collect(),
                parent: Vec::new(),
            },
            trails: Vec::new(),
            best: FxHashMap::default(),
        }
    }

    pub(crate) fn bytes(&self) -> usize {
        let trail = |trail: &Trail| 5 * trail.parent.len();
        let trails: usize = self.trails.iter().map(trail).sum();
        trails + self.nodes.state.len() * (9 + self.slots)
    }

    /// Records the best paths to the ends among the states of this layer; `ends` maps each such state
    /// to its outcome.
    pub(crate) fn note_ends(&mut self, ends: &FxHashMap<usize, usize>) {
        if ends.is_empty() {
            return;
        }
        let layer = self.trails.len();
        for node in 0..self.nodes.state.len() {
            let Some(&outcome) = ends.get(&(self.nodes.state[node] as usize)) else {
                continue;
            };
            let new = Best {
                switches: self.nodes.switches[node],
                layer,
                node,
            };
            let better = match self.best.get(&outcome) {
                None => true,
                Some(old) if old.switches != new.switches => new.switches < old.switches,
                // Within a layer the first node is the first in order.
                Some(old) if old.layer == layer => false,
                Some(old) => self.path(&new) < self.path(old),
            };
            if better {
                self.best.insert(outcome, new);
            }
        }
    }

    /// Calls `each` for the moves from a node that are worth trying, in the order of the labels.
    fn candidates(&self, node: usize, moves: &Moves, mut each: impl FnMut(Candidate)) {
        let threads = &self.nodes.threads[node * self.slots..(node + 1) * self.slots];
        let last = self.nodes.last[node];
        let switches = self.nodes.switches[node];
        let row = moves.of(self.nodes.state[node] as usize);
        let mut done = 0_u128;
        for _ in 0..self.slots {
            // The next thread that can move; slots are few, so searching is cheap.
            let mut next: Option<(u8, usize, u64)> = None;
            for (slot, &thread) in threads.iter().enumerate() {
                let smaller = next.is_none_or(|(best, ..)| thread < best);
                if smaller && done >> thread & 1 == 0 {
                    let entry = row[slot].load(Relaxed);
                    if entry != NONE {
                        next = Some((thread, slot, entry));
                    }
                }
            }
            let Some((thread, slot, entry)) = next else {
                return;
            };
            done |= 1 << thread;
            if thread == last || !self.is_second_choice(threads, row, slot, last) {
                let switch = u32::from(last != NO_THREAD && last != thread);
                each(Candidate {
                    thread,
                    slot,
                    target: (entry & 0xFFFF_FFFF) as usize,
                    landing: (entry >> 32 & 0xFF) as usize,
                    switches: switches + switch,
                });
            }
        }
    }

    /// Returns whether an equal slot holds a better thread: the one that moved last, or a smaller
    /// one.
    fn is_second_choice(&self, threads: &[u8], row: &[AtomicU64], slot: usize, last: u8) -> bool {
        let like = |slot: usize| {
            let entry = row[slot].load(Relaxed);
            entry != NONE && entry & LIKE_BEFORE != 0
        };
        let mut from = slot;
        while like(from) {
            from -= 1;
        }
        let mut to = slot + 1;
        while to < self.slots && like(to) {
            to += 1;
        }
        let better = |&other: &u8| other < threads[slot] || other == last;
        threads[from..to].iter().any(better)
    }

    /// Advances to the next layer, which has `states` states.
    pub(crate) fn advance(&mut self, moves: &Moves, states: usize, gauge: &Gauge<'_>) {
        let slots = self.slots;
        if !gauge.reserve(8 * states * slots) {
            return;
        }
        let best: Vec<AtomicU64> = (0..states * slots).map(|_| AtomicU64::new(NONE)).collect();
        let order = |node: usize, candidate: &Candidate| {
            let place = node as u64 * slots as u64 + u64::from(candidate.thread);
            u64::from(candidate.switches) << ORDER_BITS | place
        };
        let cell = |candidate: &Candidate| &best[candidate.target * slots + candidate.landing];
        let ranges: Vec<usize> = (0..self.nodes.state.len()).step_by(CHUNK).collect();
        let end = |from: usize| self.nodes.state.len().min(from + CHUNK);

        let offer = |&from: &usize| {
            if gauge.check() {
                return;
            }
            for node in from..end(from) {
                self.candidates(node, moves, |candidate| {
                    let (cell, order) = (cell(&candidate), order(node, &candidate));
                    if order < cell.load(Relaxed) {
                        cell.fetch_min(order, Relaxed);
                    }
                });
            }
        };
        let select = |&from: &usize| {
            let mut nodes = Nodes::default();
            if gauge.check() {
                return nodes;
            }
            for node in from..end(from) {
                let before = &self.nodes.threads[node * slots..(node + 1) * slots];
                self.candidates(node, moves, |candidate| {
                    if cell(&candidate).load(Relaxed) != order(node, &candidate) {
                        return;
                    }
                    #[expect(
                        clippy::cast_possible_truncation,
                        reason = "nodes and states of \
                        a layer are far below 2^32 for any limit of memory"
                    )]
                    {
                        nodes.parent.push(node as u32);
                        nodes.state.push(candidate.target as u32);
                    }
                    nodes.switches.push(candidate.switches);
                    nodes.last.push(candidate.thread);
                    let start = nodes.threads.len();
                    nodes.threads.extend_from_slice(before);
                    let threads = &mut nodes.threads[start..];
                    let (slot, landing) = (candidate.slot, candidate.landing);
                    if slot < landing {
                        threads[slot..=landing].rotate_left(1);
                    } else {
                        threads[landing..=slot].rotate_right(1);
                    }
                });
            }
            // Once here, and once joined with the others and in the trail.
            gauge.add_bytes(nodes.parent.len() * 2 * (14 + slots));
            nodes
        };
        map_states(self.nodes.state.len(), &ranges, offer);
        let selected = map_states(self.nodes.state.len(), &ranges, select);
        // The trail is kept: no spare capacity in it.
        let len = selected.iter().map(|nodes| nodes.parent.len()).sum();
        self.nodes = Nodes::with_capacity(len, slots);
        for nodes in selected {
            self.nodes.append(nodes);
        }
        self.trails.push(Trail {
            parent: std::mem::take(&mut self.nodes.parent),
            last: self.nodes.last.clone(),
        });
    }

    /// Returns the threads that move, step by step, on the path to a node.
    fn path(&self, best: &Best) -> Vec<u8> {
        let mut node = best.node;
        let mut path = Vec::with_capacity(best.layer);
        for trail in self.trails[..best.layer].iter().rev() {
            path.push(trail.last[node]);
            node = trail.parent[node] as usize;
        }
        path.reverse();
        path
    }

    /// Returns the best schedule of an outcome and its switches.
    pub(crate) fn schedule(&self, outcome: usize) -> Option<(Schedule, u64)> {
        let best = self.best.get(&outcome)?;
        let mut schedule = Schedule::new();
        for thread in self.path(best) {
            schedule.push(usize::from(thread), Steps::Count(1));
        }
        Some((schedule, u64::from(best.switches)))
    }
}
