//! The one place that decides between the real primitives and the model checker's.
//!
//! Built with `--cfg loom`, the state machines of this module run on loom's types, and
//! `tests/loom.rs` tries every interleaving of them. `Arc` and `Weak` are the standard ones in
//! both cases: loom has no `Weak`, and it is not the reference counts that are in question.

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

/// Locks, whether or not a thread has panicked with the lock in its hands.
///
/// Nothing in this module runs foreign code under a lock, so what a lock guards is whole even
/// then.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Waits on a condition, forgiving poison as [`lock`] does.
pub(super) fn wait<'a, T>(condition: &Condvar, guard: MutexGuard<'a, T>) -> MutexGuard<'a, T> {
    condition
        .wait(guard)
        .unwrap_or_else(PoisonError::into_inner)
}
