//! The census: how many schedules end in each total, every schedule counted, none enumerated.
//!
//! Layer by layer: from all states after some number of steps come all states after one more.
//! Equal states are merged and the number of schedules that lead to each is added up, which is
//! the dynamic programme for counting paths in a graph without cycles. Threads that run the same
//! program are interchangeable: states that differ only by renaming such threads are folded into
//! one (Clarke, Enders, Filkorn, Jha: *Exploiting symmetry in temporal logic model checking*,
//! 1996), and its count is that of the whole orbit. A layer is dropped when the next is complete.

use rustc_hash::FxHashMap;

use super::collapse::{Collapse, STUCK, parts};
use super::count::words_for;
use super::cycle::{Walk, walk};
use super::found::{EndKey, Found};
use super::key::{Layout, MOST_THREADS};
use super::layer::{Layer, Merged};
use super::outcome::{Census, Verdict};
use super::witness::{Moves, Witnesses};
use crate::model::error::CensusError;
use crate::model::language::program::Program;
use crate::model::limits::{Gauge, Limit, Limits, Progress};
use crate::model::system::System;

/// After how many layers, or states, a program that might spin is checked for it.
const PATIENCE_LAYERS: u64 = 32;
const PATIENCE_STATES: u64 = 50_000;

/// How a census is done.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    /// How far it may go.
    pub limits: Limits<'a>,
    /// Whether to find a witness for each outcome.
    pub witnesses: bool,
    /// Told of each complete layer.
    pub progress: &'a dyn Fn(&Progress),
}

impl Default for Options<'_> {
    /// The default limits, with witnesses, telling nobody.
    fn default() -> Self {
        Self {
            limits: Limits::default(),
            witnesses: true,
            progress: &|_| {},
        }
    }
}

impl std::fmt::Debug for Options<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Options")
            .field("limits", &self.limits)
            .field("witnesses", &self.witnesses)
            .finish_non_exhaustive()
    }
}

/// Counts the schedules of a system.
///
/// # Errors
/// When it cannot even be attempted: see [`CensusError`]. Reaching a limit is no error but a
/// [`Verdict`].
pub fn census(system: &System, options: &Options<'_>) -> Result<Census, CensusError> {
    let threads = system.threads();
    if threads > MOST_THREADS {
        return Err(CensusError::TooManyThreads {
            threads,
            at_most: MOST_THREADS,
        });
    }
    let mut search = Search::new(system, options);
    let verdict = search.climb()?;
    Ok(search
        .found
        .report(system, search.witnesses.as_ref(), verdict, &search.gauge))
}

/// How going through layers with keys of one width ended.
enum Flow<const W: usize> {
    Over(Verdict),
    /// The parts of states outgrew the keys.
    Full(Layer<W>),
}

struct Search<'s, 'a> {
    collapse: Collapse<'s>,
    options: &'a Options<'a>,
    gauge: Gauge<'a>,
    witnesses: Option<Witnesses>,
    found: Found,
    /// Whether it is known that every schedule ends.
    finite: bool,
}

impl<'s, 'a> Search<'s, 'a> {
    fn new(system: &'s System, options: &'a Options<'a>) -> Self {
        let collapse = Collapse::new(system);
        let witnesses = options
            .witnesses
            .then(|| Witnesses::new(collapse.threads()));
        let gauge = Gauge::new(options.limits);
        gauge.add_states(1);
        Self {
            collapse,
            options,
            gauge,
            witnesses,
            found: Found::default(),
            finite: system.programs().iter().all(Program::certainly_ends),
        }
    }

    fn layout(&self, words: usize) -> Layout {
        Layout::new(self.collapse.threads().len(), words)
    }

    /// Goes through all layers, with keys as wide as need be.
    fn climb(&mut self) -> Result<Verdict, CensusError> {
        let (locals, common) = self.collapse.start();
        let parts = self.collapse.parts();
        let fits = |words| self.layout(words).fits(parts);
        let first = |words| self.layout(words);
        let flow = if fits(1) {
            let one = Layer::<1>::first(first(1).pack(&locals, common));
            let flow = self.run(one)?;
            self.widen::<1, 2>(flow)?
        } else if fits(2) {
            let two = Layer::<2>::first(first(2).pack(&locals, common));
            self.run(two)?
        } else if fits(4) {
            let four = Layer::<4>::first(first(4).pack(&locals, common));
            let flow = self.run(four)?;
            return self.widen::<4, 16>(flow).and_then(|flow| over(&flow));
        } else {
            let widest = Layer::<16>::first(first(16).pack(&locals, common));
            return self.run(widest).and_then(|flow| over(&flow));
        };
        let flow = self.widen::<2, 4>(flow)?;
        self.widen::<4, 16>(flow).and_then(|flow| over(&flow))
    }

    fn widen<const W: usize, const V: usize>(
        &mut self,
        flow: Flow<W>,
    ) -> Result<Flow<V>, CensusError> {
        match flow {
            Flow::Over(verdict) => Ok(Flow::Over(verdict)),
            Flow::Full(layer) => {
                let (old, new) = (self.layout(W), self.layout(V));
                self.run(layer.widened(&old, &new))
            }
        }
    }

