//! For each outcome, the schedule with the fewest switches between threads; of several, the first
//! in order of the labels.
//!
//! Its nodes are pairs of a state and the action of the actor that moved last: everything after a
//! node costs the same however the node was reached (Bellman's principle of optimality). The census
//! finds the fewest switches to each node on its way from layer to layer; of every move that gets by
//! with them, a row of its state keeps where it leads. The schedules with the fewest switches are
//! then the paths along these moves, and those to an outcome are found from its ends backwards.
//!
//! States are folded: their slots are sorted. Of several threads in equal slots only one need be
//! tried, since everything after is the same for all of them: the one that moved last, which costs
//! no switch, or else the first.

use std::sync::atomic::Ordering::Relaxed;

use super::collapse::{Collapse, slot_of};
use super::layer::map_states;
use super::rows::{Rows, UNREACHED};
use crate::model::actor::Actor;
use crate::model::limits::Gauge;
use crate::model::schedule::token::{Schedule, Steps};

/// The number of states looked at at a time.
const CHUNK: usize = 4096;

/// A set of outcomes, as bits.
type Outcomes = u128;

impl Rows {
    /// Returns the marked nodes of some states, given the outcomes of all nodes of the next layer;
    /// for `S` actions, or for any number if `S` is 0.
    fn trace_back<const S: usize>(&self, from: usize, to: usize, next: &[Outcomes]) -> Marked {
        let actions = if S == 0 { self.actions } else { S };
        let mut marked = Marked::default();
        let mut nodes: Vec<Outcomes> = vec![0; actions];
        let rows = self.entries[from * actions..to * actions].chunks_exact(actions);
        for (state, row) in (from..to).zip(rows) {
            let mut any = 0;
            for (action, entry) in row.iter().enumerate() {
                let Some((target, landing)) = self.leads(entry.load(Relaxed)) else {
                    continue;
                };
                let those = next.get(target * actions + landing).copied().unwrap_or(0);
                if those != 0 {
                    any |= those;
                    for last in (0..actions).filter(|&last| self.follows(state, last, action)) {
                        nodes[last] |= those;
                    }
                }
            }
            if any != 0 {
                for (action, outcomes) in nodes.iter_mut().enumerate() {
                    marked.push(state * actions + action, std::mem::take(outcomes));
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
    actions: usize,
    layers: Vec<Rows>,
    /// What the layers take.
    bytes: usize,
    /// For each outcome.
    goals: Vec<Goal>,
}

impl Witnesses {
    /// Creates a search at its start.
    pub(crate) fn new(collapse: &Collapse<'_>) -> Self {
        Self {
            threads: collapse.threads().to_vec(),
            actions: collapse.actions(),
            layers: Vec::new(),
            bytes: 0,
            goals: Vec::new(),
        }
    }

    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Notes a state of the current layer in which an outcome is reached, with the fewest switches
    /// to it for each action that may have been the last.
    pub(crate) fn note_end(&mut self, outcome: usize, state: usize, switches: &[u32]) {
        if self.goals.len() <= outcome {
            self.goals.resize_with(outcome + 1, Goal::default);
        }
        let goal = &mut self.goals[outcome];
        for (action, &switches) in switches.iter().enumerate() {
            if switches == UNREACHED {
                continue;
            }
            if switches < goal.switches {
                goal.nodes.clear();
            }
            if goal.nodes.is_empty() || switches == goal.switches {
                goal.switches = switches;
                let node = state * self.actions + action;
                goal.nodes.push((self.layers.len(), node));
            }
        }
    }

    /// Keeps the rows of the current layer and goes on to the next.
    pub(crate) fn advance(&mut self, rows: Rows) {
        self.bytes += 4 * rows.nodes();
        self.layers.push(rows);
    }

    /// Returns the number of nodes to look at for the schedules.
    pub(crate) fn nodes(&self) -> usize {
        let rows = self.layers.iter().take(self.past());
        rows.map(Rows::nodes).sum()
    }

    /// Returns the first layer after all ends.
    fn past(&self) -> usize {
        let ends = self.goals.iter().flat_map(|goal| &goal.nodes);
        ends.map(|&(layer, _)| layer + 1).max().unwrap_or(0)
    }

    /// Returns for each outcome its best schedule and the switches in it; `None` for those whose
    /// nodes there is no memory to mark.
    pub(crate) fn schedules(&self, gauge: &Gauge<'_>) -> Vec<Option<(Schedule, u64)>> {
        let mut schedules = Vec::with_capacity(self.goals.len());
        for goals in self.goals.chunks(Outcomes::BITS as usize) {
            let marked = self.mark(goals, gauge);
            schedules.extend(goals.iter().enumerate().map(|(bit, goal)| {
                let schedule = self.schedule(1 << bit, marked.as_ref()?);
                Some((schedule, u64::from(goal.switches)))
            }));
        }
        schedules
    }

    /// Marks, in each layer, the nodes from which these outcomes are reached with the fewest
    /// switches; `None` if there is no memory for it.
    fn mark(&self, goals: &[Goal], gauge: &Gauge<'_>) -> Option<Vec<Marked>> {
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
                    match rows.actions {
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
            if !gauge.reserve(marked.bytes()) {
                return None;
            }
            marked.spread(&mut next);
            layers.push(marked);
        }
        layers.reverse();
        Some(layers)
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
            // The actor that moves, its action, the node it leads to.
            let mut best: Option<(Actor, usize, (usize, usize))> = None;
            for action in 0..rows.actions {
                let Some((target, landing)) = rows.target(state, action) else {
                    continue;
                };
                let is_marked = || marked.outcomes(target * rows.actions + landing) & outcome != 0;
                if !last.is_none_or(|last| rows.follows(state, last, action)) || !is_marked() {
                    continue;
                }
                let equal = rows.alike(state, action);
                let actor = |action| Collapse::actor(&threads, action);
                let from = if last == Some(action) {
                    Some(action)
                } else {
                    equal.min_by_key(|&action| actor(action))
                };
                let Some(from) = from else {
                    continue;
                };
                if best.is_none_or(|(best, ..)| actor(from) < best) {
                    best = Some((actor(from), from, (target, landing)));
                }
            }
            // No thread can move: the outcome is reached.
            let Some((actor, action, (target, landing))) = best else {
                break;
            };
            schedule.push(actor, Steps::Count(1));
            let slot = |action| slot_of(action, threads.len()).0;
            let (before, after) = (slot(action), slot(landing));
            if before < after {
                threads[before..=after].rotate_left(1);
            } else {
                threads[after..=before].rotate_right(1);
            }
            (state, last) = (target, Some(landing));
        }
        schedule
    }
}
