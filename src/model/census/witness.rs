//! For each outcome, the schedule with the fewest switches between threads; of several, the first
//! in order of the labels.
//!
//! Its nodes are pairs of a state and the slot of the thread that moved last: everything after a
//! node costs the same however the node was reached (Bellman's principle of optimality). The census
//! finds the fewest switches to each node on its way from layer to layer; of every move that gets by
//! with them, a row of its state keeps where it leads. The schedules with the fewest switches are
//! then the paths along these moves, and those to an outcome are found from its ends backwards.
//!
//! States are folded: their slots are sorted. Of several threads in equal slots only one need be
//! tried, since everything after is the same for all of them: the one that moved last, which costs
//! no switch, or else the first.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use super::expand::Link;
use super::layer::map_states;
use crate::model::limits::Gauge;
use crate::model::schedule::token::{Schedule, Steps};

/// The switches to a node that has not been reached.
pub(crate) const UNREACHED: u32 = u32::MAX;

/// The bits of an entry of a row below the rank.
const MOVE_BITS: u32 = 30;
const MOVE: u32 = (1 << MOVE_BITS) - 1;
/// No move with the fewest switches.
const NONE: u32 = MOVE;
/// A slot that equals the one before it.
const LIKE_BEFORE: u32 = MOVE - 1;

/// The number of states looked at at a time.
const CHUNK: usize = 4096;

/// A set of outcomes, as bits.
type Outcomes = u128;

/// The fewest switches to one state, by the slot that moved last.
#[derive(Clone, Copy)]
pub(crate) struct Ranks<'a> {
    switches: &'a [u32],
    fewest: u32,
}

impl<'a> Ranks<'a> {
    #[inline]
    pub(crate) fn of(switches: &'a [u32]) -> Self {
        let fewest = switches.iter().copied().min();
        Self {
            switches,
            fewest: fewest.unwrap_or(UNREACHED),
        }
    }

    pub(crate) fn fewest(self) -> u32 {
        self.fewest
    }

    /// Returns how many switches beyond the fewest it takes to move this slot: none if it has moved
    /// last, one if another has.
    #[inline]
    pub(crate) fn switch(self, slot: usize) -> u8 {
        u8::from(self.switches[slot] != self.fewest)
    }

    /// Returns how many switches beyond the fewest a node takes; two stands for more, too.
    fn rank(self, slot: usize) -> u32 {
        (self.switches[slot] - self.fewest).min(2)
    }
}

/// For each state of a layer and each slot, the rank of the node, and the move of the slot if it
/// takes no more switches than necessary: its target in the next layer and its landing there.
pub(crate) struct Rows {
    slots: usize,
    target_bits: u32,
    entries: Vec<AtomicU32>,
}

impl Rows {
    pub(crate) fn new(states: usize, slots: usize) -> Self {
        let entries = (0..states * slots).map(|_| AtomicU32::new(NONE)).collect();
        Self {
            slots,
            target_bits: MOVE_BITS - slots.next_power_of_two().ilog2(),
            entries,
        }
    }

    /// Returns the bytes it takes for `states` states.
    pub(crate) fn bytes(states: usize, slots: usize) -> usize {
        4 * states * slots
    }

    /// Returns whether the next layer can have so many states.
    pub(crate) fn fits(&self, states: usize) -> bool {
        // Two numbers are special.
        states < (1 << self.target_bits) - 2
    }

    /// Begins the row of a state; `is_like` tells which slots equal the one before them.
    #[inline]
    pub(crate) fn begin(&self, state: usize, ranks: Ranks<'_>, is_like: impl Fn(usize) -> bool) {
        let slots = ranks.switches.len();
        let row = &self.entries[state * slots..(state + 1) * slots];
        for (slot, entry) in row.iter().enumerate() {
            let none = if is_like(slot) { LIKE_BEFORE } else { NONE };
            entry.store(ranks.rank(slot) << MOVE_BITS | none, Relaxed);
        }
    }

