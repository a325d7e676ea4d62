//! The census: how many schedules end in each total, every schedule counted, none enumerated.
//!
//! It proceeds layer by layer: from all states after some number of steps to all states after one
//! more. Equal states are merged and the numbers of schedules that lead to them are added up: the
//! dynamic program for counting paths in an acyclic graph. Threads that run the same program are
//! interchangeable: states that differ only by renaming such threads are folded into one (Clarke,
//! Enders, Filkorn, Jha: *Exploiting symmetry in temporal logic model checking*, 1996), whose count
//! is the sum over the whole orbit. A layer is dropped when the next is complete.

use rustc_hash::FxHashMap;

use super::collapse::{Collapse, State, split};
use super::count::words_for;
use super::cycle::{Walk, walk};
use super::endless;
use super::expand::Chunk;
use super::found::{EndKey, Found};
use super::key::{Layout, MOST_THREADS, WIDEST};
use super::layer::{Layer, Merged};
use super::outcome::{Census, Verdict};
use super::witness::{Moves, Witnesses};
use crate::model::error::CensusError;
use crate::model::language::program::Program;
use crate::model::limits::{Gauge, Limit, Limits, Progress};
use crate::model::system::System;

/// The number of layers, or states, after which a program that might spin is checked for it.
const PATIENCE_LAYERS: u64 = 32;
const PATIENCE_STATES: u64 = 50_000;

/// How a census is done.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    /// How far it may go.
    pub limits: Limits<'a>,
    /// Whether to find a witness for each outcome.
    pub witnesses: bool,
    /// Called after each complete layer.
    pub progress: &'a dyn Fn(&Progress),
}

impl Default for Options<'_> {
    /// The default limits, with witnesses, without reporting progress.
    fn default() -> Self {
        Self {
            limits: Limits::default(),
            witnesses: true,
            progress: &|_| {},
        }
    }
}

/// Counts the schedules of a system.
///
/// # Errors
/// When it cannot even be attempted: see [`CensusError`]. Reaching a limit is not an error but a
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
    let Some(verdict) = search.run()? else {
        return Ok(endless::census(system, options));
    };
    Ok(search
        .found
        .report(system, search.witnesses.as_ref(), verdict, &search.gauge))
}

/// How going through the layers with keys of one width ended.
enum Pass<const W: usize> {
    Over(Verdict),
    /// Some schedules never end.
    Endless,
    /// The keys are too narrow for the parts of states; `None` if even the first layer does not fit.
    Full(Option<Layer<W>>),
}

