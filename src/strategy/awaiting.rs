//! `rwlock --await`: readers sleep on a condition until the counter has reached a total, and then
//! hold the lock together.
//!
//! A kernel of its own, so that the plain one pays nothing for it. When the total is reached the
//! writers let the readers go first: each stops before its next increment until all have read. A
//! writer that queues for the lock would keep readers out, so they enter only once no writer does;
//! and whoever is inside stays until all are, which with a mutex would never come.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, RwLock, RwLockWriteGuard};
use std::time::Instant;

use super::kernel::{Awaited, Waited};
use super::{Counter, Readings, Word, Work, lock, read, write};
use crate::sync::{Condition, Context, Locker, ReadSide, WaitGroup};

/// Every so many increments a writer notifies those who wait, whatever they wait for.
const NOTIFY_EVERY: u64 = 1024;

/// What the readers of all counters of an experiment have noted, in the runs that count.
type Log = Arc<Mutex<Awaited>>;

/// The log of so many readers that wait for this total.
pub(super) fn log(total: u64, readers: usize) -> Log {
    Arc::new(Mutex::new(Awaited {
        total,
        readers: vec![Waited::default(); readers],
        ..Awaited::default()
    }))
}

/// What has been noted in the run that is being made, which may yet be cut short.
#[derive(Debug)]
struct Notes {
    reached: AtomicBool,
    /// Readers that read at this moment, the total having been reached, and the most there were.
    together: AtomicU64,
    most_together: AtomicU64,
    readers: Box<[Mutex<Waited>]>,
}

impl Notes {
    fn new(readers: usize) -> Self {
        Self {
            reached: AtomicBool::new(false),
            together: AtomicU64::new(0),
            most_together: AtomicU64::new(0),
            readers: (0..readers).map(|_| Mutex::default()).collect(),
        }
    }

    fn clear(&self) {
        self.reached.store(false, Ordering::Relaxed);
        self.most_together.store(0, Ordering::Relaxed);
        for waited in &self.readers {
            *lock(waited) = Waited::default();
        }
    }

    /// Enters the run in the log.
    fn enter_in(&self, log: &mut Awaited) {
        if self.reached.load(Ordering::Relaxed) {
            let together = self.most_together.load(Ordering::Relaxed);
            log.runs_reached += 1;
            log.together = Some(log.together.map_or(together, |least| least.min(together)));
        } else {
            log.runs_never_reached += 1;
        }
        for (all, waited) in log.readers.iter_mut().zip(&self.readers) {
            all.join(*lock(waited));
        }
    }
}

