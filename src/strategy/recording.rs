//! Recorded runs: a counter whose kernel writes a log, and the recording that is made of the log.

use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};

use crossbeam_utils::CachePadded;

use super::recorder::{CLOCK_EVERY, ThreadLog};
use super::{Counter, Counters, MOST_RECORDED, ReaderStats, Shape, ThreadRecorder, Work, count_in};
use crate::error::Error;
use crate::sync::Context;

/// The bytes that an increment takes in a long log: a word, and its share of the clock's.
pub const LOG_BYTES: u64 = 9;

/// A recorded run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recording {
    /// Threads and increments.
    pub shape: Shape,
    /// The words that the increments have loaded: first all of thread A, then all of B, ...
    pub loaded: Vec<u64>,
    /// For each thread, the clock after the first increment, after each further
    /// [`clock_every`](Self::clock_every), and at the end.
    pub ticks: Vec<Vec<u64>>,
    /// The number of increments from one look at the clock to the next.
    pub clock_every: usize,
    /// The word at the end.
    pub last: u64,
}

/// Counters that record their last run.
pub trait RecordingCounter: Counters {
    /// Allocates the logs, which take [`LOG_BYTES`] bytes an increment. To be called before the
    /// first run.
    ///
    /// # Errors
    ///
    /// [`Error::Machine`] if there is no memory for them.
    fn make_logs(&mut self) -> Result<(), Error>;

    /// Returns the recording of the last run. To be called while no thread counts.
    fn recording(&self) -> Recording;
}

/// Returns the error that says that memory does not suffice for a recorded run.
pub fn no_memory(shape: Shape) -> Error {
    Error::Machine(format!(
        "there is no memory to trace {} increments; use fewer with --threads or --increments",
        shape.expected()
    ))
}

/// One counter with the logs of its threads, for every kind of counter.
#[derive(Debug)]
pub(super) struct LoggedCounter<C> {
    counter: CachePadded<C>,
    shape: Shape,
    logs: Box<[CachePadded<ThreadLog>]>,
    last: AtomicU64,
}

impl<C: Counter + 'static> LoggedCounter<C> {
    /// Returns the counter, still without its logs: see
    /// [`RecordingCounter::make_logs`].
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] if the word has no room for this many increments.
    pub(super) fn boxed(shape: Shape, counter: C) -> Result<Box<dyn RecordingCounter>, Error> {
        let expected = shape.expected();
        if expected > MOST_RECORDED {
            return Err(Error::Usage(format!(
                "--threads {} times --increments {} is {expected}, but a traced counter has room \
                 for {MOST_RECORDED} increments in all; use fewer increments",
                shape.threads(),
                shape.increments()
            )));
        }
        counter.reset();
        Ok(Box::new(Self {
            counter: CachePadded::new(counter),
            shape,
            logs: Box::default(),
            last: AtomicU64::new(0),
        }))
    }
}

impl<C: Counter> Counters for LoggedCounter<C> {
    fn look(&self, _which: Range<usize>) {
        self.counter.look();
    }

    fn count(&self, _which: Range<usize>, thread: usize, work: Work<'_>) {
        let first = thread as u64 * self.shape.increments() + 1;
        let mut recorder = ThreadRecorder::new(&self.logs[thread], first);
        self.counter.count(thread, work, &mut recorder);
        recorder.finish();
    }

    fn read(&self, _how_many: usize, reader: usize, context: &Context) {
        self.counter.read(reader, context);
    }

    fn take_totals(&self, slots: &[AtomicU64]) {
        let last = self.counter.total();
        self.last.store(last, Ordering::Relaxed);
        for slot in slots {
            slot.store(count_in(last), Ordering::Relaxed);
        }
        self.counter.reset();
    }

    fn discard(&self, _how_many: usize) {
        self.counter.reset();
    }

    fn reader_stats(&self) -> Option<ReaderStats> {
        self.counter.reader_stats()
    }
}

impl<C: Counter> RecordingCounter for LoggedCounter<C> {
    fn make_logs(&mut self) -> Result<(), Error> {
        let log = |_| {
            let increments = usize::try_from(self.shape.increments()).ok()?;
            Some(CachePadded::new(ThreadLog::new(increments)?))
        };
        let logs: Option<_> = (0..self.shape.threads()).map(log).collect();
        self.logs = logs.ok_or_else(|| no_memory(self.shape))?;
        Ok(())
    }

    fn recording(&self) -> Recording {
        let words = |slots: &[AtomicU64]| -> Vec<u64> {
            let loads = slots.iter().map(|slot| slot.load(Ordering::Relaxed));
            loads.collect()
        };
        let mut loaded = Vec::with_capacity(usize::try_from(self.shape.expected()).unwrap_or(0));
        for log in &self.logs {
            loaded.extend(log.loaded.iter().map(|slot| slot.load(Ordering::Relaxed)));
        }
        let mut last = self.last.load(Ordering::Relaxed);
        if !C::STORES_MARKS {
            mark_by_count(&mut loaded, &mut last);
        }
        Recording {
            shape: self.shape,
            loaded,
            ticks: self.logs.iter().map(|log| words(&log.ticks)).collect(),
            clock_every: CLOCK_EVERY,
            last,
        }
    }
}

/// Puts the missing marks into words that hold only a count: `loaded` are the words that the
/// increments have loaded, in the order of their marks, and `last` is the final word.
///
/// No two increments have loaded the same count, so the count tells which of them stored it.
fn mark_by_count(loaded: &mut [u64], last: &mut u64) {
    // By count, the mark of the increment that stored it.
    let mut marks = vec![0; loaded.len() + 1];
    for (increment, &word) in (1_u64..).zip(&*loaded) {
        let stored = usize::try_from(count_in(word)).map_or(usize::MAX, |seen| seen + 1);
        if let Some(mark) = marks.get_mut(stored) {
            *mark = increment;
        }
    }
    for word in loaded.iter_mut().chain([last]) {
        let count = usize::try_from(count_in(*word)).unwrap_or(usize::MAX);
        *word |= marks.get(count).copied().unwrap_or(0);
    }
}