    /// Goes from layer to layer until the end, a limit, or the keys are full.
    fn run<const W: usize>(&mut self, mut layer: Layer<W>) -> Result<Flow<W>, CensusError> {
        let layout = self.layout(W);
        if !layout.fits(self.collapse.parts()) {
            // Not even twice the width was enough for what a single layer brought.
            return Err(CensusError::TooWide);
        }
        loop {
            if self.is_patience_over() {
                match walk(&mut self.collapse, &self.gauge.fork()) {
                    Walk::Finite => self.finite = true,
                    Walk::Endless(programs) => return Err(CensusError::Endless { programs }),
                    Walk::Tripped(limit) => return Ok(self.truncate(&layout, &layer, limit)),
                }
            }
            self.settle(&layer);
            self.collapse.trim();
            layer.prepare(&layout, &mut self.collapse, &self.gauge);
            if let Some(limit) = self.gauge.tripped() {
                return Ok(self.truncate(&layout, &layer, limit));
            }
            if !layout.fits(self.collapse.parts()) {
                return Ok(Flow::Full(layer));
            }
            match self.next(&layout, &layer) {
                Next::Layer(next) => layer = next,
                Next::End => return Ok(Flow::Over(Verdict::Exhausted)),
                Next::Tripped(limit) => return Ok(self.truncate(&layout, &layer, limit)),
            }
        }
    }

    fn is_patience_over(&self) -> bool {
        let (layers, states) = (self.found.layers, self.gauge.states());
        !self.finite && (layers >= PATIENCE_LAYERS || states >= PATIENCE_STATES)
    }

    fn settle<const W: usize>(&mut self, layer: &Layer<W>) {
        let trails = self.witnesses.as_ref().map_or(0, Witnesses::bytes);
        let memory = self.collapse.bytes() + (layer.bytes() + trails) as u64;
        self.gauge.settle(memory);
        let layer_states = layer.len() as u64;
        self.found.widest = self.found.widest.max(layer_states);
        (self.options.progress)(&Progress {
            layer: self.found.layers,
            layer_states,
            states: self.gauge.states(),
            memory,
        });
    }

    /// One layer's work.
    fn next<const W: usize>(&mut self, layout: &Layout, layer: &Layer<W>) -> Next<W> {
        let chunks = layer.expand(layout, &self.collapse, &self.gauge);
        if let Some(limit) = self.gauge.tripped() {
            return Next::Tripped(limit);
        }
        self.note_ends(layout, layer, &layer.ends(&chunks));
        let words = words_for(self.found.layers + 1, layout.slots());
        let merged = layer.merge(&chunks, words, &self.gauge);
        if let Some(limit) = self.gauge.tripped() {
            return Next::Tripped(limit);
        }
        let states = merged.iter().map(Merged::len).sum();
        if states == 0 {
            return Next::End;
        }
        if let Some(witnesses) = &mut self.witnesses {
            let slots = layout.slots();
            if !self.gauge.reserve(Moves::bytes(layer.len(), slots)) {
                return Next::Tripped(Limit::Memory);
            }
            let moves = Moves::new(layer.len(), slots);
            layer.each_arc(&chunks, &merged, |arc| moves.set(arc));
            drop(chunks);
            witnesses.advance(&moves, states, &self.gauge);
            if let Some(limit) = self.gauge.tripped() {
                return Next::Tripped(limit);
            }
        }
        self.found.layers += 1;
        Next::Layer(merged.into_iter().collect())
    }

    /// Adds up the states in which nobody can move.
    fn note_ends<const W: usize>(
        &mut self,
        layout: &Layout,
        layer: &Layer<W>,
        ends: &[(usize, usize, usize)],
    ) {
        let mut outcomes: FxHashMap<u32, usize> = FxHashMap::default();
        let mut locals = vec![0; layout.slots()];
        for &(bucket, index, state) in ends {
            let bucket = &layer.buckets[bucket];
            let common = layout.unpack(&bucket.keys[index], &mut locals);
            let key = EndKey::of(&self.collapse, &locals, common);
            let outcome = self
                .found
                .add(key, &bucket.counts.get(index), bucket.mass[index]);
            // The index of a state is far below 2^32 for any limit of memory.
            outcomes.insert(u32::try_from(state).unwrap_or(u32::MAX), outcome);
        }
        if let Some(witnesses) = &mut self.witnesses {
            witnesses.note_ends(&outcomes);
        }
    }

    /// Ends at a limit: a few states of the last complete layer are run on serially, to say at
    /// least some totals that can surely be reached.
    fn truncate<const W: usize>(
        &mut self,
        layout: &Layout,
        layer: &Layer<W>,
        limit: Limit,
    ) -> Flow<W> {
        /// At most so many steps in all: some milliseconds.
        const STEPS: usize = 50_000;
        /// And from at most so many states.
        const STATES: usize = 512;
        let stride = layer.len().div_ceil(STATES).max(1);
        let mut steps = 0;
        let mut locals = vec![0; layout.slots()];
        let keys = layer.buckets.iter().flat_map(|bucket| &bucket.keys);
        'states: for key in keys.step_by(stride) {
            let mut common = layout.unpack(key, &mut locals);
            let mut slot = 0;
            while slot < locals.len() {
                if steps == STEPS {
                    break 'states;
                }
                let found = self.collapse.resolve(locals[slot], common);
                if found == STUCK {
                    slot += 1;
                } else {
                    (locals[slot], common) = parts(found);
                    steps += 1;
                    // A thread that was passed over as blocked may be able to go on.
                    slot = 0;
                }
            }
            // In a deadlock there is no total.
            if locals.iter().all(|&local| self.collapse.is_done(local)) {
                self.found.reachable.insert(self.collapse.total(common));
            }
        }
        Flow::Over(Verdict::Truncated(limit))
    }
}

fn over<const W: usize>(flow: &Flow<W>) -> Result<Verdict, CensusError> {
    match flow {
        Flow::Over(verdict) => Ok(*verdict),
        Flow::Full(_) => Err(CensusError::TooWide),
    }
}

/// What came of one layer.
enum Next<const W: usize> {
    Layer(Layer<W>),
    End,
    Tripped(Limit),
}