    /// Notes a move to this target.
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "checked by `fits`")]
    pub(crate) fn set<const W: usize>(
        &self,
        slots: usize,
        state: usize,
        link: &Link<W>,
        target: usize,
    ) {
        let entry = &self.entries[state * slots + link.slot()];
        let leads = (link.landing() as u32) << self.target_bits | target as u32;
        // Each entry is written by one thread only.
        entry.store(entry.load(Relaxed) & !MOVE | leads, Relaxed);
    }

    fn states(&self) -> usize {
        self.entries.len() / self.slots
    }

    fn move_of(&self, state: usize, slot: usize) -> u32 {
        self.entries[state * self.slots + slot].load(Relaxed) & MOVE
    }

    fn rank(&self, state: usize, slot: usize) -> u32 {
        self.entries[state * self.slots + slot].load(Relaxed) >> MOVE_BITS
    }

    /// Returns the node that the move of an entry leads to, if it has one: a state of the next layer
    /// and the slot that has moved.
    #[inline]
    fn leads(&self, entry: u32) -> Option<(usize, usize)> {
        let leads = entry & MOVE;
        let target = leads & ((1 << self.target_bits) - 1);
        (leads < LIKE_BEFORE).then_some((target as usize, (leads >> self.target_bits) as usize))
    }

    /// Returns the node that a move leads to; `None` if there is no such move.
    fn target(&self, state: usize, slot: usize) -> Option<(usize, usize)> {
        self.leads(self.entries[state * self.slots + slot].load(Relaxed))
    }

    /// Returns whether a move is the best one after `last` moved last.
    fn follows(&self, state: usize, last: usize, slot: usize) -> bool {
        if last == slot {
            self.rank(state, slot) < 2
        } else {
            self.rank(state, slot) > 0 && self.rank(state, last) == 0
        }
    }

    /// Returns the marked nodes of some states, given the outcomes of all nodes of the next layer;
    /// for `S` slots, or for any number if `S` is 0.
    fn trace_back<const S: usize>(&self, from: usize, to: usize, next: &[Outcomes]) -> Marked {
        let slots = if S == 0 { self.slots } else { S };
        let mut marked = Marked::default();
        let mut nodes: Vec<Outcomes> = vec![0; slots];
        let rows = self.entries[from * slots..to * slots].chunks_exact(slots);
        for (state, row) in (from..to).zip(rows) {
            let mut any = 0;
            for (slot, entry) in row.iter().enumerate() {
                let Some((target, landing)) = self.leads(entry.load(Relaxed)) else {
                    continue;
                };
                let those = next.get(target * slots + landing).copied().unwrap_or(0);
                if those != 0 {
                    any |= those;
                    for last in (0..slots).filter(|&last| self.follows(state, last, slot)) {
                        nodes[last] |= those;
                    }
                }
            }
            if any != 0 {
                for (slot, outcomes) in nodes.iter_mut().enumerate() {
                    marked.push(state * slots + slot, std::mem::take(outcomes));
                }
            }
        }
        marked
    }
}

/// The nodes from which some outcomes of interest are reached with the fewest switches, and which.
#[derive(Default)]
struct Marked {
    nodes: Vec<usize>,
    outcomes: Vec<Outcomes>,
}

impl Marked {
    fn bytes(&self) -> usize {
        self.nodes.len() * (size_of::<usize>() + size_of::<Outcomes>())
    }

    fn push(&mut self, node: usize, outcomes: Outcomes) {
        if outcomes != 0 {
            self.nodes.push(node);
            self.outcomes.push(outcomes);
        }
    }

    fn append(mut self, mut other: Self) -> Self {
        self.nodes.append(&mut other.nodes);
        self.outcomes.append(&mut other.outcomes);
        self
    }

    /// Writes the outcomes to the nodes of the whole layer; those of others stay.
    fn spread(&self, layer: &mut Vec<Outcomes>) {
        let past = self.nodes.last().map_or(0, |&node| node + 1);
        if layer.len() < past {
            layer.resize(past, 0);
        }
        for (&node, &outcomes) in self.nodes.iter().zip(&self.outcomes) {
            layer[node] = outcomes;
        }
    }

    fn clear(&self, layer: &mut [Outcomes]) {
        for &node in &self.nodes {
            layer[node] = 0;
        }
    }

    fn outcomes(&self, node: usize) -> Outcomes {
        let found = self.nodes.binary_search(&node);
        found.map_or(0, |index| self.outcomes[index])
    }
}

/// The nodes at which an outcome is reached with the fewest switches so far.
#[derive(Default)]
struct Goal {
    switches: u32,
    /// Each with its layer.
    nodes: Vec<(usize, usize)>,
}

/// The schedules with the fewest switches to all nodes, layer by layer.
pub(crate) struct Witnesses {
    /// The threads in the slots at the start.
    threads: Vec<usize>,
    layers: Vec<Rows>,
    /// What the layers take.
    bytes: usize,
    /// For each outcome.
    goals: Vec<Goal>,
}

impl Witnesses {
    /// Creates a search at its start, with these threads in the slots.
    pub(crate) fn new(threads: &[usize]) -> Self {
        Self {
            threads: threads.to_vec(),
            layers: Vec::new(),
            bytes: 0,
            goals: Vec::new(),
        }
    }

    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Notes a state of the current layer in which an outcome is reached, with the fewest switches
    /// to it for each slot that may have moved last.
    pub(crate) fn note_end(&mut self, outcome: usize, state: usize, switches: &[u32]) {
        if self.goals.len() <= outcome {
            self.goals.resize_with(outcome + 1, Goal::default);
        }
        let goal = &mut self.goals[outcome];
        for (slot, &switches) in switches.iter().enumerate() {
            if switches == UNREACHED {
                continue;
            }
            if switches < goal.switches {
                goal.nodes.clear();
            }
            if goal.nodes.is_empty() || switches == goal.switches {
                goal.switches = switches;
                let node = state * self.threads.len() + slot;
                goal.nodes.push((self.layers.len(), node));
            }
        }
    }

    /// Keeps the rows of the current layer and goes on to the next.
    pub(crate) fn advance(&mut self, rows: Rows) {
        self.bytes += 4 * rows.entries.len();
        self.layers.push(rows);
    }

