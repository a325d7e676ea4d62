//! The census: how many schedules end in each total, every schedule counted, none enumerated.
//!
//! It proceeds layer by layer: from all states after some number of steps to all states after one
//! more. Equal states are merged and the numbers of schedules that lead to them are added up: the
//! dynamic program for counting paths in an acyclic graph. Threads that run the same program are
//! interchangeable: states that differ only by renaming such threads are folded into one (Clarke,
//! Enders, Filkorn, Jha: *Exploiting symmetry in temporal logic model checking*, 1996), whose count
//! is the sum over the whole orbit. A layer is dropped when the next is complete.

use std::any::Any;

use super::collapse::{Collapse, State, split};
use super::count::digits_for;
use super::cycle::{Walk, walk};
use super::endless;
use super::expand::Chunk;
use super::found::{EndKey, Found};
use super::key::{Layout, MOST_THREADS, WIDEST};
use super::layer::{LARGE, Layer, Sources};
use super::outcome::{Census, Verdict};
use super::trail::Trail;
use super::witness::Witnesses;
use crate::model::error::CensusError;
use crate::model::language::program::Program;
use crate::model::limits::{Gauge, Limit, Limits, Progress};
use crate::model::system::System;

/// The number of layers, or states, after which a program that might spin is checked for it.
const PATIENCE_LAYERS: u64 = 32;
const PATIENCE_STATES: u64 = 50_000;

/// The most moves that are looked at for witnesses once the caller has stopped the search: some
/// hundredths of a second.
const LAST_MOVES: usize = 1 << 18;

/// How a census is done.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    /// How far it may go.
    pub limits: Limits<'a>,
    /// Whether to find a witness for each outcome.
    pub witnesses: bool,
    /// Called after each complete layer.
    pub progress: &'a (dyn Fn(&Progress) + Sync),
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
    Search::new(system, options)?.run()
}

/// How going through the layers with keys of one width ended.
enum Pass<const W: usize> {
    Over(Verdict),
    /// Some schedules never end.
    Endless,
    /// The keys are too narrow for the parts of states; `None` if even the first layer does not fit.
    Full(Option<Layer<W>>),
}

/// A census that can go on after it has reached a limit.
pub(crate) struct Search<'s, 'a> {
    start: State,
    collapse: Collapse<'s>,
    options: Options<'a>,
    gauge: Gauge<'a>,
    witnesses: Option<Witnesses>,
    found: Found,
    /// Whether it is known that every schedule ends.
    finite: bool,
    /// The last complete layer, once a limit was reached, and the number of states up to it.
    last: Option<(Box<dyn Any + Send>, u64)>,
    /// The number of layers whose ends were noted.
    noted: u64,
}

impl<'s, 'a> Search<'s, 'a> {
    /// Creates a search that has not begun.
    pub(crate) fn new(system: &'s System, options: &Options<'a>) -> Result<Self, CensusError> {
        let threads = system.threads();
        if threads > MOST_THREADS {
            return Err(CensusError::TooManyThreads {
                threads,
                at_most: MOST_THREADS,
            });
        }
        let mut collapse = Collapse::new(system);
        let witnesses = options
            .witnesses
            .then(|| Witnesses::new(collapse.actions()));
        let gauge = Gauge::new(options.limits);
        gauge.add_states(1);
        Ok(Self {
            start: collapse.start(),
            collapse,
            options: *options,
            gauge,
            witnesses,
            found: Found::default(),
            finite: system.programs().iter().all(Program::certainly_ends),
            last: None,
            noted: 0,
        })
    }

    /// Allows it to go on from where a limit has stopped it.
    pub(crate) fn extend(&mut self, options: &Options<'a>) {
        self.options = *options;
        let states = self.last.as_ref().map_or(1, |&(_, states)| states);
        self.gauge.resume(options.limits, states);
        self.found.reachable.clear();
    }

