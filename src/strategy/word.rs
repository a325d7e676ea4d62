//! The shared word that every strategy counts in, and the locks of the standard library without
//! their poisoning.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// A 64-bit counter word.
///
/// Its loads and stores are relaxed atomics: on every common processor the plain loads and stores
/// of `*value += 1`, yet with a defined meaning when threads race, so that an update may be lost
/// but the behaviour stays defined. Strategies differ only in what they put around these accesses.
#[derive(Debug, Default)]
pub struct Word(AtomicU64);

impl Word {
    /// Loads the word.
    #[inline]
    pub fn load(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    /// Stores `value` in the word.
    #[inline]
    pub fn store(&self, value: u64) {
        self.0.store(value, Ordering::Relaxed);
    }

    /// Returns the word as an atomic, for strategies that use atomic operations.
    #[inline]
    pub fn atomic(&self) -> &AtomicU64 {
        &self.0
    }
}

/// Takes the mutex. No kernel panics while it holds one, so a poisoned mutex is sound.
#[inline]
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Takes the read side of the lock.
#[inline]
pub fn read<T>(lock: &RwLock<T>) -> RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

/// Takes the write side of the lock.
#[inline]
pub fn write<T>(lock: &RwLock<T>) -> RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(PoisonError::into_inner)
}
