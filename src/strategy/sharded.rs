//! `sharded`: a counter for each thread, merged at the end.

use crossbeam_utils::CachePadded;

use super::{Counter, Elsewhere, Kind, Recorder, Settings, Shape, Word, Words, Work, program};
use crate::error::Error;
use crate::model::{Label, ModelError, ProgramBuilder, System};

pub(super) static KIND: Kind = Kind {
    name: "sharded",
    summary: "A counter per thread, added up at the end",
    beside: "atomic",
    remedy: "sharded",
    settings: &[],
    check: |_| Ok(()),
    words: |_| &WORDS,
    kernel: |_, shape| {
        // Each shard has cache lines of its own; otherwise the threads would contend for a line.
        let shards = move || (0..shape.threads()).map(|_| CachePadded::default());
        Box::new(move || Shards(shards().collect()))
    },
    untraceable: |_| {
        Some(
            "sharded cannot be traced: each thread has a counter of its own, so no store can \
             overwrite another's; trace unsynced, or a lock",
        )
    },
    system,
};

static WORDS: Words = Words {
    summary: KIND.summary,
    look_at: "sharing nothing is cheap",
    why: "No two threads write to the same word.",
    code: "\
fn count(shard: &mut CachePadded<u64>, increments: u64) {
    for _ in 0..increments {
        **shard += 1;
    }
}

fn total(shards: &[CachePadded<u64>]) -> u64 {
    shards.iter().map(|shard| **shard).sum()
}",
    note: Some("Each thread runs `count` on its own shard; `total` runs once, at the end."),
    race: None,
    costs: "As little as counting alone, and a cache line of memory per thread. The total is \
            known only at the end.",
    elsewhere: Elsewhere {
        go: "a slice with a padded element for each goroutine, summed after `Wait`",
        java: "`LongAdder` (striped: threads may still share a stripe)",
        cpp: "a `std::vector` with an element for each thread, aligned to a cache line, summed after \
              `join`",
        python: "a list with an element for each thread, summed after `join`",
    },
};

fn system(_: &Settings, shape: Shape) -> Result<System, Error> {
    let write = || -> Result<System, ModelError> {
        let mut system = System::builder();
        for thread in 0..shape.threads() {
            let shard = system.variable(format!("shard {}", Label(thread)), 0);
            let mut program = ProgramBuilder::new(KIND.name);
            let (left, seen) = (program.register("left"), program.register("seen"));
            program.repeat(left, shape.increments(), |body| {
                program::increment(body, seen, shard);
            });
            system.thread(&program.build()?);
            system.total(shard);
        }
        system.build()
    };
    write().map_err(|error| program::beyond(&error))
}

#[derive(Debug)]
struct Shards(Box<[CachePadded<Word>]>);

impl Counter for Shards {
    fn reset(&self) {
        for shard in &self.0 {
            shard.store(0);
        }
    }

    #[inline]
    fn count<R: Recorder>(&self, thread: usize, work: Work<'_>, recorder: &mut R) {
        let shard = &self.0[thread];
        work.repeat(|| recorder.increment(shard));
    }

    fn total(&self) -> u64 {
        self.0.iter().map(|shard| shard.load()).sum()
    }
}
