//! `rwlock --await`: readers sleep on a condition until the counter has reached a total, and then
//! hold the lock together.
//!
//! A kernel of its own, so that the plain one pays nothing for it. Writers notify the readers now and
//! then, when the total is reached and when they leave, so readers also wake in vain. When the total
//! is reached, the writers let the readers go first: each writer stops before its next increment
//! until all readers have read. Most locks keep new readers out while a writer queues, so readers
//! enter only once no writer queues; otherwise the two would wait for each other. Each reader stays
//! inside until all are inside, which a mutex would never allow.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, RwLock, RwLockWriteGuard};
use std::time::Instant;

use super::reader_stats::ReaderTally;
use super::{AwaitStats, Counter, ReaderStats, Recorder, WaitStats, Word, Work, lock, read, write};
use crate::sync::{Condition, Context, Locker, ReadSide, WaitGroup};

/// The number of increments after which a writer notifies the waiting readers, whatever the
/// counter's value.
const NOTIFY_EVERY: u64 = 1024;

/// The waits of the readers of all counters of an experiment, in the runs that count.
type Log = Arc<Mutex<AwaitStats>>;

/// Returns the log of `readers` readers that wait for this total.
pub(super) fn log(total: u64, readers: usize) -> Log {
    Arc::new(Mutex::new(AwaitStats {
        total,
        readers: vec![WaitStats::default(); readers],
        ..AwaitStats::default()
    }))
}

/// The waits of the current run, which may yet be cut short.
#[derive(Debug, Default)]
struct Notes {
    reached: AtomicBool,
    /// Readers that read at this moment, after the total was reached.
    together: AtomicU64,
    /// The largest value of `together` so far.
    most_together: AtomicU64,
    readers: Box<[Mutex<WaitStats>]>,
}

impl Notes {
    fn clear(&self) {
        self.reached.store(false, Ordering::Relaxed);
        self.most_together.store(0, Ordering::Relaxed);
        for waited in &self.readers {
            *lock(waited) = WaitStats::default();
        }
    }

    /// Enters the run in the log.
    fn enter_in(&self, log: &mut AwaitStats) {
        if self.reached.load(Ordering::Relaxed) {
            let together = self.most_together.load(Ordering::Relaxed);
            log.runs_reached += 1;
            log.together = Some(log.together.map_or(together, |least| least.min(together)));
        } else {
            log.runs_never_reached += 1;
        }
        for (all, waited) in log.readers.iter_mut().zip(&self.readers) {
            all.add(*lock(waited));
        }
    }
}

/// A counter whose readers wait.
//
// invariants:
// - The state that readers wait for, which is the counter's value and `writing`, changes only under
//   the write side; otherwise a notification could come between a reader's look and its sleep.
// - At the end of a run that was not cut short, each writer has signalled done to `stopping` once,
//   and each reader to `entering` and `reading`.
#[derive(Debug)]
pub(super) struct Awaiting {
    lock: RwLock<Word>,
    changed: Condition,
    total: u64,
    writers: usize,
    split: bool,
    /// Writers that have not finished this run.
    writing: AtomicUsize,
    /// Writers that may still queue for the lock before the readers have read.
    stopping: WaitGroup,
    /// Readers that are not yet inside the lock together.
    entering: WaitGroup,
    /// Readers that have not yet read.
    reading: WaitGroup,
    /// Readers that are inside the lock at this moment.
    inside: AtomicU64,
    seen: ReaderTally,
    notes: Notes,
    log: Log,
}

impl Awaiting {
    pub(super) fn new(writers: usize, split: bool, log: &Log) -> Self {
        let (total, readers) = {
            let log = lock(log);
            (log.total, log.readers.len())
        };
        Self {
            lock: RwLock::default(),
            changed: Condition::new(),
            total,
            writers,
            split,
            writing: AtomicUsize::new(writers),
            stopping: WaitGroup::new(),
            entering: WaitGroup::new(),
            reading: WaitGroup::new(),
            inside: AtomicU64::new(0),
            seen: ReaderTally::default(),
            notes: Notes {
                readers: (0..readers).map(|_| Mutex::default()).collect(),
                ..Notes::default()
            },
            log: Arc::clone(log),
        }
    }

    fn readers(&self) -> usize {
        self.notes.readers.len()
    }

    /// Whether a reader that has seen this value has to wait.
    fn must_wait(&self, value: u64) -> bool {
        value < self.total && self.writing.load(Ordering::Relaxed) > 0
    }

    /// Counts a reader that is now inside the lock.
    fn come_in(&self) {
        let inside = self.inside.fetch_add(1, Ordering::Relaxed) + 1;
        self.seen.most_inside.fetch_max(inside, Ordering::Relaxed);
    }

    /// Reads the counter, and counts the reader as inside meanwhile.
    fn look(&self, word: &Word) -> u64 {
        self.come_in();
        let value = word.load();
        self.seen.reads.fetch_add(1, Ordering::Relaxed);
        self.inside.fetch_sub(1, Ordering::Relaxed);
        value
    }

