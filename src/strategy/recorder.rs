//! The recorder: a kernel beside the plain one, whose stores say who stored them.
//!
//! The counter is still one 64-bit word that is loaded, increased and stored; the plain kernels are
//! not touched. Its upper half is the count. Its lower half is a mark that names the store: no two
//! increments of a run store the same mark. So whoever logs the word that it has loaded has logged
//! which store it read from, and no clock is needed to know.

use std::sync::atomic::{AtomicU64, Ordering, compiler_fence};

use crossbeam_utils::CachePadded;
use quanta::Clock;

use super::{Counter, Counters, Readings, Shape, Word, Work};
use crate::error::Error;
use crate::sync::Context;

/// The most increments of all threads together: the count and the mark have 32 bits each.
pub const MOST_RECORDED: u64 = u32::MAX as u64;

/// An increment of the count, in the word.
pub(super) const ONE: u64 = 1 << 32;

/// Every so many increments a thread looks at the clock.
///
/// The look costs more than the increment, some 15 ns against one, so looking every time would be
/// measuring the clock, and the threads would hardly race.
const CLOCK_EVERY: usize = 16;

/// In logs, what has not been written.
const UNWRITTEN: u64 = u64::MAX;

/// The bytes that an increment takes in a log of many: a word, and its share of the clock's.
pub const LOGGED: u64 = 9;

/// The log of one thread, of a length fixed before the run.
#[derive(Debug)]
struct ThreadLog {
    /// The word that each increment has loaded.
    loaded: Box<[AtomicU64]>,
    /// The clock after the first increment, after each [`CLOCK_EVERY`] further ones, and at the end.
    ticks: Box<[AtomicU64]>,
}

impl ThreadLog {
    fn of(increments: usize) -> Option<Self> {
        // Written to beforehand: memory that is touched for the first time during the run would
        // stop the thread again and again while the system finds it.
        let unwritten = |how_many: usize| {
            let mut slots = Vec::new();
            slots.try_reserve_exact(how_many).ok()?;
            slots.extend((0..how_many).map(|_| AtomicU64::new(UNWRITTEN)));
            Some(slots.into_boxed_slice())
        };
        Some(Self {
            loaded: unwritten(increments)?,
            ticks: unwritten(increments.div_ceil(CLOCK_EVERY) + 1)?,
        })
    }
}

/// What a thread writes its log with: as cheap as can be, and shared with nobody.
#[derive(Debug)]
pub struct Pen<'a> {
    log: &'a ThreadLog,
    clock: &'a Clock,
    /// Increments logged.
    done: usize,
    /// The mark of the thread's first increment.
    first: u64,
}

impl Pen<'_> {
    /// The word that the next increment stores after it has loaded `seen`: the count goes up by 1,
    /// the mark is its own.
    #[inline]
    pub fn sign(&self, seen: u64) -> u64 {
        ((seen | (ONE - 1)) + 1) + self.first + self.done as u64
    }

    /// Logs that the increment is done, and what it had loaded.
    #[inline]
    pub fn note(&mut self, seen: u64) {
        if let Some(slot) = self.log.loaded.get(self.done) {
            slot.store(seen, Ordering::Relaxed);
        }
        if self.done.is_multiple_of(CLOCK_EVERY) {
            self.look_at_the_clock();
        }
        self.done += 1;
    }

    /// [`Word::increment`], recorded.
    #[inline]
    pub fn increment(&mut self, word: &Word) {
        self.increment_around(word, || ());
    }

    /// [`Word::increment_around`], recorded.
    #[inline]
    pub fn increment_around(&mut self, word: &Word, window: impl FnOnce()) {
        let seen = word.load();
        compiler_fence(Ordering::SeqCst);
        window();
        word.store(self.sign(seen));
        self.note(seen);
    }

    /// After the store, so that the clock stands between no load and its store.
    #[inline]
    fn look_at_the_clock(&self) {
        if let Some(slot) = self.log.ticks.get(self.done.div_ceil(CLOCK_EVERY)) {
            slot.store(self.clock.raw(), Ordering::Relaxed);
        }
    }

    fn finish(&self) {
        if let Some(slot) = self.log.ticks.last() {
            slot.store(self.clock.raw(), Ordering::Relaxed);
        }
    }
}

/// A counter that can also be counted on with a pen in the hand.
pub trait Recordable: Counter {
    /// As [`Counter::count`], with every increment signed and noted.
    fn count_recorded(&self, thread: usize, work: Work<'_>, pen: &mut Pen<'_>);

