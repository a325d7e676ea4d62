//! Counters with their kernels, and the array of counters that a stride of runs works through.

use std::ops::{Deref, Range};
use std::sync::atomic::{AtomicU64, Ordering};

use crossbeam_utils::CachePadded;

use super::recording::LoggedCounter;
use super::{NoRecorder, ReaderStats, Recorder, RecordingCounter, Shape, Work};
use crate::error::Error;
use crate::sync::Context;

/// One shared counter and the way a strategy adds to it: its native kernel.
pub trait Counter: Send + Sync {
    /// Whether every store writes the mark of its increment, see [`Recorder::successor`].
    ///
    /// An instruction that adds to a word in memory cannot. Stores can then be told apart only if no
    /// two increments load the same count.
    const STORES_MARKS: bool = true;

    /// Sets the counter to 0, ready for a run. Called while no thread counts.
    fn reset(&self);

    /// Loads the counter, so that its cache line is at hand when the run starts.
    ///
    /// Without this, one thread has the cache line to itself, and has counted to the end before the
    /// line has travelled to the other cores: short runs would hardly ever race.
    fn look(&self) {}

    /// Makes the increments of thread `thread`, each of them through the recorder: the loop that
    /// everything here is about.
    ///
    /// There is one loop, whether a run is counted or traced; with [`NoRecorder`] the recorder's
    /// part of it compiles to nothing.
    fn count<R: Recorder>(&self, thread: usize, work: Work<'_>, recorder: &mut R);

    /// Takes part in the run as reader `reader`, until all threads have counted, the reader has
    /// seen the total it waits for, or the context is done.
    ///
    /// Called only for strategies that have readers.
    fn read(&self, _reader: usize, _context: &Context) {}

    /// Returns the total of the run that has ended. Called while no thread counts.
    fn total(&self) -> u64;

    /// Keeps what was noted in the run that has ended, because the run counts. Called while no
    /// thread counts, and not for a run that was cut short.
    fn keep(&self) {}

    /// Returns what the readers of all runs so far have seen; `None` for strategies without
    /// readers.
    fn reader_stats(&self) -> Option<ReaderStats> {
        None
    }
}

/// Equal counters side by side: what a stride, or a batch, works through.
///
/// The seam between the lab, which knows no strategy, and the kernels: one dynamic call for a
/// stride of runs, none inside.
pub trait Counters: Send + Sync {
    /// Loads the counters with these numbers, see [`Counter::look`].
    fn look(&self, which: Range<usize>);

    /// Lets thread `thread` count on the counters with these numbers, one after the other.
    fn count(&self, which: Range<usize>, thread: usize, work: Work<'_>);

    /// Lets reader `reader` read the first `how_many` counters, one after the other.
    fn read(&self, how_many: usize, reader: usize, context: &Context);

    /// Takes the results of runs that count: stores the totals of the first counters, one in each
    /// slot, keeps what was noted, and resets these counters.
    fn take_totals(&self, slots: &[AtomicU64]);

    /// Resets the first `how_many` counters after runs that do not count.
    fn discard(&self, how_many: usize);

    /// Returns what readers have seen on all counters.
    fn reader_stats(&self) -> Option<ReaderStats>;
}

/// Makes the counters of a strategy, all of one kind: implemented for every function that returns a
/// [`Counter`].
pub trait Kernel {
    /// Returns `how_many` counters side by side, ready for a run; each on cache lines of its own if they are
    /// to be `apart`.
    fn counters(&self, how_many: usize, apart: bool) -> Box<dyn Counters>;

    /// Returns one counter that records runs of this shape, see [`Strategy::recorded`](super::Strategy::recorded).
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] if the counter has no room for this many increments.
    fn recorded(&self, shape: Shape) -> Result<Box<dyn RecordingCounter>, Error>;
}

impl<C: Counter + 'static, F: Fn() -> C> Kernel for F {
    fn counters(&self, how_many: usize, apart: bool) -> Box<dyn Counters> {
        let fresh = (0..how_many).map(|_| {
            let counter = self();
            counter.reset();
            counter
        });
        if apart {
            Box::new(CounterArray(fresh.map(CachePadded::new).collect()))
        } else {
            Box::new(CounterArray(fresh.map(Dense).collect()))
        }
    }

    fn recorded(&self, shape: Shape) -> Result<Box<dyn RecordingCounter>, Error> {
        LoggedCounter::boxed(shape, self())
    }
}

/// A counter that may have neighbours in its cache line: so in a stride of single increments a line that moves to
/// another core once serves several runs.
///
/// Measured on 2 cores (2 threads with 1 increment, strides of 512): 60 to 63 million runs a second, 64 to 69 % of
/// them wrong; 21 to 26 million and 10 to 30 % with a line for each counter.
struct Dense<C>(C);

impl<C> Deref for Dense<C> {
    type Target = C;

    fn deref(&self) -> &C {
        &self.0
    }
}

/// The most runs that a thread begins between two looks at its context. Long ones look themselves.
const UNSEEN: usize = 16;

/// The counters of an experiment that records nothing, for every kind of counter.
struct CounterArray<P>(Box<[P]>);

impl<P> Counters for CounterArray<P>
where
    P: Deref<Target: Counter> + Send + Sync,
{
    fn look(&self, which: Range<usize>) {
        for counter in &self.0[which] {
            counter.look();
        }
    }

    fn count(&self, which: Range<usize>, thread: usize, work: Work<'_>) {
        for counters in self.0[which].chunks(UNSEEN) {
            // A stride of short runs may take long in all.
            if work.context.is_done() {
                break;
            }
            let each = |work| {
                for counter in counters {
                    counter.count(thread, work, &mut NoRecorder);
                }
            };
            match work.increments {
                // A loop of its own, of a load, an addition and a store: so the processor loads some lines ahead of
                // its stores.
                1 => each(Work {
                    increments: 1,
                    ..work
                }),
                _ => each(work),
            }
        }
    }

    fn read(&self, how_many: usize, reader: usize, context: &Context) {
        for counter in &self.0[..how_many] {
            counter.read(reader, context);
        }
    }

    fn take_totals(&self, slots: &[AtomicU64]) {
        for (counter, slot) in self.0.iter().zip(slots) {
            slot.store(counter.total(), Ordering::Relaxed);
            counter.keep();
            counter.reset();
        }
    }

    fn discard(&self, how_many: usize) {
        for counter in &self.0[..how_many] {
            counter.reset();
        }
    }

    fn reader_stats(&self) -> Option<ReaderStats> {
        self.0
            .iter()
            .filter_map(|counter| counter.reader_stats())
            .reduce(ReaderStats::and)
    }
}
