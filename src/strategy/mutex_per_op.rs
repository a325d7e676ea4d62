//! `mutex-per-op`: a mutex around each increment.

use std::sync::Mutex;

use quanta::Clock;

use super::program;
use super::{
    Counter, Counters, Elsewhere, Kind, Lanes, Pen, Recorded, Recorder, Shape, Strategy, Tape,
    Word, Work, lock,
};
use crate::error::Error;
use crate::model::System;

pub(super) static KIND: Kind = Kind {
    name: "mutex-per-op",
    summary: "A mutex around each increment",
    elsewhere: Elsewhere {
        go: "mu.Lock(); *value++; mu.Unlock() inside the loop",
        java: "synchronized (lock) { value++; } inside the loop",
        cpp: "std::lock_guard inside the loop",
    },
    settings: &[],
    build: |_| Ok(Box::new(MutexPerOp)),
};

#[derive(Debug)]
struct MutexPerOp;

impl Strategy for MutexPerOp {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn why(&self) -> &'static str {
        "The mutex lets one thread at a time load, add and store, so no store can overwrite an \
         update that its thread has not seen."
    }

    fn counters(&self, _shape: Shape, how_many: usize) -> Box<dyn Counters> {
        Lanes::boxed(how_many, Guarded::default)
    }

    fn recorder(&self, shape: Shape, clock: &Clock) -> Result<Box<dyn Tape>, Error> {
        Recorder::boxed(shape, clock, Guarded::default())
    }

    fn system(&self, shape: Shape) -> Result<System, Error> {
        program::alike(KIND.name, shape, |system, program, counter| {
            let mutex = system.mutex("mutex");
            let (left, seen) = (program.register("left"), program.register("seen"));
            program.repeat(left, shape.increments(), |body| {
                body.lock(mutex);
                body.load(seen, counter);
                body.add(seen, seen, 1);
                body.store(counter, seen);
                body.unlock(mutex);
            });
        })
    }
}

#[derive(Debug, Default)]
struct Guarded(Mutex<Word>);

impl Counter for Guarded {
    fn reset(&self) {
        lock(&self.0).store(0);
    }

    #[inline]
    fn count(&self, _thread: usize, work: Work<'_>) {
        for slice in work.slices() {
            for _ in 0..slice {
                lock(&self.0).increment();
            }
        }
    }

    fn total(&self) -> u64 {
        lock(&self.0).load()
    }
}

impl Recorded for Guarded {
    #[inline]
    fn count_recorded(&self, _thread: usize, work: Work<'_>, pen: &mut Pen<'_>) {
        for slice in work.slices() {
            for _ in 0..slice {
                pen.increment(&lock(&self.0));
            }
        }
    }
}
