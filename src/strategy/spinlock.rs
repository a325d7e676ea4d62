//! `spinlock`: a lock whose waiters loop instead of sleeping.

use std::sync::atomic::{AtomicBool, Ordering};

use crossbeam_utils::Backoff;

use super::{Counter, Elsewhere, Kind, Recorder, Settings, Shape, Word, Words, Work, program};
use crate::error::Error;
use crate::model::System;

pub(super) static KIND: Kind = Kind {
    name: "spinlock",
    summary: "A spinning lock around each increment",
    beside: "mutex-per-op",
    remedy: "spinlock",
    settings: &[],
    check: |_| Ok(()),
    words: |_| &WORDS,
    kernel: |_, _| Box::new(Spun::default),
    untraceable: |_| None,
    system,
};

static WORDS: Words = Words {
    summary: KIND.summary,
    look_at: "waiting keeps a core busy",
    why: "An atomic swap on a flag admits one thread at a time; the others spin until it is \
          free.",
    code: "\
fn count(taken: &AtomicBool, counter: &AtomicU64, increments: u64) {
    for _ in 0..increments {
        while taken.swap(true, Acquire) {
            std::hint::spin_loop();
        }
        counter.store(counter.load(Relaxed) + 1, Relaxed);
        taken.store(false, Release);
    }
}",
    note: Some(
        "`Release` publishes all earlier stores to the thread that next takes the lock with \
         `Acquire`. The program only reads the flag until it looks free, then swaps again; after \
         some rounds it yields its core.",
    ),
    race: None,
    costs: "Cheap where the lock is held briefly and every thread has a core. But waiting burns a \
            core, perhaps the one that the lock's holder needs.",
    elsewhere: Elsewhere {
        go: "`atomic.Bool.CompareAndSwap` in a loop",
        java: "`AtomicBoolean.compareAndSet` with `Thread.onSpinWait`",
        cpp: "`std::atomic_flag::test_and_set` in a loop",
        python: "`while not lock.acquire(blocking=False): pass`",
    },
};

fn system(_: &Settings, shape: Shape) -> Result<System, Error> {
    program::alike(KIND.name, shape, |system, program, counter| {
        let taken = system.variable("taken", 0);
        let (left, seen) = (program.register("left"), program.register("seen"));
        program.repeat(left, shape.increments(), |body| {
            // Waiting is one step, taken when the lock is free.
            body.wait_exchange(taken, 0, 1);
            program::increment(body, seen, counter);
            body.store(taken, 0);
        });
    })
}

#[derive(Debug, Default)]
struct Spun {
    taken: AtomicBool,
    word: Word,
}

impl Spun {
    /// Takes the lock by test-and-test-and-set: waiters read a shared copy of the flag, and write
    /// only when it looks free (Rudolph and Segall, 1984).
    #[inline]
    fn lock(&self) {
        if self.taken.swap(true, Ordering::Acquire) {
            self.wait_and_lock();
        }
    }

    #[cold]
    fn wait_and_lock(&self) {
        let backoff = Backoff::new();
        loop {
            while self.taken.load(Ordering::Relaxed) {
                // After a few rounds this yields: with more threads than cores, the holder may be
                // waiting for this core.
                backoff.snooze();
            }
            if !self.taken.swap(true, Ordering::Acquire) {
                return;
            }
        }
    }

    #[inline]
    fn unlock(&self) {
        self.taken.store(false, Ordering::Release);
    }
}

impl Counter for Spun {
    fn reset(&self) {
        self.word.store(0);
    }

    #[inline]
    fn count<R: Recorder>(&self, _thread: usize, work: Work<'_>, recorder: &mut R) {
        work.repeat(|| {
            self.lock();
            recorder.increment(&self.word);
            self.unlock();
        });
    }

    fn total(&self) -> u64 {
        self.word.load()
    }
}
