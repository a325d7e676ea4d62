//! The census of a system some of whose schedules never end, because threads can spin.
//!
//! Such schedules can't be counted, so this census tells for each outcome the chance that a fair
//! scheduler gets there: one that draws each step evenly among the threads that can move. The states
//! and moves are an absorbing Markov chain (Kemeny, Snell: *Finite Markov Chains*, 1960, chapter 3):
//! the chance flows from the start through the strongly connected components (Tarjan, 1972) in
//! their order. Within a component it goes round until less than [`PRECISION`] of it is left there.
//!
//! A component without any way out is a livelock. One with a way out is one for an unlucky scheduler
//! if every thread that could always move does move in it: such a schedule treats all threads fairly
//! and still never ends (weak fairness: Lamport, *What good is temporal logic?*, 1983).
//!
//! Threads are told apart here, even those that run the same program: the question whether each
//! gets its turn would otherwise have no answer.

use std::collections::{BTreeMap, VecDeque};

use num_bigint::BigUint;
use rustc_hash::FxHashMap;

use super::collapse::{Collapse, Interned, State, bytes, split};
use super::components::{Component, components};
use super::found::{EndKey, finished};
use super::outcome::{Census, Circle, Outcome, Verdict};
use super::sweep::Options;
use super::ways::Ways;
use crate::model::actor::Actor;
use crate::model::limits::{Gauge, INTERVAL, Limit, Progress};
use crate::model::machine::Status;
use crate::model::schedule::token::{Schedule, Segment, Steps};
use crate::model::system::System;

/// The chance, of all that enters a component, that may be left in it: what each chance is
/// uncertain by.
pub const PRECISION: f64 = 1e-12;

/// The most rounds through a component. With an even chance to leave, some fifty are enough.
const MOST_ROUNDS: usize = 1_000_000;

/// The most states of a search that was told to end in which the best ways are still looked for: in
/// more, that takes too long.
const MOST_STOPPED: usize = 1 << 18;

/// Takes the census of a system whose states go round.
pub(crate) fn census(system: &System, options: &Options<'_>) -> Census {
    let gauge = Gauge::new(options.limits);
    let graph = Graph::explore(system, &gauge, options);
    let tripped = gauge.tripped();
    let verdict = tripped.map_or(Verdict::Exhausted, Verdict::Truncated);
    graph.report(system, options.witnesses, verdict, &gauge)
}

/// The reachable states and the moves between them.
struct Graph<'s> {
    collapse: Collapse<'s>,
    states: Interned<State>,
    /// The moves of each state, by action, and where those of the next state begin.
    moves: Vec<(u8, u32)>,
    from: Vec<usize>,
}

