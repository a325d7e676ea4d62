//! `atomic`: one atomic read-modify-write instruction.

use std::sync::atomic::Ordering;

use super::{Counter, Elsewhere, Kind, Recorder, Settings, Shape, Word, Words, Work, program};
use crate::error::Error;
use crate::model::System;

pub(super) static KIND: Kind = Kind {
    name: "atomic",
    summary: "One atomic fetch-add",
    beside: "mutex-per-op",
    remedy: "atomic",
    settings: &[],
    check: |_| Ok(()),
    words: |_| &WORDS,
    kernel: |_, _| Box::new(FetchAdd::default),
    untraceable: |_| None,
    system,
};

static WORDS: Words = Words {
    summary: KIND.summary,
    look_at: "one step where unsynced takes two",
    why: "The processor loads, adds and stores in one indivisible step.",
    code: "\
fn count(counter: &AtomicU64, increments: u64) {
    for _ in 0..increments {
        counter.fetch_add(1, Relaxed);
    }
}",
    note: Some(
        "`Relaxed` is enough: additions to one counter are totally ordered. An atomic that guards \
         other memory, such as the flag of `spinlock`, needs `Acquire` and `Release`.",
    ),
    race: None,
    costs: "One instruction per increment on x86-64 and ARM 8.1. No thread sleeps, but the cores \
            queue for the counter's cache line.",
    elsewhere: Elsewhere {
        go: "`atomic.Int64.Add(1)`",
        java: "`AtomicLong.incrementAndGet()`",
        cpp: "`std::atomic::fetch_add(1)`",
        python: "nothing in the standard library; a `threading.Lock`",
    },
};

fn system(_: &Settings, shape: Shape) -> Result<System, Error> {
    program::alike(KIND.name, shape, |_, program, counter| {
        let (left, old) = (program.register("left"), program.register("old"));
        program.repeat(left, shape.increments(), |body| {
            body.fetch_add(old, counter, 1);
        });
    })
}

#[derive(Debug, Default)]
struct FetchAdd(Word);

impl Counter for FetchAdd {
    /// No two fetch-adds return the same count, so the count identifies the store.
    const STORES_MARKS: bool = false;

    fn reset(&self) {
        self.0.store(0);
    }

    #[inline]
    fn count<R: Recorder>(&self, _thread: usize, work: Work<'_>, recorder: &mut R) {
        work.repeat(|| recorder.record(self.0.atomic().fetch_add(R::ONE, Ordering::Relaxed)));
    }

    fn total(&self) -> u64 {
        self.0.load()
    }
}
