//! `mutex-per-op`: a mutex around each increment.

use std::sync::Mutex;

use super::{
    Counter, Elsewhere, Kind, Recorder, Settings, Shape, Word, Words, Work, lock, program,
};
use crate::error::Error;
use crate::model::System;

pub(super) static KIND: Kind = Kind {
    name: "mutex-per-op",
    summary: "A mutex around each increment",
    beside: "mutex-per-batch",
    remedy: "mutex-per-op",
    settings: &[],
    check: |_| Ok(()),
    words: |_| &WORDS,
    kernel: |_, _| Box::new(Guarded::default),
    untraceable: |_| None,
    system,
};

static WORDS: Words = Words {
    summary: KIND.summary,
    look_at: "the price of one lock per increment",
    why: "One thread at a time loads and stores, so no store is based on a stale value.",
    code: "\
fn count(counter: &Mutex<u64>, increments: u64) {
    for _ in 0..increments {
        let mut value = counter.lock().unwrap();
        *value += 1;
    }
}",
    note: None,
    race: None,
    costs: "One lock and unlock per increment: cheap without contention; otherwise threads queue, \
            sleep and wake up.",
    elsewhere: Elsewhere {
        go: "`mu.Lock(); *value++; mu.Unlock()` inside the loop",
        java: "`synchronized (lock) { value++; }` inside the loop",
        cpp: "`std::lock_guard` inside the loop",
        python: "`with lock: value += 1`, inside the loop",
    },
};

fn system(_: &Settings, shape: Shape) -> Result<System, Error> {
    program::alike(KIND.name, shape, |system, program, counter| {
        let mutex = system.mutex("mutex");
        let (left, seen) = (program.register("left"), program.register("seen"));
        program.repeat(left, shape.increments(), |body| {
            body.lock(mutex);
            program::increment(body, seen, counter);
            body.unlock(mutex);
        });
    })
}

#[derive(Debug, Default)]
struct Guarded(Mutex<Word>);

impl Counter for Guarded {
    fn reset(&self) {
        lock(&self.0).store(0);
    }

    #[inline]
    fn count<R: Recorder>(&self, _thread: usize, work: Work<'_>, recorder: &mut R) {
        work.repeat(|| recorder.increment(&lock(&self.0)));
    }

    fn total(&self) -> u64 {
        lock(&self.0).load()
    }
}
