//! `mutex-per-batch`: a mutex around a whole batch of increments.

use std::num::NonZeroU64;
use std::sync::Mutex;

use super::{
    Counter, Elsewhere, Kind, Recorder, Setting, Settings, Shape, Word, Words, Work, lock, program,
};
use crate::error::Error;
use crate::model::System;

pub(super) static KIND: Kind = Kind {
    name: "mutex-per-batch",
    summary: "A mutex around a whole batch of increments",
    beside: "mutex-per-op",
    remedy: "mutex-per-batch",
    settings: &[Setting::Batch],
    check: |_| Ok(()),
    words: |settings| match settings.batch {
        None => &ALL_AT_ONCE,
        Some(_) => &IN_BATCHES,
    },
    kernel: |settings, _| {
        let batch = settings.batch.map_or(u64::MAX, NonZeroU64::get);
        Box::new(move || Guarded {
            word: Mutex::default(),
            batch,
        })
    },
    untraceable: |_| None,
    system,
};

static ALL_AT_ONCE: Words = Words {
    summary: KIND.summary,
    look_at: "lock granularity at its coarsest",
    why: WHY,
    code: "\
fn count(counter: &Mutex<u64>, increments: u64) {
    let mut value = counter.lock().unwrap();
    for _ in 0..increments {
        *value += 1;
    }
}",
    note: None,
    race: None,
    costs: "One lock pays for all increments of a thread, but nothing runs in parallel.",
    elsewhere: Elsewhere {
        go: "`mu.Lock()`; the loop; `mu.Unlock()`",
        java: "`synchronized (lock) { .. }` around the loop",
        cpp: "`std::lock_guard` around the loop",
        python: "`with lock:` around the loop",
    },
};

static IN_BATCHES: Words = Words {
    summary: "A mutex around each batch of K increments",
    look_at: "lock granularity, from fine to coarse",
    why: WHY,
    code: "\
fn count(counter: &Mutex<u64>, increments: usize, batch: usize) {
    for first in (0..increments).step_by(batch) {
        let mut value = counter.lock().unwrap();
        for _ in first..increments.min(first + batch) {
            *value += 1;
        }
    }
}",
    note: Some("The last batch of a thread may be smaller."),
    race: None,
    costs: "One lock pays for a batch. A larger batch costs less per increment, and the other \
            threads wait longer.",
    elsewhere: Elsewhere {
        go: "a loop around `mu.Lock()`; the loop over a batch; `mu.Unlock()`",
        java: "a loop around `synchronized (lock) { .. }` around the loop over a batch",
        cpp: "a loop around a block with `std::lock_guard` and the loop over a batch",
        python: "a loop around `with lock:` and the loop over a batch",
    },
};

const WHY: &str = "The mutex admits one thread at a time to its batch, so no store comes between \
                   another thread's load and store.";

fn system(settings: &Settings, shape: Shape) -> Result<System, Error> {
    program::alike(KIND.name, shape, |system, program, counter| {
        let mutex = system.mutex("mutex");
        let batches = program.register("batches");
        let (left, seen) = (program.register("left"), program.register("seen"));
        let mut locked = |how_many: u64, size: u64| {
            program.repeat(batches, how_many, |body| {
                body.lock(mutex);
                body.repeat(left, size, |body| program::increment(body, seen, counter));
                body.unlock(mutex);
            });
        };
        let increments = shape.increments();
        let batch = settings.batch.map_or(increments.max(1), NonZeroU64::get);
        if increments >= batch {
            locked(increments / batch, batch);
        }
        if !increments.is_multiple_of(batch) {
            locked(1, increments % batch);
        }
    })
}

#[derive(Debug)]
struct Guarded {
    word: Mutex<Word>,
    batch: u64,
}

impl Counter for Guarded {
    fn reset(&self) {
        lock(&self.word).store(0);
    }

    #[inline]
    fn count<R: Recorder>(&self, _thread: usize, work: Work<'_>, recorder: &mut R) {
        for batch in work.slices_of(self.batch) {
            let word = lock(&self.word);
            let batch = Work {
                increments: batch,
                ..work
            };
            batch.repeat(|| recorder.increment(&word));
        }
    }

    fn total(&self) -> u64 {
        lock(&self.word).load()
    }
}
