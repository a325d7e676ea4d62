//! What every strategy's kernel is made of, and how many counters of a kind stand side by side.

use std::sync::atomic::{AtomicU64, Ordering};

use crossbeam_utils::CachePadded;

use crate::sync::Context;

/// How many increments a kernel makes before it looks at its context again.
///
/// Small enough that a thousand threads that queue for one lock still end within a tenth of a
/// second; large enough that the look costs nothing that can be measured.
const SLICE: u64 = 1024;

/// The work of one thread in one run.
#[derive(Debug, Clone, Copy)]
pub struct Work<'a> {
    /// How many increments the thread is to make.
    pub increments: u64,
    /// When it is done, the thread stops early; the run then counts for nothing.
    pub context: &'a Context,
}

impl<'a> Work<'a> {
    /// The increments in slices: a kernel loops over slices, and inside a slice at full speed.
    #[inline]
    pub fn slices(self) -> Slices<'a> {
        self.slices_of(SLICE)
    }

    /// Slices of at most `most` increments, for strategies whose slice has a meaning of its own.
    #[inline]
    pub fn slices_of(self, most: u64) -> Slices<'a> {
        Slices {
            left: self.increments,
            most,
            context: self.context,
            first: true,
        }
    }
}

/// Iterator over the lengths of slices; ends early when the context is done.
#[derive(Debug)]
pub struct Slices<'a> {
    left: u64,
    most: u64,
    context: &'a Context,
    first: bool,
}

impl Iterator for Slices<'_> {
    type Item = u64;

    #[inline]
    fn next(&mut self) -> Option<u64> {
        // Whoever hands out the work has looked just before the first slice; a run of one
        // increment is too short to look twice.
        if self.left == 0 || (!self.first && self.context.is_done()) {
            return None;
        }
        self.first = false;
        let slice = self.left.min(self.most);
        self.left -= slice;
        Some(slice)
    }
}

/// One shared counter and the way a strategy adds to it: its native kernel.
pub trait Counter: Send + Sync {
    /// Back to 0, ready for a run. Called while nobody counts.
    fn reset(&self);

    /// Looks at the counter, so that its cache line is at hand when the run starts.
    ///
    /// Without it one thread has the line to itself, and has counted to the end before the line has
    /// travelled to the others: short runs would hardly ever race.
    fn look(&self) {}

    /// Makes the increments of thread `thread`: the loop that everything here is about.
    fn count(&self, thread: usize, work: Work<'_>);

    /// Takes part in the run as reader `reader`, until all threads have counted, or it has read what
    /// it has waited for, or the context is done.
    ///
    /// Called only for strategies that have readers.
    fn read(&self, _reader: usize, _context: &Context) {}

    /// The total of the run that has ended. Called while nobody counts.
    fn total(&self) -> u64;

    /// The run that has ended counts: keeps what was noted in it. Called while nobody counts, and
    /// not for a run that was cut short.
    fn keep(&self) {}

    /// What the readers of all runs so far have seen; `None` for strategies that have none.
    fn readings(&self) -> Option<Readings> {
        None
    }
}

/// What the readers of `rwlock` have seen: counted, not assumed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Readings {
    /// How often a reader has read the counter.
    pub reads: u64,
    /// The most readers that were inside the lock at the same moment.
    pub most_inside: u64,
    /// How often a writer that held the lock found a reader inside.
    pub with_writer: u64,
    /// How often a reader saw a smaller value than it had seen before in the same run.
    pub backwards: u64,
    /// What became of the waiting, where the readers waited for a total.
    pub awaited: Option<Awaited>,
}

/// How readers waited for a total, in the runs that count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Awaited {
    /// The total.
    pub total: u64,
    /// Runs in which the counter reached it.
    pub runs_reached: u64,
    /// Runs in which it did not.
    pub runs_never_reached: u64,
    /// The most readers that read at the same moment once it was reached, in the run in which they
    /// were fewest; `None` where it never was.
    pub together: Option<u64>,
    /// Each reader.
    pub readers: Vec<Waited>,
}

