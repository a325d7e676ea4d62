//! `atomic`: one atomic read-modify-write instruction.

use std::sync::atomic::Ordering;

use super::program;
use super::{Counter, Counters, Elsewhere, Kind, Lanes, Shape, Strategy, Word, Work};
use crate::error::Error;
use crate::model::System;

pub(super) static KIND: Kind = Kind {
    name: "atomic",
    summary: "One atomic fetch-add",
    elsewhere: Elsewhere {
        go: "atomic.Int64.Add(1)",
        java: "AtomicLong.incrementAndGet()",
        cpp: "std::atomic::fetch_add(1)",
    },
    settings: &[],
    build: |_| Ok(Box::new(Atomic)),
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

    fn counters(&self, _shape: Shape, how_many: usize) -> Box<dyn Counters> {
        Lanes::boxed(how_many, FetchAdd::default)
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