    /// Makes one increment; lets the readers go first if it is their turn.
    fn increment(&self, stopped: &mut bool, context: &Context) {
        let seen = self.split.then(|| read(&self.lock).load());
        let word = self.enter(stopped, context);
        if self.inside.load(Ordering::Relaxed) != 0 {
            self.seen.with_writer.fetch_add(1, Ordering::Relaxed);
        }
        word.store(seen.unwrap_or_else(|| word.load()) + 1);
        let reached = word.load() == self.total;
        drop(word);
        if reached {
            self.changed.notify_all();
        }
    }

    /// Takes the write side; once the total is reached, only after the readers have read.
    fn enter(&self, stopped: &mut bool, context: &Context) -> RwLockWriteGuard<'_, Word> {
        let word = write(&self.lock);
        if *stopped || word.load() < self.total {
            return word;
        }
        drop(word);
        *stopped = true;
        done(&self.stopping);
        // If the context ends first, the run is discarded.
        let _ = self.reading.wait_under(context);
        write(&self.lock)
    }

    /// Counts a writer that has finished its increments.
    fn leave(&self, stopped: bool) {
        let word = write(&self.lock);
        self.writing.fetch_sub(1, Ordering::Relaxed);
        drop(word);
        self.changed.notify_all();
        if !stopped {
            done(&self.stopping);
        }
    }

    /// Waits until the counter has reached the total or no writer is left. Returns the wait and
    /// whether the total was reached; `None` if the context has ended first.
    fn wait(&self, context: &Context) -> Option<(WaitStats, bool)> {
        let side = ReadSide(&self.lock);
        let mut word = side.lock();
        let mut value = self.look(&word);
        let mut waited = WaitStats::default();
        if self.must_wait(value) {
            let began = Instant::now();
            while self.must_wait(value) {
                let (again, ended) = self.changed.wait_under(context, &side, word);
                ended.ok()?;
                word = again;
                let before = value;
                value = self.look(&word);
                self.seen
                    .backwards
                    .fetch_add(u64::from(value < before), Ordering::Relaxed);
                waited.wake_ups += 1;
                // The wait also ends when no writer is left, but the total was not reached then.
                waited.spurious_wake_ups += u64::from(value < self.total);
            }
            let ns = u64::try_from(began.elapsed().as_nanos()).unwrap_or(u64::MAX);
            waited.waits = 1;
            (waited.all_ns, waited.least_ns, waited.most_ns) = (ns, ns, ns);
        }
        Some((waited, value >= self.total))
    }

    /// Reads while all readers are inside; returns `None` if the context has ended first.
    fn read_together(&self, context: &Context) -> Option<()> {
        self.stopping.wait_under(context).ok()?;
        let word = read(&self.lock);
        self.come_in();
        let notes = &self.notes;
        let together = notes.together.fetch_add(1, Ordering::Relaxed) + 1;
        notes.most_together.fetch_max(together, Ordering::Relaxed);
        done(&self.entering);
        let entered = self.entering.wait_under(context);
        std::hint::black_box(word.load());
        self.seen.reads.fetch_add(1, Ordering::Relaxed);
        notes.together.fetch_sub(1, Ordering::Relaxed);
        self.inside.fetch_sub(1, Ordering::Relaxed);
        entered.ok()
    }
}

/// Signals done to a group that this thread was added to.
fn done(group: &WaitGroup) {
    // `reset` has added this thread, so the count is not 0.
    let _ = group.done();
}

/// Adds `how_many` threads to a group.
fn expect(group: &WaitGroup, how_many: usize) {
    // There are at most 1024 threads, so 64 bits suffice.
    let _ = group.add(i64::try_from(how_many).unwrap_or(i64::MAX));
}

impl Counter for Awaiting {
    fn reset(&self) {
        write(&self.lock).store(0);
        self.notes.clear();
        self.writing.store(self.writers, Ordering::Relaxed);
        expect(&self.stopping, self.writers);
        expect(&self.entering, self.readers());
        expect(&self.reading, self.readers());
    }

    // Records nothing: `trace` does not take `--await`, which changes no increment's fate.
    fn count<R: Recorder>(&self, _thread: usize, work: Work<'_>, _recorder: &mut R) {
        let mut stopped = false;
        for slice in work.slices_of(NOTIFY_EVERY) {
            for _ in 0..slice {
                self.increment(&mut stopped, work.context);
            }
            self.changed.notify_all();
        }
        self.leave(stopped);
    }

    fn read(&self, reader: usize, context: &Context) {
        let Some((waited, reached)) = self.wait(context) else {
            lock(&self.log).readers[reader].still_waiting = true;
            return;
        };
        if !reached {
            done(&self.entering);
        } else if self.read_together(context).is_none() {
            return;
        }
        done(&self.reading);
        // Every reader stores the same value.
        self.notes.reached.store(reached, Ordering::Relaxed);
        *lock(&self.notes.readers[reader]) = waited;
    }

    fn keep(&self) {
        self.notes.enter_in(&mut lock(&self.log));
    }

    fn total(&self) -> u64 {
        read(&self.lock).load()
    }

    fn reader_stats(&self) -> Option<ReaderStats> {
        Some(self.seen.stats(Some(lock(&self.log).clone())))
    }
}
