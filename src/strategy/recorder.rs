//! The recorders, which a kernel tells of each increment.
//!
//! A kernel is one loop, generic over its [`Recorder`]. [`NoRecorder`] compiles to nothing: this is
//! the loop that is counted and timed. [`ThreadRecorder`] keeps a log: this is the loop that is
//! traced.
//!
//! A recorded counter is still one 64-bit word that is loaded, increased and stored. Its upper half
//! is the count. Its lower half is a mark that identifies the store: no two increments of a run
//! store the same mark. So a thread that logs the word it has loaded has logged which store it read
//! from, and no clock is needed for that.

use std::sync::atomic::{AtomicU64, Ordering, compiler_fence};

use super::Word;
use crate::platform::{may_fail, ticks};

/// The most increments of all threads together: the count and the mark have 32 bits each.
pub const MOST_RECORDED: u64 = u32::MAX as u64;

/// The number of increments from one look at the clock to the next.
///
/// A look costs more than an increment, about 15 ns against one, so a look at each increment would
/// measure the clock, and the threads would hardly race.
pub(super) const CLOCK_EVERY: usize = 16;

/// The value of a log entry that has not been written.
const UNWRITTEN: u64 = u64::MAX;

/// Returns the count in a recorded word.
pub fn count_in(word: u64) -> u64 {
    word >> 32
}

/// Returns the mark in a recorded word: 0 for the initial word, otherwise the number of the
/// increment that stored it, counted from 1, first all of thread A, then all of B, ...
pub fn mark_in(word: u64) -> u64 {
    word & (ThreadRecorder::ONE - 1)
}

/// Sees every increment that a kernel makes.
pub trait Recorder {
    /// What an increment adds to the word.
    const ONE: u64;

    /// Returns the word that the next increment stores after it has loaded `seen`.
    fn successor(&self, seen: u64) -> u64;

    /// Records that the next increment is done, and that it had loaded `seen`.
    fn record(&mut self, seen: u64);

    /// `word += 1` as a load, an addition and a store, which is not atomic: the increment that all
    /// strategies share.
    #[inline]
    fn increment(&mut self, word: &Word) {
        self.increment_around(word, || ());
    }

    /// [`increment`](Self::increment) that calls `window` between the load and the store.
    #[inline]
    fn increment_around(&mut self, word: &Word, window: impl FnOnce()) {
        let seen = word.load();
        // Without the fence the compiler joins load and store into one instruction; with it they
        // stay two, at no cost: the fence binds the compiler alone.
        compiler_fence(Ordering::SeqCst);
        window();
        word.store(self.successor(seen));
        self.record(seen);
    }
}

/// Records nothing: the word is the count.
#[derive(Clone, Copy, Debug)]
pub struct NoRecorder;

impl Recorder for NoRecorder {
    const ONE: u64 = 1;

    #[inline]
    fn successor(&self, seen: u64) -> u64 {
        seen + 1
    }

    #[inline]
    fn record(&mut self, _seen: u64) {}
}

/// Writes the log of one thread, in memory that no other thread touches.
#[derive(Debug)]
pub struct ThreadRecorder<'a> {
    log: &'a ThreadLog,
    /// Increments recorded.
    done: usize,
    /// The mark of the thread's first increment.
    first: u64,
}

impl<'a> ThreadRecorder<'a> {
    /// Returns the recorder of a thread whose first increment stores the mark `first`.
    pub(super) fn new(log: &'a ThreadLog, first: u64) -> Self {
        Self {
            log,
            done: 0,
            first,
        }
    }

    /// Looks at the clock a last time, because the thread has made its increments.
    pub(super) fn finish(self) {
        if let Some(slot) = self.log.ticks.last() {
            slot.store(ticks::now(), Ordering::Relaxed);
        }
    }

    #[inline]
    fn look_at_the_clock(&self) {
        if let Some(slot) = self.log.ticks.get(self.done.div_ceil(CLOCK_EVERY)) {
            slot.store(ticks::now(), Ordering::Relaxed);
        }
    }
}

impl Recorder for ThreadRecorder<'_> {
    const ONE: u64 = 1 << 32;

    /// The count goes up by 1, and the mark is the increment's own.
    #[inline]
    fn successor(&self, seen: u64) -> u64 {
        ((seen | (Self::ONE - 1)) + 1) + self.first + self.done as u64
    }

    /// Called after the store, so that no look at the clock separates a load from its store.
    #[inline]
    fn record(&mut self, seen: u64) {
        if let Some(slot) = self.log.loaded.get(self.done) {
            slot.store(seen, Ordering::Relaxed);
        }
        if self.done.is_multiple_of(CLOCK_EVERY) {
            self.look_at_the_clock();
        }
        self.done += 1;
    }
}

/// The log of one thread, of a length fixed before the run.
#[derive(Debug)]
pub(super) struct ThreadLog {
    /// The word that each increment has loaded.
    pub(super) loaded: Box<[AtomicU64]>,
    /// The clock after the first increment, after each [`CLOCK_EVERY`] further ones, and at the end.
    pub(super) ticks: Box<[AtomicU64]>,
}

impl ThreadLog {
    /// Returns an empty log for this many increments; `None` if there is no memory for it.
    pub(super) fn new(increments: usize) -> Option<Self> {
        // Written to before the run: the system finds memory only when a thread first touches it,
        // which would stop the thread again and again.
        let unwritten = |how_many: usize| {
            let mut slots = Vec::new();
            may_fail(|| slots.try_reserve_exact(how_many)).ok()?;
            slots.extend((0..how_many).map(|_| AtomicU64::new(UNWRITTEN)));
            Some(slots.into_boxed_slice())
        };
        Some(Self {
            loaded: unwritten(increments)?,
            ticks: unwritten(increments.div_ceil(CLOCK_EVERY) + 1)?,
        })
    }
}
