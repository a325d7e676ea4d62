//! The program of each strategy, for any number of threads and increments.

use miscount::model::{Comparison, ModelError, Program, ProgramBuilder, System};

/// Builds a system for so many threads and increments.
pub(crate) type Family = fn(usize, u64) -> Result<System, ModelError>;

/// All strategies that have a program, with the name they go by.
pub(crate) const FAMILIES: [(&str, Family); 12] = [
    ("unsynced", unsynced),
    ("unsynced single-instruction", unsynced_single_instruction),
    ("unsynced window", unsynced),
    ("mutex-per-op", mutex_per_op),
    ("mutex-per-batch", |n, m| mutex_per_batch(n, m, m)),
    ("mutex-per-batch 2", |n, m| mutex_per_batch(n, m, 2)),
    ("rwlock", rwlock),
    ("rwlock split", rwlock_split),
    ("atomic", atomic),
    ("compare-exchange", compare_exchange),
    ("spinlock", spinlock),
    ("sharded", sharded),
];

/// Load, then store one more: what `counter += 1` is. A window between the two changes how likely
/// the others are to come between, not what can happen, so it is the same program.
pub(crate) fn unsynced(threads: usize, increments: u64) -> Result<System, ModelError> {
    let mut system = System::builder();
    let counter = system.variable("counter", 0);
    let mut program = ProgramBuilder::new("unsynced");
    let (left, seen) = (program.register("left"), program.register("seen"));
    program.repeat(left, increments, |body| {
        body.load(seen, counter);
        body.add(seen, seen, 1);
        body.store(counter, seen);
    });
    alike(system, &program.build()?, threads, counter)
}

/// One instruction without a bus lock: still a load and a store.
pub(crate) fn unsynced_single_instruction(
    threads: usize,
    increments: u64,
) -> Result<System, ModelError> {
    let mut system = System::builder();
    let counter = system.variable("counter", 0);
    let mut program = ProgramBuilder::new("unsynced");
    let (left, inside) = (program.register("left"), program.register("inside"));
    program.repeat(left, increments, |body| {
        body.increment(inside, counter);
    });
    alike(system, &program.build()?, threads, counter)
}

/// A lock around each increment.
pub(crate) fn mutex_per_op(threads: usize, increments: u64) -> Result<System, ModelError> {
    let mut system = System::builder();
    let counter = system.variable("counter", 0);
    let mutex = system.mutex("mutex");
    let mut program = ProgramBuilder::new("mutex-per-op");
    let (left, seen) = (program.register("left"), program.register("seen"));
    program.repeat(left, increments, |body| {
        body.lock(mutex);
        body.load(seen, counter);
        body.add(seen, seen, 1);
        body.store(counter, seen);
        body.unlock(mutex);
    });
    alike(system, &program.build()?, threads, counter)
}

/// A lock around each `batch` increments; the last batch may be smaller.
pub(crate) fn mutex_per_batch(
    threads: usize,
    increments: u64,
    batch: u64,
) -> Result<System, ModelError> {
    let mut system = System::builder();
    let counter = system.variable("counter", 0);
    let mutex = system.mutex("mutex");
    let mut program = ProgramBuilder::new("mutex-per-batch");
    let batches = program.register("batches");
    let left = program.register("left");
    let seen = program.register("seen");
    let batch = batch.max(1);
    let mut locked = |times_batches: u64, size: u64| {
        program.repeat(batches, times_batches, |body| {
            body.lock(mutex);
            body.repeat(left, size, |body| {
                body.load(seen, counter);
                body.add(seen, seen, 1);
                body.store(counter, seen);
            });
            body.unlock(mutex);
        });
    };
    if increments >= batch {
        locked(increments / batch, batch);
    }
    if !increments.is_multiple_of(batch) {
        locked(1, increments % batch);
    }
    alike(system, &program.build()?, threads, counter)
}

