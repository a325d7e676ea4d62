//! The only place that decides between the standard primitives and those of the model checker.
//!
//! Built with `--cfg loom`, as `tests/loom` does, the state machines of this module run on loom's types, and
//! `tests/loom/interleavings.rs` tries every interleaving of them. `Arc` and `Weak` are the standard types in both
//! cases: loom has no `Weak`, and the reference counts are not what is tested.

use std::sync::PoisonError;

#[cfg(loom)]
pub(super) use loom::sync::{
    Condvar, Mutex, MutexGuard,
    atomic::{AtomicU8, Ordering},
};
#[cfg(not(loom))]
pub(super) use std::sync::{
    Condvar, Mutex, MutexGuard,
    atomic::{AtomicU8, Ordering},
};

/// Locks the mutex, and ignores poisoning.
///
/// This module runs no foreign code under a lock, so a panic cannot leave the guarded data inconsistent.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Waits on a condition, and ignores poisoning as [`lock`] does.
pub(super) fn wait<'a, T>(condition: &Condvar, guard: MutexGuard<'a, T>) -> MutexGuard<'a, T> {
    condition
        .wait(guard)
        .unwrap_or_else(PoisonError::into_inner)
}
