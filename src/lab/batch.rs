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
//! **The interval** is half as long again as the mean run, and the time in which the counters settle: as long as the
//! mean run once more, within limits. When it becomes longer than a meeting is worth, the runs meet again one by one,
//! until they are shorter.
//!
//! **Fair trial.** A run to which a thread came late is repeated: the run before held it up, or it had lost its core.
//!
//! Measured on 2 virtual cores of a Xeon (a cache line takes 65 to 115 ns from one to the other, and each core is taken
//! away 14,000 times a second for a few microseconds): 2 threads with 1 and with 100 increments make 2 to 3 million
//! runs a second, and 99.5 to 99.8 % lose updates; with a meeting for each run, 0.5 to 0.7 million and 97 to 98 %.
//! With 1, 3 and 10 increments, and 200 ns to settle after each run, 2.5 to 2.9 million; with 80 ns or more, 4 to 4.6
//! million, and as many of them lose updates.
//! With a start every 150 ns instead, nearly all runs race as well; with one every 100 ns, few threads are in time.

use std::sync::atomic::{AtomicU64, Ordering};

use crossbeam_utils::CachePadded;

use crate::platform::ticks::{self, ticks_in};
use crate::strategy::{Counters, Work};

/// The most runs of a batch.
pub(super) const BATCH: usize = 512;

/// The longest interval between two starts of a batch, in nanoseconds: with a longer one, runs of different
/// lengths are through sooner if they meet.
const LONGEST_NS: u64 = 1_000;

/// The lateness, in nanoseconds, from which a run is no fair trial.
const LATE_NS: u64 = 30;

/// What the interval leaves after the end of most runs, in nanoseconds, for the counters to move, at most: two transfers
/// of a cache line between distant cores.
const MOST_SETTLE_NS: u64 = 200;

/// The same, at least. With less, threads are often late for the next run.
const LEAST_SETTLE_NS: u64 = 80;

/// The counters that a thread loads while it waits for the start on the first of them.
const AHEAD: usize = 3;

/// When the threads of a batch begin and end, and how far apart its starts are.
#[derive(Debug)]
pub(super) struct Batch {
    /// Ticks from one start to the next.
    interval: AtomicU64,
    /// [`LONGEST_NS`] and [`LATE_NS`] in ticks.
    longest: u64,
    late: u64,
    /// [`LEAST_SETTLE_NS`] and [`MOST_SETTLE_NS`] in ticks.
    settle: (u64, u64),
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
            late: ticks_in(LATE_NS),
            settle: (ticks_in(LEAST_SETTLE_NS), ticks_in(MOST_SETTLE_NS)),
            times: (0..threads).map(times).collect(),
        }
    }

    /// Returns whether the runs are short enough. The same for all threads from one meeting to the next.
    pub(super) fn is_worthwhile(&self) -> bool {
        self.interval.load(Ordering::Relaxed) <= self.longest
    }

    /// Makes the runs of one thread after a meeting that ended with a start at the tick `start`.
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

    /// Judges these runs one by one, and sets the interval for the next.
    /// Called while no thread counts.
    pub(super) fn judge(&self, (runs, start): (usize, u64), mut each: impl FnMut(usize, Trial)) {
        let interval = self.interval.load(Ordering::Relaxed);
        let (mut fair, mut took) = (0, 0);
        for run in 0..runs {
            let start = start + (run as u64 + 1) * interval;
            let (mut began, mut ended) = (start, start);
            for times in &self.times {
                began = began.max(times[run].began.load(Ordering::Relaxed));
                ended = ended.max(times[run].ended.load(Ordering::Relaxed));
            }
            let is_fair = began - start <= self.late;
            if is_fair {
                fair += 1;
                took += ended - start;
            }
            let elapsed_ns = ticks::nanoseconds(start, ended);
            let trial = Trial {
                is_fair,
                elapsed_ns,
            };
            each(run, trial);
        }
        let next = match u64::checked_div(took, fair) {
            // Half as long as the mean more, since some take longer.
            Some(mean) => {
                let settle = mean.clamp(self.settle.0, self.settle.1);
                (3 * interval + mean + mean / 2 + settle) / 4
            }
            None => interval + interval / 2,
        };
        self.set(next);
    }

    /// Learns from a run that met for itself and took this long whether starts without meetings are worthwhile.
    pub(super) fn learn(&self, elapsed_ns: u64) {
        let interval = self.interval.load(Ordering::Relaxed);
        self.set(if elapsed_ns > ticks::nanoseconds(0, interval) {
            interval + interval / 8
        } else {
            interval - interval / 256
        });
    }

    fn set(&self, interval: u64) {
        let was_worthwhile = self.is_worthwhile();
        // Runs that have become longer prove for a while that they are short again.
        let jumps = was_worthwhile && interval > self.longest;
        let next = if jumps { u64::MAX } else { interval };
        (self.interval).store(next.min(2 * self.longest), Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RUNS: usize = 4;

    /// Lets two threads make runs: the second begins each of them this many nanoseconds after the start, and both
    /// take this long.
    fn trials(batch: &Batch, late_ns: [u64; RUNS], took_ns: u64) -> Vec<Trial> {
        let interval = batch.interval.load(Ordering::Relaxed);
        for (run, late_ns) in late_ns.into_iter().enumerate() {
            let start = (run as u64 + 1) * interval;
            for (times, late_ns) in batch.times.iter().zip([0, late_ns]) {
                let began = start + ticks_in(late_ns);
                times[run].began.store(began, Ordering::Relaxed);
                let ended = began + ticks_in(took_ns);
                times[run].ended.store(ended, Ordering::Relaxed);
            }
        }
        let mut trials = Vec::new();
        batch.judge((RUNS, 0), |run, trial| {
            assert_eq!(run, trials.len());
            trials.push(trial);
        });
        trials
    }

    #[test]
    fn a_run_is_fair_if_no_thread_came_late() {
        let late_ns = [0, LATE_NS / 2, 10 * LATE_NS, 0];
        let trials = trials(&Batch::new(2), late_ns, 100);
        let fair: Vec<_> = trials.iter().map(|trial| trial.is_fair).collect();
        assert_eq!(fair, [true, true, false, true]);
        let elapsed = |run: usize| trials[run].elapsed_ns;
        assert!(elapsed(0).abs_diff(100) <= 5, "{trials:?}");
        assert!(elapsed(2).abs_diff(100 + 10 * LATE_NS) <= 5, "{trials:?}");
    }

    #[test]
    fn the_interval_follows_the_runs_until_meetings_are_better() {
        let batch = Batch::new(2);
        assert!(!batch.is_worthwhile());
        (0..1000).for_each(|_| batch.learn(LONGEST_NS / 2));
        assert!(batch.is_worthwhile(), "short runs met");
        for _ in 0..40 {
            trials(&batch, [0; RUNS], 10);
        }
        let next = batch.interval.load(Ordering::Relaxed);
        assert!(
            next.abs_diff(ticks_in(LEAST_SETTLE_NS + 15)) <= 10,
            "{next}"
        );
        for _ in 0..40 {
            trials(&batch, [0; RUNS], LONGEST_NS);
            if !batch.is_worthwhile() {
                break;
            }
        }
        assert!(!batch.is_worthwhile(), "the runs have become long");
        batch.learn(LONGEST_NS * 10);
        assert!(!batch.is_worthwhile());
        (0..1000).for_each(|_| batch.learn(LONGEST_NS / 2));
        for _ in 0..40 {
            trials(&batch, [10 * LONGEST_NS; RUNS], 10);
        }
        assert!(!batch.is_worthwhile(), "no run was in time");
    }
}