    /// Counts up to the end or a limit.
    pub(crate) fn run(&mut self) -> Result<Census, CensusError> {
        let Some(verdict) = self.sweep()? else {
            return Ok(endless::census(self.collapse.system(), &self.options));
        };
        let most = match verdict {
            Verdict::Truncated(Limit::Stopped) => LAST_MOVES,
            _ => usize::MAX,
        };
        let schedules = self
            .witnesses
            .as_ref()
            .map(|search| search.schedules(&self.start, &mut self.collapse, &self.gauge, most));
        let system = self.collapse.system();
        Ok(self
            .found
            .report(system, schedules.as_deref(), verdict, &self.gauge))
    }

    /// Goes through all layers, with keys as wide as necessary; `None` if some schedules never end.
    fn sweep(&mut self) -> Result<Option<Verdict>, CensusError> {
        // The special cases are those with one action a thread.
        let threads = self.collapse.threads().len();
        let pass = match threads * usize::from(threads == self.collapse.actions()) {
            2 => self.pass::<1, 2>(None)?,
            3 => self.pass::<1, 3>(None)?,
            4 => self.pass::<1, 4>(None)?,
            _ => self.pass::<1, 0>(None)?,
        };
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
                let slots = self.collapse.threads().len();
                self.pass::<V, 0>(layer.map(|layer| layer.widened(slots)))
            }
        }
    }

    /// Goes from layer to layer until the end, a limit, or the keys are full; from the first layer
    /// on if there is none yet.
    fn pass<const W: usize, const S: usize>(
        &mut self,
        layer: Option<Layer<W>>,
    ) -> Result<Pass<W>, CensusError> {
        let layout = Layout::<S>::new(self.collapse.threads().len(), W)
            .with_actions(self.collapse.actions());
        if self.last.is_none() && !layout.fits(self.collapse.parts()) {
            return Ok(Pass::Full(layer));
        }
        let layer = match self.last.take() {
            None => layer,
            Some((last, states)) => match last.downcast() {
                Ok(last) => Some(*last),
                // It stopped with wider keys.
                Err(last) => {
                    self.last = Some((last, states));
                    return Ok(Pass::Full(None));
                }
            },
        };
        let (locals, common) = split(&self.start);
        let first = || {
            Layer::first(
                layout.pack(locals, common),
                &layout,
                &self.collapse,
                &self.gauge,
            )
        };
        let mut layer = layer.unwrap_or_else(first);
        let (mut next, mut chunks) = (Layer::default(), Vec::new());
        loop {
            if layer.len() >= LARGE && rayon::current_thread_index().is_none() {
                // On a core of the pool, the next layer need not be waited for asleep.
                return rayon::scope(|_| self.pass::<W, S>(Some(layer)));
            }
            let states = self.gauge.states();
            if self.is_patience_over() {
                let beside = self.gauge.fork();
                let walked = walk(&mut self.collapse, &beside);
                self.gauge.join(&beside);
                match walked {
                    Walk::Finite => self.finite = true,
                    Walk::Endless => return Ok(Pass::Endless),
                    Walk::Tripped(limit) => return Ok(self.truncate(&layout, layer, states, limit)),
                }
            }
            let chunk_bytes: usize = chunks.iter().map(Chunk::bytes).sum();
            self.settle(&layer, next.bytes() + chunk_bytes);
            self.collapse.trim();
            layer.resolve(&mut self.collapse, &self.gauge);
            if self.gauge.tripped().is_none() && !layout.fits(self.collapse.parts()) {
                return Ok(Pass::Full(Some(layer)));
            }
            match self.next(&layout, &layer, &mut next, &mut chunks) {
                Ok(true) => std::mem::swap(&mut layer, &mut next),
                Ok(false) => return Ok(Pass::Over(Verdict::Exhausted)),
                Err(limit) => return Ok(self.truncate(&layout, layer, states, limit)),
            }
        }
    }

    fn is_patience_over(&self) -> bool {
        let (layers, states) = (self.found.layers, self.gauge.states());
        !self.finite && (layers >= PATIENCE_LAYERS || states >= PATIENCE_STATES)
    }

    /// Begins a layer, given the bytes that are kept besides.
    fn settle<const W: usize>(&mut self, layer: &Layer<W>, spare: usize) {
        let trails = self.witnesses.as_ref().map_or(0, Witnesses::bytes);
        let memory = self.collapse.bytes() + (layer.bytes() + spare + trails) as u64;
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

    /// Finds the next layer. Returns whether there is one.
    fn next<const W: usize, const S: usize>(
        &mut self,
        layout: &Layout<S>,
        layer: &Layer<W>,
        next: &mut Layer<W>,
        chunks: &mut Vec<Chunk<W>>,
    ) -> Result<bool, Limit> {
        self.gauge.within_limits()?;
        let actions = layout.actions();
        if !Trail::fits(layer.len() * actions) {
            return Err(Limit::Memory);
        }
        let trails = self.witnesses.as_ref().map(Witnesses::trails);
        layer.expand(chunks, layout, &self.collapse, trails, &self.gauge);
        self.gauge.within_limits()?;
        self.note_ends(layout, layer, chunks);
        next.merge(&Sources {
            layout,
            collapse: &self.collapse,
            gauge: &self.gauge,
            layer,
            chunks,
            width: digits_for(self.found.layers + 1, actions, u64::BITS),
            witnesses: self.witnesses.is_some(),
        });
        self.gauge.within_limits()?;
        if next.len() == 0 {
            return Ok(false);
        }
        if let Some(witnesses) = &mut self.witnesses {
            let bases = next.bases();
            let trails = next.buckets.iter_mut();
            let trails = trails.map(|bucket| std::mem::take(&mut bucket.trail));
            witnesses.advance(bases, trails.collect());
        }
        self.found.layers += 1;
        Ok(true)
    }

    /// Adds up the states in which no thread can move.
    fn note_ends<const W: usize, const S: usize>(
        &mut self,
        layout: &Layout<S>,
        layer: &Layer<W>,
        chunks: &[Chunk<W>],
    ) {
        if self.noted > self.found.layers {
            return;
        }
        self.noted = self.found.layers + 1;
        let mut locals = vec![0; layout.slots()];
        for chunk in chunks {
            let bucket = &layer.buckets[chunk.bucket];
            for &end in &chunk.ends {
                let end = end as usize;
                let common = layout.unpack(&bucket.keys[end], &mut locals);
                let key = EndKey::of(&self.collapse, &locals, common);
                let (count, mass) = (bucket.counts.get(end), bucket.mass[end]);
                let outcome = self.found.add(key, &count, mass);
                if let Some(witnesses) = &mut self.witnesses {
                    let place = (chunk.bucket, end);
                    witnesses.note_end(outcome, place, bucket.fewest[end]);
                }
            }
        }
    }

    /// Ends at a limit: runs a few states of the last complete layer on serially, to report at
    /// least some totals that are certainly reachable, and keeps the layer.
    fn truncate<const W: usize, const S: usize>(
        &mut self,
        layout: &Layout<S>,
        layer: Layer<W>,
        states: u64,
        limit: Limit,
    ) -> Pass<W> {
        /// The most steps in all: some milliseconds.
        const STEPS: usize = 50_000;
        /// The most states to start from.
        const STATES: usize = 512;
        let stride = layer.len().div_ceil(STATES).max(1);
        let mut steps = 0;
        let mut state = vec![0; layout.slots() + 1];
        let keys = layer.buckets.iter().flat_map(|bucket| &bucket.keys);
        'states: for key in keys.step_by(stride) {
            let (locals, common) = state.split_at_mut(layout.slots());
            common[0] = layout.unpack(key, locals);
            let mut machine = self.collapse.machine(&state);
            loop {
                let Some(actor) = machine.ready().next() else {
                    break;
                };
                while machine.step(actor).is_ok() {
                    if steps == STEPS {
                        break 'states;
                    }
                    steps += 1;
                }
            }
            // A deadlock has no total.
            let total = machine.ending().and_then(|ending| ending.total());
            self.found.reachable.extend(total);
        }
        self.last = Some((Box::new(layer), states));
        Pass::Over(Verdict::Truncated(limit))
    }
}