    /// Puts marks into the words where the kernel itself could not: `loaded` are the words that the
    /// increments have loaded, in the order of their marks, and `last` is the final one.
    fn name_stores(&self, _loaded: &mut [u64], _last: &mut u64) {}
}

/// Counters of which the last run has been recorded.
pub trait Tape: Counters {
    /// Makes the logs, which take [`LOGGED`] bytes an increment. To be called before the first run.
    ///
    /// # Errors
    ///
    /// [`Error::Machine`] where there is no memory for them.
    fn make_logs(&mut self) -> Result<(), Error>;

    /// The recording of the last run. To be called while nobody counts.
    fn recording(&self) -> Recording;
}

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
    /// Every so many increments there is a time.
    pub clock_every: usize,
    /// The word at the end.
    pub last: u64,
}

/// What is said where the memory does not suffice for a recorded run.
pub fn no_memory(shape: Shape) -> Error {
    Error::Machine(format!(
        "there is no memory to trace {} increments; ask for fewer with --threads or --increments",
        shape.expected()
    ))
}

/// The count in a recorded word.
pub fn count_in(word: u64) -> u64 {
    word >> 32
}

/// The mark in a recorded word: 0 for the initial word, else the increment's number counted from 1,
/// first all of thread A, then all of B, ...
pub fn mark_in(word: u64) -> u64 {
    word & (ONE - 1)
}

/// The one implementation of [`Tape`], for every kind of counter.
#[derive(Debug)]
pub struct Recorder<C> {
    counter: CachePadded<C>,
    shape: Shape,
    logs: Box<[CachePadded<ThreadLog>]>,
    clock: Clock,
    last: AtomicU64,
}

impl<C: Recordable + 'static> Recorder<C> {
    /// A recorder around this counter, without its logs: see [`Tape::make_logs`].
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] where the word has no room for so many increments.
    pub fn boxed(shape: Shape, clock: &Clock, counter: C) -> Result<Box<dyn Tape>, Error> {
        let expected = shape.expected();
        if expected > MOST_RECORDED {
            return Err(Error::Usage(format!(
                "--threads {} times --increments {} is {expected}, but a traced counter has room \
                 for {MOST_RECORDED} increments in all; ask for fewer increments",
                shape.threads(),
                shape.increments()
            )));
        }
        counter.reset();
        Ok(Box::new(Self {
            counter: CachePadded::new(counter),
            shape,
            logs: Box::default(),
            clock: clock.clone(),
            last: AtomicU64::new(0),
        }))
    }
}

impl<C: Recordable> Counters for Recorder<C> {
    fn look(&self, _how_many: usize) {
        self.counter.look();
    }

    fn count(&self, _how_many: usize, thread: usize, work: Work<'_>) {
        let mut pen = Pen {
            log: &self.logs[thread],
            clock: &self.clock,
            done: 0,
            first: thread as u64 * self.shape.increments() + 1,
        };
        self.counter.count_recorded(thread, work, &mut pen);
        pen.finish();
    }

    fn read(&self, _how_many: usize, reader: usize, context: &Context) {
        self.counter.read(reader, context);
    }

    fn harvest(&self, slots: &[AtomicU64]) {
        let last = self.counter.total();
        self.last.store(last, Ordering::Relaxed);
        for slot in slots {
            slot.store(count_in(last), Ordering::Relaxed);
        }
        self.counter.reset();
    }

    fn readings(&self) -> Option<Readings> {
        self.counter.readings()
    }
}

impl<C: Recordable> Tape for Recorder<C> {
    fn make_logs(&mut self) -> Result<(), Error> {
        let log = |_| {
            let increments = usize::try_from(self.shape.increments()).ok()?;
            Some(CachePadded::new(ThreadLog::of(increments)?))
        };
        let logs: Option<_> = (0..self.shape.threads()).map(log).collect();
        self.logs = logs.ok_or_else(|| no_memory(self.shape))?;
        Ok(())
    }

    fn recording(&self) -> Recording {
        let plain = |slots: &[AtomicU64]| -> Vec<u64> {
            let loads = slots.iter().map(|slot| slot.load(Ordering::Relaxed));
            loads.collect()
        };
        let mut loaded = Vec::with_capacity(usize::try_from(self.shape.expected()).unwrap_or(0));
        for log in &self.logs {
            loaded.extend(log.loaded.iter().map(|slot| slot.load(Ordering::Relaxed)));
        }
        let mut last = self.last.load(Ordering::Relaxed);
        self.counter.name_stores(&mut loaded, &mut last);
        Recording {
            shape: self.shape,
            loaded,
            ticks: self.logs.iter().map(|log| plain(&log.ticks)).collect(),
            clock_every: CLOCK_EVERY,
            last,
        }
    }
}
