//! The results of a crew's runs until they are reported.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use super::event::Runs;

/// The most runs of a chunk, unless a single stride is longer.
const SLOTS: usize = 1 << 18;

/// Preallocated slots for the results of a chunk, reused from chunk to chunk.
#[derive(Debug)]
pub(super) struct Chunk {
    pub(super) slots: Box<[AtomicU64]>,
    pub(super) meetings_ns: Box<[AtomicU64]>,
    /// Completed runs.
    pub(super) runs: AtomicUsize,
    pub(super) meetings: AtomicUsize,
    /// The counters, if runs may start without a meeting; otherwise 0.
    pub(super) counters: usize,
    /// How often the current run has been repeated.
    pub(super) tries: AtomicUsize,
    /// The results, as they are reported.
    pub(super) finished: Runs,
}

impl Chunk {
    /// Makes slots for an experiment of `runs` runs, of which `stride` share a meeting at the start
    /// line: each has its own counter, side by side with the others.
    pub(super) fn new(runs: u64, stride: usize) -> Self {
        let most = usize::try_from(runs).unwrap_or(usize::MAX);
        let slots = most.min(SLOTS.max(stride));
        let zeros = |count| (0..count).map(|_| AtomicU64::new(0)).collect();
        Self {
            slots: zeros(slots),
            meetings_ns: zeros(slots.div_ceil(stride)),
            runs: AtomicUsize::new(0),
            meetings: AtomicUsize::new(0),
            counters: 0,
            tries: AtomicUsize::new(0),
            finished: Runs::new(stride),
        }
    }

    /// Lets runs start without a meeting where there are this many counters, see `batch.rs`.
    pub(super) fn with_counters(self, counters: usize) -> Self {
        Self { counters, ..self }
    }

    /// Returns the runs that the crew completed when it last filled this chunk.
    pub(super) fn finished(&mut self) -> &mut Runs {
        let copy = |from: &[AtomicU64], count: &AtomicUsize, to: &mut Vec<u64>| {
            let from = &from[..count.load(Ordering::Relaxed)];
            to.clear();
            to.extend(from.iter().map(|slot| slot.load(Ordering::Relaxed)));
        };
        let runs = &mut self.finished;
        copy(&self.slots, &self.runs, &mut runs.actuals);
        copy(&self.meetings_ns, &self.meetings, &mut runs.meetings_ns);
        runs
    }
}
