//! `rwlock`: increments under the write side of a read-write lock, while readers read.
//!
//! With `--split` a thread reads under the read side, releases it, and writes under the write side:
//! every access is locked, and updates are lost all the same. With `--await` the readers wait for a
//! total, see [`awaiting`](super::awaiting).

use std::sync::RwLock;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::thread;

use crossbeam_utils::CachePadded;

use super::awaiting::{Awaiting, log};
use super::reader_stats::ReaderTally;
use super::{
    Counter, Elsewhere, Kind, ReaderStats, Recorder, Setting, Settings, Shape, Word, Words, Work,
    program, read, write,
};
use crate::error::Error;
use crate::model::System;
use crate::sync::Context;

pub(super) static KIND: Kind = Kind {
    name: "rwlock",
    summary: "A read-write lock: one writer or many readers",
    beside: "mutex-per-op",
    remedy: "rwlock",
    settings: &[Setting::Readers, Setting::Split, Setting::Await],
    check: |settings| {
        if settings.awaited.is_some() && settings.readers == 0 {
            return Err(Error::Usage(
                "--await needs readers, and --readers 0 leaves none; use at least one".into(),
            ));
        }
        Ok(())
    },
    words: |settings| match settings.awaited {
        _ if settings.split => &SPLIT,
        Some(_) => &AWAITED,
        None => &WHOLE,
    },
    kernel: |settings, shape| {
        let (writers, split, readers) = (shape.threads(), settings.split, settings.readers);
        if let Some(total) = settings.awaited {
            let log = log(total.get(), readers);
            return Box::new(move || Awaiting::new(writers, split, &log));
        }
        Box::new(move || Shared {
            lock: RwLock::default(),
            writers,
            split,
            readers,
            writing: CachePadded::default(),
            inside: CachePadded::default(),
            seen: ReaderTally::default(),
        })
    },
    untraceable: |_| None,
    system,
};

static WHOLE: Words = Words {
    summary: KIND.summary,
    look_at: "readers share the lock, and see no half-done update",
    why: "A writer holds the lock alone from load to store; readers share it.",
    code: "\
fn count(counter: &RwLock<u64>, increments: u64) {
    for _ in 0..increments {
        let mut value = counter.write().unwrap();
        *value += 1;
    }
}",
    note: Some(
        "That is the writers' code. Meanwhile two readers repeatedly lock, load and unlock, and \
         yield after every 64 reads; the model leaves them out.",
    ),
    race: None,
    costs: "A writer pays slightly more than for a mutex. It pays off where most threads only \
            read, and hold the lock for long.",
    elsewhere: Elsewhere {
        go: "`sync.RWMutex`: `mu.Lock()` to write, `mu.RLock()` to read",
        java: "`ReentrantReadWriteLock`: `writeLock()` to write, `readLock()` to read",
        cpp: "`std::shared_mutex`: `std::unique_lock` to write, `std::shared_lock` to read",
        python: "nothing in the standard library; a `threading.Lock`",
    },
};

static AWAITED: Words = Words {
    why: "Readers sleep until a writer signals a change, then check again under the read lock.",
    ..WHOLE
};

static SPLIT: Words = Words {
    summary: "A read lock for the load, then a write lock for the store. Loses updates",
    look_at: "locking every access does not make the increment atomic",
    why: "Every access is locked, yet other threads can store between the read lock and the write \
          lock.",
    code: "\
fn count(counter: &RwLock<u64>, increments: u64) {
    for _ in 0..increments {
        let seen = *counter.read().unwrap();
        *counter.write().unwrap() = seen + 1;
    }
}",
    note: Some(
        "That is the writers' code; once per 1,024 increments they also yield between the two \
         locks. Meanwhile two readers repeatedly lock, load and unlock, and yield after every 64 \
         reads; the model leaves them out.",
    ),
    race: Some(
        "A race condition without a data race: the lock protects each half of the increment, not \
         the whole.",
    ),
    costs: "Two acquisitions per increment: more than the correct version.",
    elsewhere: Elsewhere {
        go: "`mu.RLock(); v := *value; mu.RUnlock(); mu.Lock(); *value = v + 1; mu.Unlock()`",
        java: "`readLock().lock(); v = value; readLock().unlock(); writeLock().lock(); value = v + 1; \
               writeLock().unlock()`",
        cpp: "`v = value` under a `std::shared_lock`, then `value = v + 1` under a `std::unique_lock`",
        python: "`with lock: v = value`; then, `with lock: value = v + 1`",
    },
};