/// A counter whose readers wait.
//
// invariants:
// - What readers wait for, the counter's value and `writing`, changes only under the write side;
//   else a notification could come between their look and their sleep.
// - At the end of a run that nothing has cut short, each writer has said done to `stopping` once,
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
    reads: AtomicU64,
    most_inside: AtomicU64,
    with_writer: AtomicU64,
    backwards: AtomicU64,
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
            reads: AtomicU64::new(0),
            most_inside: AtomicU64::new(0),
            with_writer: AtomicU64::new(0),
            backwards: AtomicU64::new(0),
            notes: Notes::new(readers),
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

    /// Notes that a reader is inside the lock.
    fn come_in(&self) {
        let inside = self.inside.fetch_add(1, Ordering::Relaxed) + 1;
        self.most_inside.fetch_max(inside, Ordering::Relaxed);
    }

    /// Reads, and notes that a reader was inside.
    fn look(&self, word: &Word) -> u64 {
        self.come_in();
        let value = word.load();
        self.reads.fetch_add(1, Ordering::Relaxed);
        self.inside.fetch_sub(1, Ordering::Relaxed);
        value
    }

    /// One increment; it lets the readers go first where they are due.
    fn increment(&self, stopped: &mut bool, context: &Context) {
        let seen = self.split.then(|| read(&self.lock).load());
        let word = self.enter(stopped, context);
        if self.inside.load(Ordering::Relaxed) != 0 {
            self.with_writer.fetch_add(1, Ordering::Relaxed);
        }
        word.store(seen.unwrap_or_else(|| word.load()) + 1);
        let reached = word.load() == self.total;
        drop(word);
        if reached {
            self.changed.notify_all();
        }
    }

    /// Takes the write side, but once the total is reached only after the readers have read.
    fn enter(&self, stopped: &mut bool, context: &Context) -> RwLockWriteGuard<'_, Word> {
        let word = write(&self.lock);
        if *stopped || word.load() < self.total {
            return word;
        }
        drop(word);
        *stopped = true;
        said(&self.stopping);
        // Where the context ends first, the run counts for nothing.
        let _ = self.reading.wait_under(context);
        write(&self.lock)
    }

    /// A writer leaves.
    fn leave(&self, stopped: bool) {
        let word = write(&self.lock);
        self.writing.fetch_sub(1, Ordering::Relaxed);
        drop(word);
        self.changed.notify_all();
        if !stopped {
            said(&self.stopping);
        }
    }

    /// Waits until the counter has reached the total or no writer is left. Gives what was noted and
    /// whether the total was reached; `None` where the context has ended first.
    fn wait(&self, context: &Context) -> Option<(Waited, bool)> {
        let side = ReadSide(&self.lock);
        let mut word = side.lock();
        let mut value = self.look(&word);
        let mut waited = Waited::default();
        if self.must_wait(value) {
            let began = Instant::now();
            while self.must_wait(value) {
                let (again, ended) = self.changed.wait_under(context, &side, word);
                ended.ok()?;
                word = again;
                let before = value;
                value = self.look(&word);
                self.backwards
                    .fetch_add(u64::from(value < before), Ordering::Relaxed);
                waited.wake_ups += 1;
                // That no writer is left ends the wait too, but is not what was waited for.
                waited.in_vain += u64::from(value < self.total);
            }
            let ns = u64::try_from(began.elapsed().as_nanos()).unwrap_or(u64::MAX);
            (waited.waits, waited.all_ns) = (1, ns);
            (waited.least_ns, waited.most_ns) = (ns, ns);
        }
        Some((waited, value >= self.total))
    }

    /// Reads while all readers are inside; `None` where the context has ended first.
    fn read_together(&self, context: &Context) -> Option<()> {
        self.stopping.wait_under(context).ok()?;
        let word = read(&self.lock);
        self.come_in();
        let notes = &self.notes;
        let together = notes.together.fetch_add(1, Ordering::Relaxed) + 1;
        notes.most_together.fetch_max(together, Ordering::Relaxed);
        said(&self.entering);
        let entered = self.entering.wait_under(context);
        std::hint::black_box(word.load());
        self.reads.fetch_add(1, Ordering::Relaxed);
        notes.together.fetch_sub(1, Ordering::Relaxed);
        self.inside.fetch_sub(1, Ordering::Relaxed);
        entered.ok()
    }
}

/// Says done to a group that this thread was added to.
fn said(group: &WaitGroup) {
    // Added by `reset`, so there is something to be done.
    let _ = group.done();
}

/// Adds so many to a group.
fn expect(group: &WaitGroup, how_many: usize) {
    // At most 1024, which a count of 64 bits holds.
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

    fn count(&self, _thread: usize, work: Work<'_>) {
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
        if reached {
            if self.read_together(context).is_none() {
                return;
            }
        } else {
            said(&self.entering);
        }
        said(&self.reading);
        // Each speaks for all: they agree on it.
        self.notes.reached.store(reached, Ordering::Relaxed);
        *lock(&self.notes.readers[reader]) = waited;
    }

    fn keep(&self) {
        self.notes.enter_in(&mut lock(&self.log));
    }

    fn total(&self) -> u64 {
        read(&self.lock).load()
    }

    fn readings(&self) -> Option<Readings> {
        Some(Readings {
            reads: self.reads.load(Ordering::Relaxed),
            most_inside: self.most_inside.load(Ordering::Relaxed),
            with_writer: self.with_writer.load(Ordering::Relaxed),
            backwards: self.backwards.load(Ordering::Relaxed),
            awaited: Some(lock(&self.log).clone()),
        })
    }
}
