//! The shared word that every strategy counts in, the one increment they all share, and the locks
//! of the standard library without their poisoning.

use std::sync::atomic::{AtomicU64, Ordering, compiler_fence};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// A 64-bit counter word.
///
/// Its loads and stores are relaxed atomics: on every common processor the plain loads and stores
/// of `*value += 1`, yet with a defined meaning when threads race, so that an update may be lost
/// but nothing undefined can happen. Strategies differ only in what they put around them.
#[derive(Debug, Default)]
pub struct Word(AtomicU64);

impl Word {
    /// Reads the word.
    #[inline]
    pub fn load(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    /// Overwrites the word.
    #[inline]
    pub fn store(&self, value: u64) {
        self.0.store(value, Ordering::Relaxed);
    }

    /// `word += 1` as a load, an addition and a store: not atomic.
    #[inline]
    pub fn increment(&self) {
        self.increment_around(|| ());
    }

    /// [`increment`](Self::increment) with something happening between the load and the store.
    #[inline]
    pub fn increment_around(&self, window: impl FnOnce()) {
        let seen = self.load();
        // Without it the compiler joins load and store into one instruction; with it they stay
        // two, at no cost: the fence binds the compiler alone.
        compiler_fence(Ordering::SeqCst);
        window();
        self.store(seen + 1);
    }

    /// The word as the atomic it is, for strategies that use atomic operations.
    #[inline]
    pub fn atomic(&self) -> &AtomicU64 {
        &self.0
    }
}

/// Takes the mutex. No kernel panics while it holds one, so a poisoned mutex is as good as any.
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
