//! What the systems of several puzzles have in common.

use crate::model::{LockId, ModelError, ProgramBuilder, System, SystemBuilder, Var};

/// So many threads that run the same program on one counter, which is the total.
pub(super) fn alike(
    name: &str,
    threads: usize,
    write: impl FnOnce(&mut SystemBuilder, &mut ProgramBuilder, Var),
) -> Result<System, ModelError> {
    let mut system = System::builder();
    let counter = system.variable("counter", 0);
    let mut program = ProgramBuilder::new(name);
    write(&mut system, &mut program, counter);
    let program = program.build()?;
    for _ in 0..threads {
        system.thread(&program);
    }
    system.total(counter);
    system.build()
}

/// Threads that load, add 1 and store, so many times.
pub(super) fn unsynced(threads: usize, increments: u64) -> Result<System, ModelError> {
    alike("unsynced", threads, |_, program, counter| {
        counting(program, counter, increments);
    })
}

/// Increments without a lock.
pub(super) fn counting(program: &mut ProgramBuilder, counter: Var, increments: u64) {
    let (left, seen) = (program.register("left"), program.register("seen"));
    program.repeat(left, increments, |body| {
        body.load(seen, counter);
        body.add(seen, seen, 1);
        body.store(counter, seen);
    });
}

/// Increments, each under a lock.
pub(super) fn locked(program: &mut ProgramBuilder, counter: Var, lock: LockId, increments: u64) {
    let (left, seen) = (program.register("left"), program.register("seen"));
    program.repeat(left, increments, |body| {
        body.lock(lock);
        body.load(seen, counter);
        body.add(seen, seen, 1);
        body.store(counter, seen);
        body.unlock(lock);
    });
}
