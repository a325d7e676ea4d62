//! Lockers: a trait for locks of all kinds, so that a condition works with any of them.

use std::sync::{Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// A lock, or one side of it; dropping the guard unlocks it.
///
/// A read-write lock is two lockers: its [`ReadSide`], which several threads may hold at once, and its
/// [`WriteSide`].
pub trait Locker {
    /// Holds the lock until it is dropped.
    type Guard<'a>
    where
        Self: 'a;

    /// Waits for the lock and takes it.
    fn lock(&self) -> Self::Guard<'_>;
}

/// Ignores poisoning, as the other lockers do.
impl<T> Locker for Mutex<T> {
    type Guard<'a>
        = MutexGuard<'a, T>
    where
        T: 'a;

    fn lock(&self) -> MutexGuard<'_, T> {
        // The inherent method of the mutex.
        Mutex::lock(self).unwrap_or_else(PoisonError::into_inner)
    }
}

/// The shared side of a read-write lock, which Go calls its `RLocker`.
#[derive(Debug)]
pub struct ReadSide<'l, T>(pub &'l RwLock<T>);

impl<T> Locker for ReadSide<'_, T> {
    type Guard<'a>
        = RwLockReadGuard<'a, T>
    where
        Self: 'a;

    fn lock(&self) -> RwLockReadGuard<'_, T> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The exclusive side of a read-write lock.
#[derive(Debug)]
pub struct WriteSide<'l, T>(pub &'l RwLock<T>);

impl<T> Locker for WriteSide<'_, T> {
    type Guard<'a>
        = RwLockWriteGuard<'a, T>
    where
        Self: 'a;

    fn lock(&self) -> RwLockWriteGuard<'_, T> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}
