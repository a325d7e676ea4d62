//! `compare-exchange`: store only if no other thread has stored since the load, else try again.

use std::sync::atomic::Ordering;

use super::{Counter, Elsewhere, Kind, Recorder, Settings, Shape, Word, Words, Work, program};
use crate::error::Error;
use crate::model::{Relation, System};

pub(super) static KIND: Kind = Kind {
    name: "compare-exchange",
    summary: "Load, store only if unchanged, else retry",
    beside: "atomic",
    remedy: "compare-exchange",
    settings: &[],
    check: |_| Ok(()),
    words: |_| &WORDS,
    kernel: |_, _| Box::new(Retried::default),
    untraceable: |_| None,
    system,
};

static WORDS: Words = Words {
    summary: KIND.summary,
    look_at: "the store fails if the counter has changed",
    why: "The store succeeds only if the counter still holds the loaded value; otherwise the \
          thread retries from the new value.",
    code: "\
fn count(counter: &AtomicU64, increments: u64) {
    for _ in 0..increments {
        let mut seen = counter.load(Relaxed);
        while let Err(now) =
            counter.compare_exchange_weak(seen, seen + 1, Relaxed, Relaxed)
        {
            seen = now;
        }
    }
}",
    note: Some("The weak form may fail spuriously; then the loop runs once more."),
    race: None,
    costs: "As much as an atomic addition without contention; contention makes more attempts fail. \
            In return, you can compute any new value.",
    elsewhere: Elsewhere {
        go: "`atomic.CompareAndSwapInt64` in a loop",
        java: "`AtomicLong.compareAndSet` in a loop",
        cpp: "`std::atomic::compare_exchange_weak` in a loop",
        python: "nothing in the standard library; a `threading.Lock`",
    },
};

fn system(_: &Settings, shape: Shape) -> Result<System, Error> {
    program::alike(KIND.name, shape, |_, program, counter| {
        let left = program.register("left");
        let (expected, new) = (program.register("expected"), program.register("new"));
        let seen = program.register("seen");
        program.repeat(left, shape.increments(), |body| {
            let (retry, done) = (body.mark(), body.mark());
            body.load(expected, counter);
            body.place(retry);
            body.add(new, expected, 1);
            body.compare_exchange(seen, counter, expected, new);
            body.jump_if(seen, Relation::Equal, expected, done);
            body.set(expected, seen);
            body.jump(retry);
            body.place(done);
        });
    })
}

#[derive(Debug, Default)]
struct Retried(Word);

impl Counter for Retried {
    fn reset(&self) {
        self.0.store(0);
    }

    #[inline]
    fn count<R: Recorder>(&self, _thread: usize, work: Work<'_>, recorder: &mut R) {
        work.repeat(|| {
            let mut seen = self.0.load();
            while let Err(now) = self.0.atomic().compare_exchange_weak(
                seen,
                recorder.successor(seen),
                Ordering::Relaxed,
                Ordering::Relaxed,
            ) {
                seen = now;
            }
            recorder.record(seen);
        });
    }

    fn total(&self) -> u64 {
        self.0.load()
    }
}
