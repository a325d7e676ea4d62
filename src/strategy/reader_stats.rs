//! The statistics of the readers of `rwlock`: counted, not assumed.

use std::sync::atomic::{AtomicU64, Ordering};

/// What the readers of `rwlock` have seen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReaderStats {
    /// How often a reader has read the counter.
    pub reads: u64,
    /// The largest number of readers that were inside the lock at the same moment.
    pub most_inside: u64,
    /// How often a writer that held the lock found a reader inside.
    pub with_writer: u64,
    /// How often a reader saw a smaller value than it had seen before in the same run.
    pub backwards: u64,
    /// The waits for a total, if the readers waited for one.
    pub awaited: Option<AwaitStats>,
}

impl ReaderStats {
    /// Adds up the statistics of two counters.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            reads: self.reads + other.reads,
            most_inside: self.most_inside.max(other.most_inside),
            with_writer: self.with_writer + other.with_writer,
            backwards: self.backwards + other.backwards,
            // All counters of an array share one log of the waits.
            awaited: self.awaited.or(other.awaited),
        }
    }
}

/// How readers waited for a total, in the runs that count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AwaitStats {
    /// The total.
    pub total: u64,
    /// Runs in which the counter reached the total.
    pub runs_reached: u64,
    /// Runs in which it did not.
    pub runs_never_reached: u64,
    /// The largest number of readers that read at the same moment once the total was reached, in
    /// the run in which this number was smallest; `None` if no run reached the total.
    pub together: Option<u64>,
    /// The waits of each reader.
    pub readers: Vec<WaitStats>,
}

/// How one reader waited, over all runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WaitStats {
    /// Runs in which it had to wait.
    pub waits: u64,
    /// How often it was woken.
    pub wake_ups: u64,
    /// How often it was woken while the counter was still below the total.
    pub spurious_wake_ups: u64,
    /// Nanoseconds of all waits together.
    pub all_ns: u64,
    /// Nanoseconds of the shortest wait; 0 if there was none.
    pub least_ns: u64,
    /// Nanoseconds of the longest wait.
    pub most_ns: u64,
    /// Whether it was still waiting when a run was cut short.
    pub still_waiting: bool,
}

impl WaitStats {
    /// Adds the waits of one more run.
    pub(super) fn add(&mut self, run: Self) {
        self.least_ns = match (self.waits, run.waits) {
            (0, _) => run.least_ns,
            (_, 0) => self.least_ns,
            _ => self.least_ns.min(run.least_ns),
        };
        self.waits += run.waits;
        self.wake_ups += run.wake_ups;
        self.spurious_wake_ups += run.spurious_wake_ups;
        self.all_ns += run.all_ns;
        self.most_ns = self.most_ns.max(run.most_ns);
    }
}

/// [`ReaderStats`] of one counter in the making: what its readers and writers notice, over all runs.
#[derive(Debug, Default)]
pub(super) struct ReaderTally {
    pub(super) reads: AtomicU64,
    pub(super) most_inside: AtomicU64,
    pub(super) with_writer: AtomicU64,
    pub(super) backwards: AtomicU64,
}

impl ReaderTally {
    /// Returns the tally so far, together with the waits for a total, if there were any.
    pub(super) fn stats(&self, awaited: Option<AwaitStats>) -> ReaderStats {
        ReaderStats {
            reads: self.reads.load(Ordering::Relaxed),
            most_inside: self.most_inside.load(Ordering::Relaxed),
            with_writer: self.with_writer.load(Ordering::Relaxed),
            backwards: self.backwards.load(Ordering::Relaxed),
            awaited,
        }
    }
}
