//! Batches: runs that start one after the other by the clock, without a meeting between them.
//!
//! A meeting costs half a dozen transfers of cache lines and half a microsecond of notice: for a short run, most
//! of its time. So a meeting may open a *batch*. Each of its runs has a counter of its own and starts at an agreed
//! moment, an *interval* after the one before. Nothing but the counters moves between the cores: a thread writes
//! down when it began and ended, and the leader of the next meeting judges the runs by that. While a
//! thread waits for a start it keeps loading the next counters. A line that was written comes from
//! the other core as its own, and only the second transfer, back, leaves a copy in both caches; so these loads have to
//! begin some starts ahead, or one thread has the counter to itself for all of a short run.
//!
//! **The interval** follows the runs. If it is too short, some threads come a little late to the start after the
//! one before: when that happens in more than one of 32 runs the interval grows, otherwise it shrinks. A thread that has
//! lost its core comes much later, and says nothing about the interval. When the interval becomes longer than a
//! meeting is worth, the runs meet again one by one, until they are shorter.
//!
//! **Fair trial.** As for single runs: a run that was over on one core before any other had begun is
//! repeated.
//!
//! Measured on 2 cores (Intel Sapphire Rapids, virtual; a line takes 70 to 120 ns from core to core): at 2 x 1 a start every
//! 150 ns and 99 % of the runs lose an update; with a start every 100 ns nearly all begin late.

use std::sync::atomic::{AtomicU64, Ordering};

use crossbeam_utils::CachePadded;

use crate::platform::ticks::{self, ticks_in};
use crate::strategy::{Counters, Work};

/// The most runs of a batch.
pub(super) const BATCH: usize = 512;

/// The longest interval between two starts of a batch, in nanoseconds: with a longer one, runs of different
/// lengths are through sooner if they meet.
const LONGEST_NS: u64 = 1_000;

/// The lateness from which a thread has lost its core rather than been held up by the run before.
const GAP_NS: u64 = 800;

/// The lateness from which a run is no fair trial.
const LATE_NS: u64 = 30;

/// One run in this many may hold up the next start.
const HOLDUPS: u64 = 128;

/// The share by which the interval shrinks after a batch, and after a run that met for itself.
const SHRINK: [u64; 2] = [32, 256];

/// The counters that a thread loads while it waits for the start on the first of them.
const AHEAD: usize = 3;

/// When the threads of a batch begin and end, and how far apart its starts are.
#[derive(Debug)]
pub(super) struct Batch {
    /// Ticks from one start to the next.
    interval: AtomicU64,
    /// [`LONGEST_NS`], [`GAP_NS`] and [`LATE_NS`] in ticks.
    longest: u64,
    gap: u64,
    late: u64,
    /// For each thread, its times in each run.
    times: Box<[CachePadded<Box<[Times]>>]>,
}

/// When a thread began and ended a run, in ticks of the clock.
#[derive(Debug, Default)]
struct Times {
    began: AtomicU64,
    ended: AtomicU64,
}

/// How a run of a batch went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Trial {
    /// Whether all threads began together.
    pub(super) is_fair: bool,
    /// Nanoseconds from the start until the last thread was done.
    pub(super) elapsed_ns: u64,
}

impl Batch {
    /// Prepares for the batches of this many threads.
    pub(super) fn new(threads: usize) -> Self {
        let times = |_| {
            let times = (0..BATCH).map(|_| Times::default());
            CachePadded::new(times.collect())
        };
        let longest = ticks_in(LONGEST_NS);
        Self {
            interval: AtomicU64::new(2 * longest),
            longest,
            gap: ticks_in(GAP_NS),
            late: ticks_in(LATE_NS),
            times: (0..threads).map(times).collect(),
        }
    }

    /// Returns the most runs that should start from the next meeting.
    pub(super) fn runs(&self) -> usize {
        if self.interval.load(Ordering::Relaxed) > self.longest {
            1
        } else {
            BATCH
        }
    }

    /// Makes the runs of one thread, the first of them at the tick `start`.
    pub(super) fn count(
        &self,
        (runs, start): (usize, u64),
        counters: &dyn Counters,
        thread: usize,
        work: Work<'_>,
    ) {
        let interval = self.interval.load(Ordering::Relaxed);
        // The first one begins an interval after the meeting's start, like any other.
        let mut start = start + interval;
        for (run, times) in self.times[thread][..runs].iter().enumerate() {
            if work.context.is_done() {
                break;
            }
            let soon = run..(run + AHEAD).min(runs);
            let began = loop {
                counters.look(soon.clone());
                let now = ticks::now();
                if now >= start {
                    break now;
                }
            };
            counters.count(run..run + 1, thread, work);
            times.began.store(began, Ordering::Relaxed);
            times.ended.store(ticks::now(), Ordering::Relaxed);
            start += interval;
        }
    }

    /// Judges the runs of a batch, the first of which started at the tick `start`, and sets the interval of the next.
    /// Called while no thread counts.
    pub(super) fn judge(&self, (runs, start): (usize, u64), mut each: impl FnMut(usize, Trial)) {
        let interval = self.interval.load(Ordering::Relaxed);
        let mut holdups = 0;
        // Whether a thread was late for the run before.
        let mut was_late = true;
        for run in 0..runs {
            let start = start + (run as u64 + 1) * interval;
            let (mut began, mut ended) = (start, start);
            for times in &self.times {
                began = began.max(times[run].began.load(Ordering::Relaxed));
                ended = ended.max(times[run].ended.load(Ordering::Relaxed));
            }
            let is_late = began - start > self.late;
            holdups += u64::from(is_late && !was_late && began - start < self.gap);
            was_late = is_late;
            let trial = Trial {
                is_fair: !is_late,
                elapsed_ns: ticks::nanoseconds(start, ended),
            };
            each(run, trial);
        }
        self.adapt(holdups * HOLDUPS > runs as u64, SHRINK[0]);
    }

    /// Adapts the interval to a run that met for itself and took this long.
    pub(super) fn learn(&self, elapsed_ns: u64) {
        let is_long = elapsed_ns > ticks::nanoseconds(0, self.interval.load(Ordering::Relaxed));
        self.adapt(is_long, SHRINK[1]);
    }

    /// Makes the interval longer by an eighth, or shorter by one part in `shrink`.
    fn adapt(&self, is_too_short: bool, shrink: u64) {
        let interval = self.interval.load(Ordering::Relaxed);
        let next = if is_too_short {
            interval + interval / 8
        } else {
            interval - interval / shrink
        };
        let next = next.clamp(self.late, 2 * self.longest);
        self.interval.store(next, Ordering::Relaxed);
    }
}
