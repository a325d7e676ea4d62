//! How far apart the threads of a run really start.
//!
//! The usual crew makes runs from the usual start line, but "counting" only records the time, so the
//! start line is measured as experiments use it.

use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crossbeam_utils::CachePadded;

use super::chunk::Chunk;
use super::crew::{Assignment, Crew, Needs};
use super::run_loop::RunLoop;
use crate::error::Error;
use crate::plan::{Pinning, StartLine};
use crate::platform::ticks;
use crate::strategy::{Counters, ReaderStats, Word, Work};
use crate::sync::Context;

/// The most starts of one chunk.
const STARTS: u64 = 1 << 15;

/// Starts a crew over and over until the budget is used up, and returns the nanoseconds between the
/// first and the last thread of each start, in order.
///
/// At least one start is made, unless the context is done. A difference between the clocks of two
/// cores, if there is one, is part of the result.
///
/// # Errors
///
/// [`Error::Machine`] if the threads cannot be started.
pub fn skew(
    threads: usize,
    start: StartLine,
    budget: Duration,
    context: &Context,
    mut meanwhile: impl FnMut(),
) -> Result<Vec<u64>, Error> {
    let crew = Crew::spawn(Needs::threads(threads), start, Pinning::Spread, context)?;
    let stamps = Stamps::new(threads);
    let mut chunk = Chunk::new(STARTS, 1);
    let assignment = Assignment {
        counters: &stamps,
        increments: 1,
        runs: STARTS,
        context,
        // Late starts are what is measured.
        repeats: false,
    };
    let mut all = Vec::new();
    let mut run_loop = RunLoop::new(u64::MAX, Some(budget), context);
    while run_loop.remaining().is_some() {
        let runs = crew.execute(assignment, &mut chunk, &mut meanwhile);
        run_loop.completed += runs.count();
        all.append(&mut runs.actuals);
        meanwhile();
    }
    Ok(all)
}

/// The time at which each thread started, in place of a counter.
///
/// invariants: every thread has started a run whose results are collected, so no stamp of an earlier
/// run is left.
#[derive(Debug)]
struct Stamps {
    /// Watched by the waiting threads as a counter would be: it is written between two runs.
    word: CachePadded<Word>,
    started: Box<[CachePadded<AtomicU64>]>,
}

impl Stamps {
    fn new(threads: usize) -> Self {
        Self {
            word: CachePadded::default(),
            started: (0..threads).map(|_| CachePadded::default()).collect(),
        }
    }
}

impl Counters for Stamps {
    fn look(&self, _which: Range<usize>) {
        std::hint::black_box(self.word.load());
    }

    fn count(&self, _which: Range<usize>, thread: usize, _work: Work<'_>) {
        self.started[thread].store(ticks::now(), Ordering::Relaxed);
    }

    fn read(&self, _how_many: usize, _reader: usize, _context: &Context) {}

    fn take_totals(&self, slots: &[AtomicU64]) {
        let stamps = || self.started.iter().map(|at| at.load(Ordering::Relaxed));
        let (first, last) = (stamps().min(), stamps().max());
        let skew = ticks::nanoseconds(first.unwrap_or(0), last.unwrap_or(0));
        for slot in slots {
            slot.store(skew, Ordering::Relaxed);
        }
        self.word.store(0);
    }

    fn discard(&self, _how_many: usize) {}

    fn reader_stats(&self) -> Option<ReaderStats> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_skew_is_from_the_first_start_to_the_last() {
        let stamps = Stamps::new(3);
        let million = 1_000_000;
        for (thread, at) in [(0, 7 * million), (1, 5 * million), (2, 6 * million)] {
            stamps.started[thread].store(at, Ordering::Relaxed);
        }
        let slot = AtomicU64::new(0);
        stamps.take_totals(std::slice::from_ref(&slot));
        // Two million ticks, whatever a tick is.
        let (skew, ticks) = (slot.into_inner() as f64, 2e6 * ticks::tick_ns());
        assert!((skew / ticks - 1.0).abs() < 0.01, "{skew} of {ticks}");
    }

    #[test]
    fn every_start_line_is_measured() {
        let (context, time) = (Context::background(), Duration::from_millis(1));
        for start in [
            StartLine::Timebase,
            StartLine::Spin,
            StartLine::Barrier,
            StartLine::None,
        ] {
            let mut looked_up = 0;
            let skews = skew(2, start, time, &context, || looked_up += 1).unwrap();
            assert!(!skews.is_empty() && looked_up > 0, "{start:?}");
            // A missing stamp would be as old as the clock.
            assert!(skews.iter().all(|&skew| skew < 60_000_000_000), "{start:?}");
        }
        let skews = skew(1, StartLine::Timebase, time, &context, || ()).unwrap();
        assert!(skews.iter().all(|&skew| skew == 0));
    }

    #[test]
    fn a_done_context_leaves_nothing_to_measure() {
        let (context, canceler) = Context::background().with_cancel();
        canceler.cancel();
        let minute = Duration::from_mins(1);
        let skews = skew(2, StartLine::Timebase, minute, &context, || ()).unwrap();
        assert!(skews.is_empty());
    }
}