/// How one reader waited, over all runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Waited {
    /// Runs in which it had to wait.
    pub waits: u64,
    /// How often it was woken.
    pub wake_ups: u64,
    /// How often it was woken and the counter was still below the total.
    pub in_vain: u64,
    /// Nanoseconds of all waits together.
    pub all_ns: u64,
    /// Nanoseconds of the shortest wait; 0 where there was none.
    pub least_ns: u64,
    /// Nanoseconds of the longest wait.
    pub most_ns: u64,
    /// Whether it was still waiting when a run was cut short.
    pub still_waiting: bool,
}

impl Waited {
    /// Takes in a run.
    pub(super) fn join(&mut self, run: Self) {
        self.least_ns = match (self.waits, run.waits) {
            (0, _) => run.least_ns,
            (_, 0) => self.least_ns,
            _ => self.least_ns.min(run.least_ns),
        };
        self.waits += run.waits;
        self.wake_ups += run.wake_ups;
        self.in_vain += run.in_vain;
        self.all_ns += run.all_ns;
        self.most_ns = self.most_ns.max(run.most_ns);
    }
}

impl Readings {
    /// Both taken together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            reads: self.reads + other.reads,
            most_inside: self.most_inside.max(other.most_inside),
            with_writer: self.with_writer + other.with_writer,
            backwards: self.backwards + other.backwards,
            // Counters side by side share one log of it.
            awaited: self.awaited.or(other.awaited),
        }
    }
}

/// Equal counters side by side, each on cache lines of its own: what a stride works through.
///
/// The seam between the lab, which knows no strategy, and the kernels: one dynamic call for a
/// stride of runs, none inside.
pub trait Counters: Send + Sync {
    /// Looks at the first `how_many` counters, see [`Counter::look`].
    fn look(&self, how_many: usize);

    /// Lets thread `thread` count on the first `how_many` counters, one after the other.
    fn count(&self, how_many: usize, thread: usize, work: Work<'_>);

    /// Lets reader `reader` read the first `how_many` counters, one after the other.
    fn read(&self, how_many: usize, reader: usize, context: &Context);

    /// Takes the results of runs that count: stores the totals of the first counters, one for each
    /// slot, keeps what was noted, and resets those counters.
    fn harvest(&self, slots: &[AtomicU64]);

    /// What readers have seen on all counters.
    fn readings(&self) -> Option<Readings>;
}

/// The one implementation of [`Counters`], for every kind of counter.
#[derive(Debug)]
pub struct Lanes<C>(Box<[CachePadded<C>]>);

impl<C: Counter> Lanes<C> {
    /// So many counters, each made by `make` and reset.
    pub fn boxed(how_many: usize, make: impl Fn() -> C) -> Box<Self> {
        let fresh = |_| {
            let counter = make();
            counter.reset();
            CachePadded::new(counter)
        };
        Box::new(Self((0..how_many).map(fresh).collect()))
    }
}

impl<C: Counter> Counters for Lanes<C> {
    fn look(&self, how_many: usize) {
        for counter in &self.0[..how_many] {
            counter.look();
        }
    }

    fn count(&self, how_many: usize, thread: usize, work: Work<'_>) {
        for counter in &self.0[..how_many] {
            // A stride of short runs may take long in all.
            if work.context.is_done() {
                break;
            }
            counter.count(thread, work);
        }
    }

    fn read(&self, how_many: usize, reader: usize, context: &Context) {
        for counter in &self.0[..how_many] {
            counter.read(reader, context);
        }
    }

    fn harvest(&self, slots: &[AtomicU64]) {
        for (counter, slot) in self.0.iter().zip(slots) {
            slot.store(counter.total(), Ordering::Relaxed);
            counter.keep();
            counter.reset();
        }
    }

    fn readings(&self) -> Option<Readings> {
        self.0
            .iter()
            .filter_map(|counter| counter.readings())
            .reduce(Readings::and)
    }
}
