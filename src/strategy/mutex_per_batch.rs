//! `mutex-per-batch`: a mutex around a whole batch of increments.

use std::num::NonZeroU64;
use std::sync::Mutex;

use quanta::Clock;

use super::program;
use super::{
    Counter, Counters, Elsewhere, Kind, Lanes, Pen, Recorded, Recorder, Setting, Shape, Strategy,
    Tape, Word, Work, lock,
};
use crate::error::Error;
use crate::model::System;

pub(super) static KIND: Kind = Kind {
    name: "mutex-per-batch",
    summary: "A mutex around a whole batch of increments",
    elsewhere: Elsewhere {
        go: "mu.Lock(); the loop; mu.Unlock()",
        java: "synchronized (lock) { the loop }",
        cpp: "std::lock_guard around the loop",
    },
    settings: &[Setting::Batch],
    build: |settings| {
        Ok(Box::new(MutexPerBatch {
            batch: settings.batch,
        }))
    },
};

#[derive(Debug)]
struct MutexPerBatch {
    batch: Option<NonZeroU64>,
}

impl Strategy for MutexPerBatch {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn flags(&self) -> String {
        self.batch
            .map_or_else(String::new, |batch| format!("--batch {batch}"))
    }

    fn why(&self) -> &'static str {
        "The mutex is held for a batch of increments, so the lock is paid for once a batch; the \
         other threads wait meanwhile."
    }

    fn counters(&self, _shape: Shape, how_many: usize) -> Box<dyn Counters> {
        let batch = self.batch.map_or(u64::MAX, NonZeroU64::get);
        Lanes::boxed(how_many, || Guarded {
            word: Mutex::default(),
            batch,
        })
    }

    fn recorder(&self, shape: Shape, clock: &Clock) -> Result<Box<dyn Tape>, Error> {
        let counter = Guarded {
            word: Mutex::default(),
            batch: self.batch.map_or(u64::MAX, NonZeroU64::get),
        };
        Recorder::boxed(shape, clock, counter)
    }

    fn system(&self, shape: Shape) -> Result<System, Error> {
        program::alike(KIND.name, shape, |system, program, counter| {
            let mutex = system.mutex("mutex");
            let batches = program.register("batches");
            let (left, seen) = (program.register("left"), program.register("seen"));
            let mut locked = |how_many: u64, size: u64| {
                program.repeat(batches, how_many, |body| {
                    body.lock(mutex);
                    body.repeat(left, size, |body| {
                        body.load(seen, counter);
                        body.add(seen, seen, 1);
                        body.store(counter, seen);
                    });
                    body.unlock(mutex);
                });
            };
            let increments = shape.increments();
            let batch = self.batch.map_or(increments.max(1), NonZeroU64::get);
            if increments >= batch {
                locked(increments / batch, batch);
            }
            if !increments.is_multiple_of(batch) {
                locked(1, increments % batch);
            }
        })
    }
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
    fn count(&self, _thread: usize, work: Work<'_>) {
        for batch in work.slices_of(self.batch) {
            let word = lock(&self.word);
            let batch = Work {
                increments: batch,
                ..work
            };
            for slice in batch.slices() {
                for _ in 0..slice {
                    word.increment();
                }
            }
        }
    }

    fn total(&self) -> u64 {
        lock(&self.word).load()
    }
}

impl Recorded for Guarded {
    #[inline]
    fn count_recorded(&self, _thread: usize, work: Work<'_>, pen: &mut Pen<'_>) {
        for batch in work.slices_of(self.batch) {
            let word = lock(&self.word);
            let batch = Work {
                increments: batch,
                ..work
            };
            for slice in batch.slices() {
                for _ in 0..slice {
                    pen.increment(&word);
                }
            }
        }
    }
}