/// The write side of a read-write lock around each increment.
pub(crate) fn rwlock(threads: usize, increments: u64) -> Result<System, ModelError> {
    let mut system = System::builder();
    let counter = system.variable("counter", 0);
    let lock = system.rwlock("rwlock");
    let mut program = ProgramBuilder::new("rwlock");
    let (left, seen) = (program.register("left"), program.register("seen"));
    program.repeat(left, increments, |body| {
        body.lock(lock);
        body.load(seen, counter);
        body.add(seen, seen, 1);
        body.store(counter, seen);
        body.unlock(lock);
    });
    alike(system, &program.build()?, threads, counter)
}

/// Read under the read side, write under the write side: every access locked, and still wrong.
pub(crate) fn rwlock_split(threads: usize, increments: u64) -> Result<System, ModelError> {
    let mut system = System::builder();
    let counter = system.variable("counter", 0);
    let lock = system.rwlock("rwlock");
    let mut program = ProgramBuilder::new("rwlock --split");
    let (left, seen) = (program.register("left"), program.register("seen"));
    program.repeat(left, increments, |body| {
        body.read_lock(lock);
        body.load(seen, counter);
        body.read_unlock(lock);
        body.add(seen, seen, 1);
        body.lock(lock);
        body.store(counter, seen);
        body.unlock(lock);
    });
    alike(system, &program.build()?, threads, counter)
}

/// An indivisible addition.
pub(crate) fn atomic(threads: usize, increments: u64) -> Result<System, ModelError> {
    let mut system = System::builder();
    let counter = system.variable("counter", 0);
    let mut program = ProgramBuilder::new("atomic");
    let (left, old) = (program.register("left"), program.register("old"));
    program.repeat(left, increments, |body| {
        body.fetch_add(old, counter, 1);
    });
    alike(system, &program.build()?, threads, counter)
}

/// Load, then try to replace until nobody came between.
pub(crate) fn compare_exchange(threads: usize, increments: u64) -> Result<System, ModelError> {
    let mut system = System::builder();
    let counter = system.variable("counter", 0);
    let mut program = ProgramBuilder::new("compare-exchange");
    let left = program.register("left");
    let (expected, new) = (program.register("expected"), program.register("new"));
    let seen = program.register("seen");
    program.repeat(left, increments, |body| {
        let (retry, done) = (body.mark(), body.mark());
        body.load(expected, counter);
        body.place(retry);
        body.add(new, expected, 1);
        body.compare_exchange(seen, counter, expected, new);
        body.jump_if(seen, Comparison::Equal, expected, done);
        body.set(expected, seen);
        body.jump(retry);
        body.place(done);
    });
    alike(system, &program.build()?, threads, counter)
}

/// A lock made of one variable; waiting for it is one step, taken when it is free.
pub(crate) fn spinlock(threads: usize, increments: u64) -> Result<System, ModelError> {
    let mut system = System::builder();
    let counter = system.variable("counter", 0);
    let flag = system.variable("taken", 0);
    let mut program = ProgramBuilder::new("spinlock");
    let (left, seen) = (program.register("left"), program.register("seen"));
    program.repeat(left, increments, |body| {
        body.wait_exchange(flag, 0, 1);
        body.load(seen, counter);
        body.add(seen, seen, 1);
        body.store(counter, seen);
        body.store(flag, 0);
    });
    alike(system, &program.build()?, threads, counter)
}

/// A counter of each thread's own; the total is their sum.
pub(crate) fn sharded(threads: usize, increments: u64) -> Result<System, ModelError> {
    let mut system = System::builder();
    for thread in 0..threads {
        let shard = system.variable(format!("shard {thread}"), 0);
        let mut program = ProgramBuilder::new("sharded");
        let (left, seen) = (program.register("left"), program.register("seen"));
        program.repeat(left, increments, |body| {
            body.load(seen, shard);
            body.add(seen, seen, 1);
            body.store(shard, seen);
        });
        system.thread(&program.build()?);
        system.total(shard);
    }
    system.build()
}

fn alike(
    mut system: miscount::model::SystemBuilder,
    program: &Program,
    threads: usize,
    counter: miscount::model::Var,
) -> Result<System, ModelError> {
    for _ in 0..threads {
        system.thread(program);
    }
    system.total(counter);
    system.build()
}
