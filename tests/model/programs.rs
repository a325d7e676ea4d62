//! The program of each strategy, for any number of threads and increments.

use std::num::NonZeroU64;

use miscount::error::Error;
use miscount::model::System;
use miscount::strategy::{self, AccessMode, Settings, Shape, Window};

/// Builds a system for so many threads and increments.
pub(crate) type Family = fn(usize, u64) -> Result<System, Error>;

/// All strategies that have a program, with the name they go by.
pub(crate) const FAMILIES: [(&str, Family); 12] = [
    ("unsynced", unsynced),
    ("unsynced single-instruction", unsynced_single_instruction),
    ("unsynced window", |n, m| {
        with("unsynced", n, m, |settings| settings.window = Window::Yield)
    }),
    ("mutex-per-op", mutex_per_op),
    ("mutex-per-batch", |n, m| {
        with("mutex-per-batch", n, m, |_| ())
    }),
    ("mutex-per-batch 2", |n, m| mutex_per_batch(n, m, 2)),
    ("rwlock", rwlock),
    ("rwlock split", rwlock_split),
    ("atomic", atomic),
    ("compare-exchange", compare_exchange),
    ("spinlock", spinlock),
    ("sharded", sharded),
];

fn with(
    name: &str,
    threads: usize,
    increments: u64,
    set: impl FnOnce(&mut Settings),
) -> Result<System, Error> {
    let mut settings = Settings::default();
    set(&mut settings);
    let kind = strategy::named(name).expect("a strategy");
    let shape = Shape::new(threads, increments).expect("a shape");
    kind.build(&settings)?.system(shape)
}

pub(crate) fn unsynced(threads: usize, increments: u64) -> Result<System, Error> {
    with("unsynced", threads, increments, |_| ())
}

/// Only where the machine has the instruction is there such a strategy; elsewhere it has the
/// outcomes of the plain one.
pub(crate) fn unsynced_single_instruction(
    threads: usize,
    increments: u64,
) -> Result<System, Error> {
    with("unsynced", threads, increments, |settings| {
        if cfg!(target_arch = "x86_64") {
            settings.access = AccessMode::SingleInstruction;
        }
    })
}

pub(crate) fn mutex_per_op(threads: usize, increments: u64) -> Result<System, Error> {
    with("mutex-per-op", threads, increments, |_| ())
}

pub(crate) fn mutex_per_batch(
    threads: usize,
    increments: u64,
    batch: u64,
) -> Result<System, Error> {
    with("mutex-per-batch", threads, increments, |settings| {
        settings.batch = NonZeroU64::new(batch);
    })
}

pub(crate) fn rwlock_split(threads: usize, increments: u64) -> Result<System, Error> {
    with("rwlock", threads, increments, |settings| {
        settings.split = true;
    })
}

pub(crate) fn atomic(threads: usize, increments: u64) -> Result<System, Error> {
    with("atomic", threads, increments, |_| ())
}

pub(crate) fn compare_exchange(threads: usize, increments: u64) -> Result<System, Error> {
    with("compare-exchange", threads, increments, |_| ())
}

pub(crate) fn sharded(threads: usize, increments: u64) -> Result<System, Error> {
    with("sharded", threads, increments, |_| ())
}

pub(crate) fn rwlock(threads: usize, increments: u64) -> Result<System, Error> {
    with("rwlock", threads, increments, |_| ())
}

pub(crate) fn spinlock(threads: usize, increments: u64) -> Result<System, Error> {
    with("spinlock", threads, increments, |_| ())
}
