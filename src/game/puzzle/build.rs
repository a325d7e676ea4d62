//! Programs that several puzzles share.

use crate::model::{LockId, ModelError, ProgramBuilder, System, Var};

/// Builds threads that each load, add 1 and store, `increments` times.
pub(super) fn unsynced(threads: usize, increments: u64) -> Result<System, ModelError> {
    System::alike("unsynced", threads, |_, program, counter| {
        counting(program, counter, increments);
    })
}

/// Adds increments without a lock.
pub(super) fn counting(program: &mut ProgramBuilder, counter: Var, increments: u64) {
    let (left, seen) = (program.register("left"), program.register("seen"));
    program.repeat(left, increments, |body| {
        body.load(seen, counter);
        body.add(seen, seen, 1);
        body.store(counter, seen);
    });
}

/// Adds increments, each under a lock.
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