fn system(settings: &Settings, shape: Shape) -> Result<System, Error> {
    let split = if settings.split { " --split" } else { "" };
    program::alike(
        &format!("{}{split}", KIND.name),
        shape,
        |system, program, counter| {
            let lock = system.rwlock("rwlock");
            let (left, seen) = (program.register("left"), program.register("seen"));
            program.repeat(left, shape.increments(), |body| {
                if settings.split {
                    body.read_lock(lock);
                    body.load(seen, counter);
                    body.read_unlock(lock);
                    body.add(seen, seen, 1);
                    body.lock(lock);
                    body.store(counter, seen);
                } else {
                    body.lock(lock);
                    program::increment(body, seen, counter);
                }
                body.unlock(lock);
            });
        },
    )
}

#[derive(Debug)]
struct Shared {
    lock: RwLock<Word>,
    writers: usize,
    split: bool,
    readers: usize,
    /// Writers that have not finished this run.
    writing: CachePadded<AtomicUsize>,
    /// Readers that are inside the lock at this moment.
    inside: CachePadded<AtomicU64>,
    seen: ReaderTally,
}

impl Shared {
    /// Returns 1 if a reader is inside, otherwise 0. Called by a writer that holds the lock, so a 1
    /// means that the lock has failed.
    #[inline]
    fn readers_inside(&self) -> u64 {
        u64::from(self.inside.load(Ordering::Relaxed) != 0)
    }
}

/// The number of reads after which a reader lets others go.
///
/// A reader that loses its core inside the lock keeps every writer out until it has its core again, which takes
/// long among many readers; one that gives it away outside the lock keeps no thread waiting.
const READS: u64 = 64;

impl Counter for Shared {
    fn reset(&self) {
        write(&self.lock).store(0);
        self.writing.store(self.writers, Ordering::Relaxed);
    }

    #[inline]
    fn count<R: Recorder>(&self, _thread: usize, work: Work<'_>, recorder: &mut R) {
        let mut with_reader = 0;
        if self.split {
            for slice in work.slices() {
                for at in 0..slice {
                    let seen = read(&self.lock).load();
                    if at == 0 {
                        // A thread that finds the lock taken sleeps, and the other may have counted to
                        // the end before it is awake. It mostly sleeps before its load, and then nothing
                        // is lost.
                        thread::yield_now();
                    }
                    let word = write(&self.lock);
                    with_reader += self.readers_inside();
                    word.store(recorder.successor(seen));
                    drop(word);
                    recorder.record(seen);
                }
            }
        } else {
            work.repeat(|| {
                let word = write(&self.lock);
                with_reader += self.readers_inside();
                recorder.increment(&word);
            });
        }
        self.seen
            .with_writer
            .fetch_add(with_reader, Ordering::Relaxed);
        self.writing.fetch_sub(1, Ordering::Release);
    }

    fn read(&self, _reader: usize, context: &Context) {
        let (mut reads, mut most_inside, mut backwards, mut before) = (0_u64, 0, 0, 0);
        // Once the context is done, a writer may not even begin, and the writers that have begun
        // need the lock.
        while self.writing.load(Ordering::Acquire) > 0 && !context.is_done() {
            let word = read(&self.lock);
            most_inside = most_inside.max(self.inside.fetch_add(1, Ordering::Relaxed) + 1);
            let now = word.load();
            backwards += u64::from(now < before);
            before = now;
            reads += 1;
            self.inside.fetch_sub(1, Ordering::Relaxed);
            drop(word);
            if reads.is_multiple_of(READS) {
                thread::yield_now();
            }
        }
        self.seen.reads.fetch_add(reads, Ordering::Relaxed);
        self.seen
            .most_inside
            .fetch_max(most_inside, Ordering::Relaxed);
        self.seen.backwards.fetch_add(backwards, Ordering::Relaxed);
    }

    fn total(&self) -> u64 {
        read(&self.lock).load()
    }

    fn reader_stats(&self) -> Option<ReaderStats> {
        (self.readers > 0).then(|| self.seen.stats(None))
    }
}