impl<'s> Graph<'s> {
    fn explore(system: &'s System, gauge: &Gauge<'_>, options: &Options<'_>) -> Self {
        let all: Vec<usize> = (0..system.threads()).collect();
        let mut collapse = Collapse::telling_apart(system, &all);
        let start = collapse.start();
        let actions = collapse.actions();
        let mut graph = Self {
            collapse,
            states: Interned::from_iter([start]),
            moves: Vec::new(),
            from: vec![0],
        };
        gauge.add_states(1);
        let mut layer_end = 1;
        let mut layer = 0;
        'search: while graph.from.len() <= graph.states.len() {
            let at = graph.from.len() - 1;
            let state = graph.states[at].clone();
            for action in 0..actions {
                if graph.uncounted(gauge) >= INTERVAL || graph.collapse.growth() > 0 {
                    graph.collapse.trim();
                    gauge.add_states(graph.uncounted(gauge));
                    gauge.settle(graph.bytes(options.witnesses));
                    if gauge.check() {
                        break 'search;
                    }
                }
                let Some((next, _)) = graph.collapse.step(&state, action) else {
                    continue;
                };
                let (number, _) = graph.states.insert_full(next);
                // The limit of memory is far below 2^32 states.
                let number = u32::try_from(number).unwrap_or(u32::MAX);
                let action = u8::try_from(action).unwrap_or(u8::MAX);
                graph.moves.push((action, number));
            }
            graph.from.push(graph.moves.len());
            if at + 1 == layer_end {
                layer += 1;
                layer_end = graph.states.len();
                (options.progress)(&Progress {
                    layer,
                    layer_states: (graph.states.len() - at) as u64,
                    states: gauge.states(),
                    memory: gauge.peak(),
                });
            }
        }
        gauge.add_states(graph.uncounted(gauge));
        gauge.settle(graph.bytes(options.witnesses));
        graph.from.resize(graph.states.len() + 1, graph.moves.len());
        graph
    }

    /// Returns the number of states that the gauge has not counted.
    fn uncounted(&self, gauge: &Gauge<'_>) -> usize {
        let counted = usize::try_from(gauge.states()).unwrap_or(usize::MAX);
        self.states.len().saturating_sub(counted)
    }

    /// Estimates the memory held, in bytes, and that of what is made of it in the end: the chances, and the best ways.
    fn bytes(&self, witnesses: bool) -> u64 {
        let width = self.collapse.actions() + 1;
        let later = 8 + if witnesses { Ways::bytes(width) } else { 0 };
        let states = bytes(&self.states, 4 * width + 16) + self.states.len() * later;
        let moves = 8 * (self.moves.capacity() + self.from.capacity());
        let parts = self.collapse.growth() + states + moves;
        self.collapse.bytes() + parts as u64
    }

    fn moves(&self, state: usize) -> &[(u8, u32)] {
        &self.moves[self.from[state]..self.from[state + 1]]
    }

    fn report(
        self,
        system: &System,
        witnesses: bool,
        verdict: Verdict,
        gauge: &Gauge<'_>,
    ) -> Census {
        let is_whole = verdict == Verdict::Exhausted;
        // Without the states beyond a limit, no component is known to be one.
        let parts = if is_whole {
            components(self.states.len(), |state| {
                self.moves(state).iter().map(|&(_, next)| next as usize)
            })
        } else {
            Vec::new()
        };
        let chances = self.chances(&parts);
        let livelocks: Vec<&Component> = parts.iter().filter(|part| part.is_closed).collect();
        let mut ends: BTreeMap<EndKey, (Vec<usize>, f64)> = BTreeMap::new();
        for (number, state) in self.states.iter().enumerate() {
            if self.moves(number).is_empty() && (is_whole || self.is_end(state)) {
                let (locals, common) = split(state);
                let key = EndKey::of(&self.collapse, locals, common);
                let (states, chance) = ends.entry(key).or_default();
                states.push(number);
                *chance += chances.get(number).copied().unwrap_or(0.0);
            }
        }
        for part in &livelocks {
            let (states, chance) = ends.entry(EndKey::Livelock).or_default();
            states.extend(&part.states);
            *chance += part.states.iter().map(|&state| chances[state]).sum::<f64>();
        }
        let is_soon =
            verdict != Verdict::Truncated(Limit::Stopped) || self.states.len() < MOST_STOPPED;
        let ways = (witnesses && is_soon).then(|| {
            Ways::search(self.states.len(), self.collapse.actions(), |state| {
                self.moves(state)
            })
        });
        let circle = parts
            .iter()
            .filter(|part| part.goes_round)
            .find(|part| part.is_closed || self.is_fair(part))
            .and_then(|part| self.circle(part, ways.as_ref()?));
        let only = ends.len() == 1;
        let outcomes = ends.into_iter().map(|(key, (states, chance))| {
            let way = ways.as_ref().and_then(|ways| ways.best(&states));
            let witness = way.map(|(_, switches, way)| (self.schedule(&way), switches));
            let (end, witness) = finished(system, &key, witness);
            let (witness, switches) = witness.unzip();
            let fair = if only { 1.0 } else { chance.min(1.0) };
            Outcome {
                end,
                schedules: BigUint::ZERO,
                share: None,
                fair_share: is_whole.then_some(fair),
                witness,
                switches,
            }
        });
        Census {
            outcomes: outcomes.collect(),
            is_endless: true,
            room: system.room(),
            circle,
            ..Census::nothing(gauge, verdict)
        }
    }

    /// Returns whether no thread can move in a state whose moves may be unknown.
    fn is_end(&self, state: &[u32]) -> bool {
        let (locals, common) = split(state);
        let ready = |&local: &u32| {
            let (_, status) = self.collapse.status(local, common);
            status == Status::Ready || self.collapse.can_deliver(local, common)
        };
        !locals.iter().any(ready)
    }

    /// Returns for each state the chance that has come to rest there: in an end, or in a component
    /// without a way out.
    fn chances(&self, parts: &[Component]) -> Vec<f64> {
        let states = if parts.is_empty() {
            0
        } else {
            self.states.len()
        };
        let mut chances = vec![0.0; states];
        if let Some(start) = chances.first_mut() {
            *start = 1.0;
        }
        // Components are in reverse topological order.
        for part in parts.iter().rev().filter(|part| !part.is_closed) {
            for _ in 0..MOST_ROUNDS {
                let mut left = 0.0;
                for &state in &part.states {
                    let moves = self.moves(state);
                    if moves.is_empty() {
                        continue;
                    }
                    let each = std::mem::take(&mut chances[state]) / moves.len() as f64;
                    for &(_, next) in moves {
                        chances[next as usize] += each;
                    }
                }
                if part.goes_round {
                    left = part.states.iter().map(|&state| chances[state]).sum();
                }
                if left < PRECISION {
                    break;
                }
            }
        }
        chances
    }

    /// Returns whether a schedule can stay in a component though every actor gets its turn: each one
    /// moves there, or can't move in some of its states.
    fn is_fair(&self, part: &Component) -> bool {
        (0..self.collapse.actions()).all(|action| {
            let moves_of = |state: &usize| {
                let moves = self.moves(*state).iter();
                moves.filter(|&&(by, _)| usize::from(by) == action)
            };
            let stays = |state| moves_of(state).any(|&(_, next)| part.holds(next as usize));
            let rests = |state| moves_of(state).next().is_none();
            part.states.iter().any(|state| stays(state) || rests(state))
        })
    }

    /// Returns the way into a component and once around in it, with a move of each actor that
    /// moves there.
    fn circle(&self, part: &Component, ways: &Ways) -> Option<Circle> {
        let (first, _, lead) = ways.best(&part.states)?;
        let mut around: Vec<u8> = Vec::new();
        let mut at = first;
        let inside = |state: usize| {
            let moves = self.moves(state).iter().copied();
            moves.filter(|&(_, next)| part.holds(next as usize))
        };
        let moving = |action: u8| {
            let mut states = part.states.iter();
            states.any(|&state| inside(state).any(|(by, _)| by == action))
        };
        let actions = u8::try_from(self.collapse.actions()).unwrap_or(u8::MAX);
        for action in (0..actions).filter(|&action| moving(action)) {
            if around.contains(&action) {
                continue;
            }
            let can = |state| inside(state).any(|(by, _)| by == action);
            let (steps, reached) = self.way_within(part, at, can)?;
            around.extend(steps);
            let (by, next) = inside(reached).find(|&(by, _)| by == action)?;
            around.push(by);
            at = next as usize;
        }
        let (steps, _) = self.way_within(part, at, |state| state == first)?;
        around.extend(steps);
        let mut moving: Vec<usize> = self.actors(&around).map(Actor::thread).collect();
        moving.sort_unstable();
        moving.dedup();
        Some(Circle {
            lead: self.schedule(&lead),
            round: self.schedule(&around),
            threads: moving,
            is_certain: part.is_closed,
        })
    }

    fn actors(&self, way: &[u8]) -> impl Iterator<Item = Actor> {
        let threads = self.collapse.threads();
        let actions = way.iter().map(|&action| usize::from(action));
        actions.map(|action| Collapse::actor(threads, action))
    }

    fn schedule(&self, way: &[u8]) -> Schedule {
        let steps = Steps::Count(1);
        self.actors(way)
            .map(|actor| Segment { actor, steps })
            .collect()
    }

    /// Returns the actions on the shortest way within a component to a state, and that state.
    fn way_within(
        &self,
        part: &Component,
        from: usize,
        is_there: impl Fn(usize) -> bool,
    ) -> Option<(Vec<u8>, usize)> {
        let mut before: FxHashMap<usize, Option<(usize, u8)>> = FxHashMap::default();
        before.insert(from, None);
        let mut open = VecDeque::from([from]);
        while let Some(state) = open.pop_front() {
            if is_there(state) {
                let mut way = Vec::new();
                let mut at = state;
                while let Some(&Some((earlier, action))) = before.get(&at) {
                    way.push(action);
                    at = earlier;
                }
                way.reverse();
                return Some((way, state));
            }
            for &(action, next) in self.moves(state) {
                let next = next as usize;
                if part.holds(next) && !before.contains_key(&next) {
                    before.insert(next, Some((state, action)));
                    open.push_back(next);
                }
            }
        }
        None
    }
}
