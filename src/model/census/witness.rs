//! For each outcome, the schedule with the fewest switches between threads; of several, the first
//! in order of the labels.
//!
//! Its nodes are pairs of a state and the action of the actor that moved last: everything after a
//! node costs the same however the node was reached (Bellman's principle of optimality). The census
//! finds the fewest switches to each node on its way from layer to layer, and keeps the moves that get
//! by with them. The schedules with the fewest switches are then the paths along these moves: they are
//! marked from the ends of each outcome backwards, and the first of them is followed.
//!
//! States are folded: their slots are sorted. Of several threads in equal slots only one need be
//! tried, since everything after is the same for all of them: the one that moved last, which costs
//! no switch, or else the first.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::collapse::{Collapse, State, slot_of, split};
use super::trail::Trail;
use crate::model::actor::Actor;
use crate::model::limits::Gauge;
use crate::model::schedule::token::{Schedule, Steps};

/// A set of outcomes, as bits.
type Outcomes = u64;
const MOST_OUTCOMES: usize = Outcomes::BITS as usize;

/// The bytes of trails from which on several cores follow them.
const LARGE: usize = 1 << 20;

/// Marked nodes of a layer, in rising order, each with outcomes that are reached from it with the fewest
/// switches.
struct Marked {
    nodes: Vec<u32>,
    outcomes: Vec<Outcomes>,
    /// The moves to these nodes: the number of each, and the place of the node in the list.
    moves: Vec<(u32, u32)>,
}

impl Marked {
    fn bytes(&self) -> usize {
        self.nodes.len() * (size_of::<u32>() + size_of::<Outcomes>())
            + self.moves.len() * size_of::<(u32, u32)>()
    }
}

/// The nodes of a layer while they are marked.
struct Marking {
    /// A bit for each node.
    bits: Vec<u64>,
    /// Where the outcomes of each marked node are.
    places: Vec<u32>,
    outcomes: Vec<Outcomes>,
}

impl Marking {
    /// Creates the marking of a layer with this number of nodes, none of them marked.
    fn new(nodes: usize) -> Self {
        Self {
            bits: vec![0; nodes.div_ceil(64)],
            places: vec![0; nodes],
            outcomes: Vec::new(),
        }
    }

    fn mark(&mut self, node: usize, outcomes: Outcomes) {
        let word = &mut self.bits[node / 64];
        if *word >> (node % 64) & 1 == 1 {
            self.outcomes[self.places[node] as usize] |= outcomes;
        } else {
            *word |= 1 << (node % 64);
            self.places[node] = number(self.outcomes.len());
            self.outcomes.push(outcomes);
        }
    }

    /// Returns the marked nodes, and unmarks them.
    fn take(&mut self) -> Marked {
        let nodes = self.outcomes.len();
        let mut marked = Marked {
            nodes: Vec::with_capacity(nodes),
            outcomes: Vec::with_capacity(nodes),
            moves: Vec::with_capacity(nodes),
        };
        for (index, word) in self.bits.iter_mut().enumerate() {
            let mut rest = std::mem::take(word);
            while rest != 0 {
                let node = 64 * index + rest.trailing_zeros() as usize;
                rest &= rest - 1;
                marked.nodes.push(number(node));
                let place = self.places[node] as usize;
                marked.outcomes.push(self.outcomes[place]);
            }
        }
        self.outcomes.clear();
        marked
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "nodes have numbers of 32 bits"
)]
fn number(node: usize) -> u32 {
    node as u32
}

/// The state of a walk that is over.
const NOWHERE: usize = usize::MAX;

/// How the nodes of a layer are reached, bucket by bucket.
struct Trails {
    /// The first state of each bucket.
    bases: Vec<usize>,
    buckets: Vec<Trail>,
}

impl Trails {
    /// Returns the trail of a state, and the first state of its bucket.
    fn of(&self, state: usize) -> (&Trail, usize) {
        let bucket = self.bases.partition_point(|&base| base <= state) - 1;
        (&self.buckets[bucket], self.bases[bucket])
    }

    /// Returns the numbers of the moves, out of the layer before, by which a node is reached with the
    /// fewest switches.
    fn moves(&self, node: usize, actions: usize) -> impl Iterator<Item = usize> {
        let (trail, base) = self.of(node / actions);
        trail.moves(node - base * actions)
    }

    /// Returns the rank of each action of a state.
    fn ranks(&self, state: usize, actions: usize) -> impl Fn(usize) -> u32 {
        let (trail, base) = self.of(state);
        move |action| trail.rank((state - base) * actions + action)
    }

