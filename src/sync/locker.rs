//! Lockers: whatever can be locked, so that a condition need not know what kind of lock it is.

use std::sync::{Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// Something that can be locked; unlocked when the guard is dropped.
///
/// A read-write lock is two lockers: its [`ReadSide`], which many may hold at once, and its
/// [`WriteSide`].
pub trait Locker {
    /// What holds the lock.
    type Guard<'a>
    where
        Self: 'a;

    /// Waits for the lock and takes it.
    fn lock(&self) -> Self::Guard<'_>;
}

/// Whether or not a thread has panicked with the mutex in its hands.
impl<T> Locker for Mutex<T> {
    type Guard<'a>
        = MutexGuard<'a, T>
    where
        T: 'a;

    fn lock(&self) -> MutexGuard<'_, T> {
        // The method of this name that the mutex has of its own.
        Mutex::lock(self).unwrap_or_else(PoisonError::into_inner)
    }
}

/// The side of a read-write lock for those who only read: what Go calls its `RLocker`.
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

/// The side of a read-write lock for those who write.
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
