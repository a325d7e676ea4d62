//! `map-reduce`: rayon's own parallel iterator counts pieces and adds them up.

use std::hint::black_box;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use crossbeam_utils::Backoff;
use rayon::Yield;
use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::{Counter, Elsewhere, Kind, NoRecorder, Recorder, Settings, Shape, Word, Words, Work};
use crate::error::Error;
use crate::model::System;
use crate::sync::Context;

pub(super) static KIND: Kind = Kind {
    name: "map-reduce",
    summary: "rayon's parallel iterator: count pieces, add the sums",
    beside: "sharded",
    remedy: "map-reduce",
    settings: &[],
    check: |_| Ok(()),
    words: |_| &WORDS,
    kernel: |_, shape| {
        Box::new(move || Reduced {
            shape,
            total: AtomicU64::new(0),
            counting: AtomicUsize::new(shape.threads()),
        })
    },
    untraceable: |_| {
        Some(
            "map-reduce cannot be traced: it has no shared counter that threads could store to; \
             trace unsynced, or a lock",
        )
    },
    system,
};

static WORDS: Words = Words {
    summary: KIND.summary,
    look_at: "no thread and no lock appears in the code",
    why: "Each piece is counted in a word of its own: nothing is shared while counting.",
    code: "\
fn count(threads: u64, increments: u64) -> u64 {
    (0..threads * increments).into_par_iter().map(|_| 1).sum()
}",
    note: Some(
        "It is called once: rayon hands pieces of the range, up to 1,024 increments each, to the \
         threads of its pool.",
    ),
    race: None,
    costs: "Little more than counting alone, once a piece is large enough.",
    elsewhere: Elsewhere {
        go: "a goroutine for each piece, the sums sent over a channel",
        java: "`LongStream.range(..).parallel().map(..).sum()`",
        cpp: "`std::transform_reduce(std::execution::par, ..)`",
        python: "`sum(executor.map(count, pieces))` with a `ProcessPoolExecutor`: under the GIL, threads \
                 do not compute in parallel",
    },
};

fn system(_: &Settings, _shape: Shape) -> Result<System, Error> {
    Err(Error::Usage(
        "map-reduce has no program: rayon decides which thread counts which piece; try sharded"
            .into(),
    ))
}

/// The number of increments in a piece, which one thread counts without interruption.
const PIECE: u64 = 1024;

#[derive(Debug)]
struct Reduced {
    shape: Shape,
    total: AtomicU64,
    /// The threads whose share is not yet counted.
    counting: AtomicUsize,
}

impl Reduced {
    /// Maps every piece of the share of these threads to its count, and reduces the counts to their sum.
    fn map_and_reduce(threads: usize, work: Work<'_>) -> u64 {
        let all = threads as u64 * work.increments;
        (0..all.div_ceil(PIECE))
            .into_par_iter()
            // When the context ends, too many pieces may be left to skip them one by one.
            .take_any_while(|_| !work.context.is_done())
            .map(|piece| {
                if work.context.is_done() {
                    return None;
                }
                let word = Word::default();
                // Otherwise the compiler sees that the word is not shared, and counts at compile
                // time.
                black_box(&word);
                let piece = Work {
                    increments: PIECE.min(all - piece * PIECE),
                    ..work
                };
                piece.repeat(|| NoRecorder.increment(&word));
                Some(word.load())
            })
            .while_some()
            .sum()
    }

    /// Takes pieces that the iterator offers to the other threads of the pool, until everything is
    /// counted.
    fn help(&self, context: &Context) {
        const FIRST_NAP: Duration = Duration::from_micros(50);
        const LONGEST_NAP: Duration = Duration::from_millis(10);
        let (mut backoff, mut nap) = (Backoff::new(), FIRST_NAP);
        while self.counting.load(Ordering::Acquire) > 0 && !context.is_done() {
            if rayon::yield_now() == Some(Yield::Executed) {
                (backoff, nap) = (Backoff::new(), FIRST_NAP);
            } else if backoff.is_completed() {
                // With a thousand threads, the idle ones must not keep the cores from the threads
                // that count.
                std::thread::sleep(nap);
                nap = (nap * 2).min(LONGEST_NAP);
            } else {
                backoff.snooze();
            }
        }
    }
}

impl Counter for Reduced {
    fn reset(&self) {
        self.total.store(0, Ordering::Relaxed);
        self.counting.store(self.shape.threads(), Ordering::Relaxed);
    }

    /// In each pool one thread divides the share of all its threads; a large crew has several pools.
    fn count<R: Recorder>(&self, _thread: usize, work: Work<'_>, _recorder: &mut R) {
        if rayon::current_thread_index() == Some(0) {
            let threads = rayon::current_num_threads();
            let total = Self::map_and_reduce(threads, work);
            self.total.fetch_add(total, Ordering::Relaxed);
            self.counting.fetch_sub(threads, Ordering::Release);
        } else {
            self.help(work.context);
        }
    }

    fn total(&self) -> u64 {
        self.total.load(Ordering::Relaxed)
    }
}