struct Search<'s, 'a> {
    start: State,
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
        let mut collapse = Collapse::new(system);
        let threads = collapse.threads();
        let witnesses = options.witnesses.then(|| Witnesses::new(threads));
        let gauge = Gauge::new(options.limits);
        gauge.add_states(1);
        Self {
            start: collapse.start(),
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

    /// Goes through all layers, with keys as wide as necessary; `None` if some schedules never end.
    fn run(&mut self) -> Result<Option<Verdict>, CensusError> {
        let pass = self.pass::<1>(None)?;
        let pass = self.widen::<1, 2>(pass)?;
        let pass = self.widen::<2, 4>(pass)?;
        match self.widen::<4, WIDEST>(pass)? {
            Pass::Over(verdict) => Ok(Some(verdict)),
            Pass::Endless => Ok(None),
            Pass::Full(_) => Err(CensusError::TooWide),
        }
    }

    fn widen<const W: usize, const V: usize>(
        &mut self,
        pass: Pass<W>,
    ) -> Result<Pass<V>, CensusError> {
        match pass {
            Pass::Over(verdict) => Ok(Pass::Over(verdict)),
            Pass::Endless => Ok(Pass::Endless),
            Pass::Full(layer) => {
                let (old, new) = (self.layout(W), self.layout(V));
                self.pass(layer.map(|layer| layer.widened(&old, &new)))
            }
        }
    }

    /// Goes from layer to layer until the end, a limit, or the keys are full; from the first layer
    /// on if there is none yet.
    fn pass<const W: usize>(&mut self, layer: Option<Layer<W>>) -> Result<Pass<W>, CensusError> {
        let layout = self.layout(W);
        if !layout.fits(self.collapse.parts()) {
            return Ok(Pass::Full(layer));
        }
        let (locals, common) = split(&self.start);
        let mut layer = layer.unwrap_or_else(|| Layer::first(layout.pack(locals, common)));
        loop {
            if self.is_patience_over() {
                match walk(&mut self.collapse, &self.gauge.fork()) {
                    Walk::Finite => self.finite = true,
                    Walk::Endless => return Ok(Pass::Endless),
                    Walk::Tripped(limit) => return Ok(self.truncate(&layout, &layer, limit)),
                }
            }
            self.settle(&layer);
            self.collapse.trim();
            layer.prepare(&layout, &mut self.collapse, &self.gauge);
            if self.gauge.tripped().is_none() && !layout.fits(self.collapse.parts()) {
                return Ok(Pass::Full(Some(layer)));
            }
            match self.next(&layout, &layer) {
                Ok(Some(next)) => layer = next,
                Ok(None) => return Ok(Pass::Over(Verdict::Exhausted)),
                Err(limit) => return Ok(self.truncate(&layout, &layer, limit)),
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

    /// Returns the next layer; `None` after the last.
    fn next<const W: usize>(
        &mut self,
        layout: &Layout,
        layer: &Layer<W>,
    ) -> Result<Option<Layer<W>>, Limit> {
        self.gauge.within_limits()?;
        let chunks = layer.expand(layout, &self.collapse, &self.gauge);
        self.gauge.within_limits()?;
        self.note_ends(layout, layer, &chunks);
        let words = words_for(self.found.layers + 1, layout.slots());
        let merged = layer.merge(&chunks, words, &self.gauge);
        self.gauge.within_limits()?;
        let states = merged.iter().map(Merged::len).sum();
        if states == 0 {
            return Ok(None);
        }
        if let Some(witnesses) = &mut self.witnesses {
            let slots = layout.slots();
            self.gauge.reserve(Moves::bytes(layer.len(), slots));
            self.gauge.within_limits()?;
            let moves = Moves::new(layer.len(), slots);
            layer.each_link(&chunks, &merged, |source, target, link| {
                moves.set(source, target, link);
            });
            drop(chunks);
            witnesses.advance(&moves, states, &self.gauge);
            self.gauge.within_limits()?;
        }
        self.found.layers += 1;
        let buckets = merged.into_iter().map(|merged| merged.bucket).collect();
        Ok(Some(Layer { buckets }))
    }

    /// Adds up the states in which no thread can move.
    fn note_ends<const W: usize>(
        &mut self,
        layout: &Layout,
        layer: &Layer<W>,
        chunks: &[Chunk<W>],
    ) {
        // The outcome of each of these states, by its index in the layer.
        let mut outcomes: FxHashMap<usize, usize> = FxHashMap::default();
        let mut locals = vec![0; layout.slots()];
        let bases = layer.bases();
        for chunk in chunks {
            let bucket = &layer.buckets[chunk.bucket];
            for &end in &chunk.ends {
                let end = end as usize;
                let common = layout.unpack(&bucket.keys[end], &mut locals);
                let key = EndKey::of(&self.collapse, &locals, common);
                let (count, mass) = (bucket.counts.get(end), bucket.mass[end]);
                let outcome = self.found.add(key, &count, mass);
                outcomes.insert(bases[chunk.bucket] + end, outcome);
            }
        }
        if let Some(witnesses) = &mut self.witnesses {
            witnesses.note_ends(&outcomes);
        }
    }

    /// Ends at a limit: runs a few states of the last complete layer on serially, to report at
    /// least some totals that are certainly reachable.
    fn truncate<const W: usize>(
        &mut self,
        layout: &Layout,
        layer: &Layer<W>,
        limit: Limit,
    ) -> Pass<W> {
        /// The most steps in all: some milliseconds.
        const STEPS: usize = 50_000;
        /// The most states to start from.
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
                if let Some(parts) = self.collapse.resolve(locals[slot], common) {
                    (locals[slot], common) = parts;
                    steps += 1;
                    // A thread that was passed over as blocked may be ready now.
                    slot = 0;
                } else {
                    slot += 1;
                }
            }
            // Any other end has no total.
            let end = self.collapse.finished(&locals, common);
            self.found.reachable.extend(end.and_then(|end| end.total()));
        }
        Pass::Over(Verdict::Truncated(limit))
    }
}
