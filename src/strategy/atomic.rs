//! `atomic`: one atomic read-modify-write instruction.

use std::sync::atomic::Ordering;

use quanta::Clock;

use super::program;
use super::recorder::ONE;
use super::{
    Counter, Counters, Elsewhere, Kind, Lanes, Pen, Recordable, Recorder, Shape, Strategy, Tape,
    Word, Words, Work, count_in,
};
use crate::error::Error;
use crate::model::System;

pub(super) static KIND: Kind = Kind {
    name: "atomic",
    summary: "One atomic fetch-add",
    beside: "mutex-per-op",
    settings: &[],
    build: |_| Ok(Box::new(Atomic)),
};

static WORDS: Words = Words {
    summary: KIND.summary,
    look_at: "one step where unsynced has two",
    code: "\
fn count(counter: &AtomicU64, increments: u64) {
    for _ in 0..increments {
        counter.fetch_add(1, Relaxed);
    }
}",
    note: Some(
        "`Relaxed` is enough: additions to one counter happen one after the other in any case, and \
         whoever reads the total has waited for the threads. `Acquire` and `Release` are for an atomic \
         that guards other memory, as the flag of `spinlock` does.",
    ),
    race: None,
    costs: "One instruction for each increment on x86-64 and on ARM from version 8.1; before that, \
     ARM goes round in a short loop until nobody has come between. No thread ever sleeps. But the \
     core must have the counter's cache line to itself, so the cores queue for it, as threads do \
     for a lock.",
    elsewhere: Elsewhere {
        go: "`atomic.Int64.Add(1)`",
        java: "`AtomicLong.incrementAndGet()`",
        cpp: "`std::atomic::fetch_add(1)`",
        python: "nothing in the standard library; a `threading.Lock`",
    },
};

#[derive(Debug)]
struct Atomic;

impl Strategy for Atomic {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn why(&self) -> &'static str {
        "The processor loads, adds and stores in one step that no other core can come between."
    }

    fn words(&self) -> &'static Words {
        &WORDS
    }

    fn counters(&self, _shape: Shape, how_many: usize) -> Box<dyn Counters> {
        Lanes::boxed(how_many, FetchAdd::default)
    }

    fn recorder(&self, shape: Shape, clock: &Clock) -> Result<Box<dyn Tape>, Error> {
        Recorder::boxed(shape, clock, FetchAdd::default())
    }

    fn system(&self, shape: Shape) -> Result<System, Error> {
        program::alike(KIND.name, shape, |_, program, counter| {
            let (left, old) = (program.register("left"), program.register("old"));
            program.repeat(left, shape.increments(), |body| {
                body.fetch_add(old, counter, 1);
            });
        })
    }
}

#[derive(Debug, Default)]
struct FetchAdd(Word);

impl Counter for FetchAdd {
    fn reset(&self) {
        self.0.store(0);
    }

    #[inline]
    fn count(&self, _thread: usize, work: Work<'_>) {
        for slice in work.slices() {
            for _ in 0..slice {
                self.0.atomic().fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    fn total(&self) -> u64 {
        self.0.load()
    }
}

/// A fetch-add cannot store a mark. It need not: no two of them return the same count, so the
/// count that one returns names the store that it read from.
impl Recordable for FetchAdd {
    #[inline]
    fn count_recorded(&self, _thread: usize, work: Work<'_>, pen: &mut Pen<'_>) {
        for slice in work.slices() {
            for _ in 0..slice {
                let seen = self.0.atomic().fetch_add(ONE, Ordering::Relaxed);
                pen.note(seen);
            }
        }
    }

    fn name_stores(&self, loaded: &mut [u64], last: &mut u64) {
        // By count, the mark of the increment that stored it.
        let mut marks = vec![0; loaded.len() + 1];
        for (increment, &word) in (1_u64..).zip(&*loaded) {
            let stored = usize::try_from(count_in(word)).map_or(usize::MAX, |seen| seen + 1);
            if let Some(mark) = marks.get_mut(stored) {
                *mark = increment;
            }
        }
        for word in loaded.iter_mut().chain([last]) {
            let count = usize::try_from(count_in(*word)).unwrap_or(usize::MAX);
            *word |= marks.get(count).copied().unwrap_or(0);
        }
    }
}
