//! How far apart the threads of a run really start.
//!
//! A run of the usual crew on the usual start line, whose "counting" only notes the time.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crossbeam_utils::CachePadded;
use quanta::Clock;

use super::crew::{Chunk, Crew, Needs, Order};
use crate::error::Error;
use crate::plan::{Pinning, StartLine};
use crate::strategy::{Counters, ReaderStats, Word, Work};
use crate::sync::Context;

/// The most starts of one chunk.
const STARTS: u64 = 1 << 15;

/// Lets a crew of so many threads start over and over for so long; the nanoseconds between the
/// first and the last of them to start, each time, in the order in which they were made.
///
/// At least one start is made, unless the context is done. What the clocks of two cores differ by,
/// where they differ at all, is part of the result.
///
/// # Errors
///
/// [`Error::Machine`] where the threads cannot be started.
pub fn skew(
    threads: usize,
    start: StartLine,
    budget: Duration,
    context: &Context,
    mut meanwhile: impl FnMut(),
) -> Result<Vec<u64>, Error> {
    let crew = Crew::muster(Needs::threads(threads), start, Pinning::Spread)?;
    let stamps = Stamps::new(threads);
    let chunk = Chunk::new(STARTS, 1);
    let order = Order {
        counters: &stamps,
        stride: 1,
        increments: 1,
        runs: STARTS,
        context,
    };
    let (mut all, mut skews, mut meetings_ns) = (Vec::new(), Vec::new(), Vec::new());
    let began = Instant::now();
    while !context.is_done() && (all.is_empty() || began.elapsed() < budget) {
        crew.execute(order, &chunk, &mut meanwhile);
        chunk.copy_to(&mut skews, &mut meetings_ns);
        all.append(&mut skews);
        meanwhile();
    }
    Ok(all)
}

/// Nanoseconds that one tick of the clock lasts which the crew starts by.
pub fn tick_ns() -> f64 {
    const TICKS: u64 = 1 << 30;
    Clock::new().delta_as_nanos(0, TICKS) as f64 / TICKS as f64
}

/// When each thread has started, in place of a counter.
///
/// invariants: a run that is harvested has been started by every thread, so that no stamp of an
/// earlier run is left.
#[derive(Debug)]
struct Stamps {
    clock: Clock,
    /// What the waiting threads look at, as they do at a counter: it is written between two runs.
    word: CachePadded<Word>,
    started: Box<[CachePadded<AtomicU64>]>,
}

impl Stamps {
    fn new(threads: usize) -> Self {
        Self {
            clock: Clock::new(),
            word: CachePadded::default(),
            started: (0..threads).map(|_| CachePadded::default()).collect(),
        }
    }
}

impl Counters for Stamps {
    fn look(&self, _how_many: usize) {
        std::hint::black_box(self.word.load());
    }

    fn count(&self, _how_many: usize, thread: usize, _work: Work<'_>) {
        self.started[thread].store(self.clock.raw(), Ordering::Relaxed);
    }

    fn read(&self, _how_many: usize, _reader: usize, _context: &Context) {}

    fn harvest(&self, slots: &[AtomicU64]) {
        let stamps = || self.started.iter().map(|at| at.load(Ordering::Relaxed));
        let (first, last) = (stamps().min(), stamps().max());
        let skew = self
            .clock
            .delta_as_nanos(first.unwrap_or(0), last.unwrap_or(0));
        for slot in slots {
            slot.store(skew, Ordering::Relaxed);
        }
        self.word.store(0);
    }

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
        stamps.harvest(std::slice::from_ref(&slot));
        // Two million ticks, whatever a tick is.
        let (skew, ticks) = (slot.into_inner() as f64, 2e6 * tick_ns());
        assert!((skew / ticks - 1.0).abs() < 0.01, "{skew} of {ticks}");
    }

    #[test]
    fn every_start_line_is_measured() {
        for start in [
            StartLine::Timebase,
            StartLine::Spin,
            StartLine::Barrier,
            StartLine::None,
        ] {
            let context = Context::background();
            let mut looked_up = 0;
            let time = Duration::from_millis(1);
            let skews = skew(2, start, time, &context, || looked_up += 1).unwrap();
            assert!(!skews.is_empty() && looked_up > 0, "{start:?}");
            // Stamps that were never noted would be as old as the clock.
            assert!(skews.iter().all(|&skew| skew < 60_000_000_000), "{start:?}");
        }
        let alone = Context::background();
        let time = Duration::from_millis(1);
        let skews = skew(1, StartLine::Timebase, time, &alone, || ()).unwrap();
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