    fn nodes(&self) -> usize {
        self.buckets.iter().map(Trail::nodes).sum()
    }
}

/// Returns whether an action is the best one after `last` moved last, given the ranks in its state.
fn follows(rank: impl Fn(usize) -> u32, last: usize, action: usize) -> bool {
    if last == action {
        rank(last) < 2
    } else {
        rank(action) > 0 && rank(last) == 0
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
    actions: usize,
    layers: Vec<Trails>,
    /// What the layers take.
    bytes: usize,
    /// For each outcome.
    goals: Vec<Goal>,
}

impl Witnesses {
    /// Creates a search at its start.
    pub(crate) fn new(actions: usize) -> Self {
        let first = Trails {
            bases: vec![0],
            buckets: vec![Trail::first(actions)],
        };
        Self {
            actions,
            layers: vec![first],
            bytes: 0,
            goals: Vec::new(),
        }
    }

    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Returns how the nodes of the last layer are reached, bucket by bucket.
    pub(crate) fn trails(&self) -> &[Trail] {
        self.layers.last().map_or(&[], |layer| &layer.buckets)
    }

    /// Notes a state of the last layer, given by its bucket and its index there, in which an outcome is
    /// reached, and the fewest switches to it.
    pub(crate) fn note_end(
        &mut self,
        outcome: usize,
        (bucket, state): (usize, usize),
        switches: u32,
    ) {
        let depth = self.layers.len() - 1;
        let last = &self.layers[depth];
        if self.goals.len() <= outcome {
            self.goals.resize_with(outcome + 1, Goal::default);
        }
        let goal = &mut self.goals[outcome];
        if switches < goal.switches {
            goal.nodes.clear();
        }
        if goal.nodes.is_empty() || switches == goal.switches {
            goal.switches = switches;
            let state = last.bases[bucket] + state;
            let rank = last.ranks(state, self.actions);
            let best = (0..self.actions).filter(|&action| rank(action) == 0);
            let nodes = best.map(|action| (depth, state * self.actions + action));
            goal.nodes.extend(nodes);
        }
    }

    /// Goes on to the next layer, given how its nodes are reached, and the first state of each bucket.
    pub(crate) fn advance(&mut self, bases: Vec<usize>, buckets: Vec<Trail>) {
        self.bytes += buckets.iter().map(Trail::bytes).sum::<usize>();
        self.layers.push(Trails { bases, buckets });
    }

    /// Returns for each outcome its best schedule and the switches in it, looking at no more than about
    /// `most` moves; `None` for those whose moves are more, or for which there is no memory.
    pub(crate) fn schedules(
        &self,
        start: &State,
        collapse: &mut Collapse<'_>,
        gauge: &Gauge<'_>,
        most: usize,
    ) -> Vec<Option<(Schedule, u64)>> {
        // In halves if there is enough for two cores; a small search starts no thread of the pool.
        let is_large = self.bytes > LARGE;
        let parts = if is_large { 2 } else { 1 };
        let some = self.goals.len().div_ceil(parts).clamp(1, MOST_OUTCOMES);
        let mark = |goals: &[Goal]| self.mark(goals, gauge, most);
        let marked: Vec<_> = if is_large {
            self.goals.par_chunks(some).map(mark).collect()
        } else {
            self.goals.chunks(some).map(mark).collect()
        };
        let mut schedules = Vec::with_capacity(self.goals.len());
        for (goals, marked) in self.goals.chunks(some).zip(marked) {
            match marked {
                Some(marked) => {
                    let found = self.follow(goals, &marked, start, collapse).into_iter();
                    let switches = goals.iter().map(|goal| u64::from(goal.switches));
                    schedules.extend(found.zip(switches).map(Some));
                }
                None => schedules.extend(goals.iter().map(|_| None)),
            }
        }
        schedules
    }

    /// Marks, in each layer, the nodes from which these outcomes are reached with the fewest switches;
    /// `None` if there are too many of them.
    fn mark(&self, goals: &[Goal], gauge: &Gauge<'_>, most: usize) -> Option<Vec<Marked>> {
        let past = goals.iter().flat_map(|goal| &goal.nodes);
        let past = past.map(|&(layer, _)| layer + 1).max().unwrap_or(0);
        let nodes = self.layers.iter().map(Trails::nodes).max();
        let mut marking = Marking::new(nodes.unwrap_or(0));
        let mut layers: Vec<Marked> = Vec::with_capacity(past);
        let mut looked = 0;
        for layer in (0..past).rev() {
            for (bit, goal) in goals.iter().enumerate() {
                for &(_, node) in goal.nodes.iter().filter(|&&(at, _)| at == layer) {
                    marking.mark(node, 1 << bit);
                }
            }
            let mut marked = marking.take();
            if layer > 0 {
                let (trails, before) = (&self.layers[layer], &self.layers[layer - 1]);
                for (place, &node) in marked.nodes.iter().enumerate() {
                    for reached in trails.moves(node as usize, self.actions) {
                        marked.moves.push((number(reached), number(place)));
                        let (state, action) = (reached / self.actions, reached % self.actions);
                        let rank = before.ranks(state, self.actions);
                        for last in (0..self.actions).filter(|&last| follows(&rank, last, action)) {
                            marking.mark(state * self.actions + last, marked.outcomes[place]);
                        }
                    }
                }
            }
            looked += marked.moves.len();
            if looked > most || !gauge.reserve(marked.bytes()) {
                return None;
            }
            layers.push(marked);
        }
        layers.reverse();
        Some(layers)
    }

    /// Returns the first schedule to each of these outcomes along marked nodes.
    fn follow(
        &self,
        goals: &[Goal],
        marked: &[Marked],
        start: &State,
        collapse: &mut Collapse<'_>,
    ) -> Vec<Schedule> {
        let walk = |_| Walk {
            threads: collapse.threads().to_vec(),
            schedule: Schedule::new(),
            parts: start.clone(),
            state: 0,
            last: None,
            best: None,
        };
        let mut walks: Vec<Walk> = goals.iter().map(walk).collect();
        for (layer, marked) in marked.iter().enumerate().skip(1) {
            let before = &self.layers[layer - 1];
            // The walks that are at each state.
            let mut at: FxHashMap<usize, Outcomes> = FxHashMap::default();
            for (bit, walk) in walks.iter().enumerate() {
                *at.entry(walk.state).or_default() |= 1 << bit;
            }
            for &(number, place) in &marked.moves {
                let (state, place) = (number as usize / self.actions, place as usize);
                let here = at.get(&state);
                let mut here = here.map_or(0, |here| here & marked.outcomes[place]);
                while here != 0 {
                    let walk = &mut walks[here.trailing_zeros() as usize];
                    here &= here - 1;
                    let action = number as usize % self.actions;
                    let rank = before.ranks(state, self.actions);
                    if walk.last.is_none_or(|last| follows(rank, last, action)) {
                        walk.consider(collapse, action, marked.nodes[place] as usize);
                    }
                }
            }
            for walk in &mut walks {
                walk.step(collapse, self.actions);
            }
        }
        walks.into_iter().map(|walk| walk.schedule).collect()
    }
}

/// The way to an outcome.
struct Walk {
    /// The thread in each slot.
    threads: Vec<usize>,
    schedule: Schedule,
    parts: State,
    /// The number of the state in its layer.
    state: usize,
    last: Option<usize>,
    /// The first actor of those that can move next, its action, and the node that it leads to.
    best: Option<(Actor, usize, usize)>,
}

impl Walk {
    /// Notes an action that leads to a marked node.
    fn consider(&mut self, collapse: &Collapse<'_>, action: usize, node: usize) {
        let actor = |action| Collapse::actor(&self.threads, action);
        let (locals, _) = split(&self.parts);
        let (slot, _) = slot_of(action, locals.len());
        let (_, past) = collapse.class(slot);
        let alike = locals[slot..past]
            .iter()
            .take_while(|&&l| l == locals[slot]);
        let alike = action..action + alike.count();
        let first = || alike.min_by_key(|&action| actor(action)).unwrap_or(action);
        let action = self
            .last
            .filter(|&last| last == action)
            .unwrap_or_else(first);
        if self.best.is_none_or(|(best, ..)| actor(action) < best) {
            self.best = Some((actor(action), action, node));
        }
    }

    /// Takes the step that was found best. If there is none, the outcome is reached.
    fn step(&mut self, collapse: &mut Collapse<'_>, actions: usize) {
        let Some((actor, action, node)) = self.best.take() else {
            self.state = NOWHERE;
            return;
        };
        self.schedule.push(actor, Steps::Count(1));
        let landing = node % actions;
        let slot = |action| slot_of(action, self.threads.len()).0;
        let (before, after) = (slot(action), slot(landing));
        if before < after {
            self.threads[before..=after].rotate_left(1);
        } else {
            self.threads[after..=before].rotate_right(1);
        }
        (self.state, self.last) = (node / actions, Some(landing));
        if let Some((next, _)) = collapse.step(&self.parts, action) {
            self.parts = next;
        }
    }
}