    /// Returns the number of nodes to look at for the schedules.
    pub(crate) fn nodes(&self) -> usize {
        let rows = self.layers.iter().take(self.past());
        rows.map(|rows| rows.entries.len()).sum()
    }

    /// Returns the first layer after all ends.
    fn past(&self) -> usize {
        let ends = self.goals.iter().flat_map(|goal| &goal.nodes);
        ends.map(|&(layer, _)| layer + 1).max().unwrap_or(0)
    }

    /// Returns for each outcome its best schedule and the switches in it.
    pub(crate) fn schedules(&self, gauge: &Gauge<'_>) -> Vec<(Schedule, u64)> {
        let mut schedules = Vec::with_capacity(self.goals.len());
        for goals in self.goals.chunks(Outcomes::BITS as usize) {
            let marked = self.mark(goals, gauge);
            for (bit, goal) in goals.iter().enumerate() {
                let schedule = self.schedule(1 << bit, &marked);
                schedules.push((schedule, u64::from(goal.switches)));
            }
        }
        schedules
    }

    /// Marks, in each layer, the nodes from which these outcomes are reached with the fewest
    /// switches.
    fn mark(&self, goals: &[Goal], gauge: &Gauge<'_>) -> Vec<Marked> {
        let ends = |(bit, goal): (usize, &'_ Goal)| {
            let nodes = goal.nodes.clone().into_iter();
            nodes.map(move |(layer, node)| (layer, node, 1 << bit))
        };
        let mut ends: Vec<(usize, usize, Outcomes)> =
            goals.iter().enumerate().flat_map(ends).collect();
        ends.sort_unstable();
        let mut layers: Vec<Marked> = Vec::new();
        // The outcomes of all nodes of the next layer.
        let mut next: Vec<Outcomes> = Vec::new();
        for layer in (0..self.past()).rev() {
            let mut marked = Marked::default();
            if let (Some(rows), Some(after)) = (self.layers.get(layer), layers.last()) {
                let froms: Vec<usize> = (0..rows.states()).step_by(CHUNK).collect();
                let traced = map_states(rows.states(), &froms, |&from| {
                    let to = rows.states().min(from + CHUNK);
                    match rows.slots {
                        2 => rows.trace_back::<2>(from, to, &next),
                        3 => rows.trace_back::<3>(from, to, &next),
                        4 => rows.trace_back::<4>(from, to, &next),
                        _ => rows.trace_back::<0>(from, to, &next),
                    }
                });
                marked = traced.into_iter().fold(marked, Marked::append);
                after.clear(&mut next);
            }
            // No thread moves on from an end.
            let ends = ends.split_off(ends.partition_point(|&(at, ..)| at < layer));
            if !ends.is_empty() {
                let traced = marked.nodes.into_iter().zip(marked.outcomes);
                let mut both: Vec<_> = ends.into_iter().map(|(_, n, o)| (n, o)).collect();
                both.extend(traced);
                both.sort_unstable();
                marked = Marked::default();
                for (node, outcomes) in both {
                    marked.push(node, outcomes);
                }
            }
            gauge.add_bytes(marked.bytes());
            marked.spread(&mut next);
            layers.push(marked);
        }
        layers.reverse();
        layers
    }

    /// Returns the first schedule to an outcome along marked nodes.
    fn schedule(&self, outcome: Outcomes, marked: &[Marked]) -> Schedule {
        let mut threads = self.threads.clone();
        let mut schedule = Schedule::new();
        let mut state = 0;
        let mut last = None;
        for (layer, rows) in self.layers.iter().enumerate() {
            let Some(marked) = marked.get(layer + 1) else {
                break;
            };
            // The thread that moves, its slot, the node it leads to.
            let mut best: Option<(usize, usize, (usize, usize))> = None;
            for slot in 0..rows.slots {
                let Some((target, landing)) = rows.target(state, slot) else {
                    continue;
                };
                let is_marked = || marked.outcomes(target * rows.slots + landing) & outcome != 0;
                if !last.is_none_or(|last| rows.follows(state, last, slot)) || !is_marked() {
                    continue;
                }
                let alike = (slot + 1..rows.slots)
                    .take_while(|&slot| rows.move_of(state, slot) == LIKE_BEFORE)
                    .count();
                let equal = slot..=slot + alike;
                let from = if last == Some(slot) {
                    Some(slot)
                } else {
                    equal.min_by_key(|&slot| threads[slot])
                };
                let Some(from) = from else {
                    continue;
                };
                if best.is_none_or(|(thread, ..)| threads[from] < thread) {
                    best = Some((threads[from], from, (target, landing)));
                }
            }
            // No thread can move: the outcome is reached.
            let Some((thread, slot, (target, landing))) = best else {
                break;
            };
            schedule.push(thread, Steps::Count(1));
            if slot < landing {
                threads[slot..=landing].rotate_left(1);
            } else {
                threads[landing..=slot].rotate_right(1);
            }
            (state, last) = (target, Some(landing));
        }
        schedule
    }
}
