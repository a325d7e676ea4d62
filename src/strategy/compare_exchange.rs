//! `compare-exchange`: store only if nobody has stored since the load, else try again.

use std::sync::atomic::Ordering;

use quanta::Clock;

use super::{
    Counter, Counters, Elsewhere, Kind, Lanes, Pen, Recorded, Recorder, Shape, Strategy, Tape,
    Word, Work,
};
use crate::error::Error;

pub(super) static KIND: Kind = Kind {
    name: "compare-exchange",
    summary: "Load, then store only if unchanged, else try again",
    elsewhere: Elsewhere {
        go: "atomic.CompareAndSwapInt64 in a loop",
        java: "AtomicLong.compareAndSet in a loop",
        cpp: "std::atomic::compare_exchange_weak in a loop",
    },
    settings: &[],
    build: |_| Ok(Box::new(CompareExchange)),
};

#[derive(Debug)]
struct CompareExchange;

impl Strategy for CompareExchange {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn why(&self) -> &'static str {
        "The store happens only if the counter still holds the value that was loaded; else the \
         thread loads again and retries, so no update is overwritten unseen."
    }

    fn counters(&self, _shape: Shape, how_many: usize) -> Box<dyn Counters> {
        Lanes::boxed(how_many, Retried::default)
    }

    fn recorder(&self, shape: Shape, clock: &Clock) -> Result<Box<dyn Tape>, Error> {
        Recorder::boxed(shape, clock, Retried::default())
    }
}

#[derive(Debug, Default)]
struct Retried(Word);

impl Counter for Retried {
    fn reset(&self) {
        self.0.store(0);
    }

    #[inline]
    fn count(&self, _thread: usize, work: Work<'_>) {
        for slice in work.slices() {
            for _ in 0..slice {
                let mut seen = self.0.load();
                while let Err(now) = self.0.atomic().compare_exchange_weak(
                    seen,
                    seen + 1,
                    Ordering::Relaxed,
                    Ordering::Relaxed,
                ) {
                    seen = now;
                }
            }
        }
    }

    fn total(&self) -> u64 {
        self.0.load()
    }
}

impl Recorded for Retried {
    #[inline]
    fn count_recorded(&self, _thread: usize, work: Work<'_>, pen: &mut Pen<'_>) {
        for slice in work.slices() {
            for _ in 0..slice {
                let mut seen = self.0.load();
                while let Err(now) = self.0.atomic().compare_exchange_weak(
                    seen,
                    pen.sign(seen),
                    Ordering::Relaxed,
                    Ordering::Relaxed,
                ) {
                    seen = now;
                }
                pen.note(seen);
            }
        }
    }
}
