//! Condition variables: a thread releases a lock and sleeps until what the lock guards has changed.

use super::context::{Canceler, Context};
use super::locker::Locker;
use super::primitives::{Mutex, lock};
use super::signal::ContextError;
use super::waiters::Waiters;

/// A condition variable that works with any [`Locker`]: threads may wait through the read side of a
/// read-write lock, and hold it together once woken.
///
/// A wait releases the lock and takes it again afterwards. A waiting thread enters the queue before it
/// releases the lock, so it misses no notification that follows a change made under the lock (for
/// waiters on the read side: under the write side). The notification itself may come after the
/// unlocking.
///
/// When the wait returns, the awaited state need not hold: other threads may have been faster, one
/// notification may stand for several changes, and a wait may return without a notification (a spurious
/// wake-up; this implementation adds none, but does not promise that). So wait in a loop:
///
/// ```
/// use std::sync::RwLock;
/// use std::thread;
/// use miscount::sync::{Condition, Locker, ReadSide, WriteSide};
///
/// let (lock, changed) = (RwLock::new(0), Condition::new());
/// thread::scope(|scope| {
///     for _ in 0..3 {
///         scope.spawn(|| {
///             let side = ReadSide(&lock);
///             let mut value = side.lock();
///             while *value < 5 {
///                 value = changed.wait(&side, value);
///             }
///         });
///     }
///     for _ in 0..5 {
///         *WriteSide(&lock).lock() += 1;
///         changed.notify_all();
///     }
/// });
/// ```
#[derive(Debug, Default)]
pub struct Condition {
    waiters: Mutex<Waiters>,
}

impl Condition {
    /// Makes a condition without waiting threads.
    pub fn new() -> Self {
        Self::default()
    }

    /// Releases the lock, sleeps until notified, and takes the lock again.
    ///
    /// `guard` must be a guard of `locker`.
    pub fn wait<'l, L: Locker>(&self, locker: &'l L, guard: L::Guard<'l>) -> L::Guard<'l> {
        // A background context never ends.
        self.wait_under(&Context::background(), locker, guard).0
    }

    /// Waits as [`wait`](Self::wait) does, but at most until the context has ended. The lock is taken
    /// again in any case.
    ///
    /// A thread that has been notified returns without an error, even if its context ends at the same
    /// time: so the notification is not lost, and the thread can pass it on.
    pub fn wait_under<'l, L: Locker>(
        &self,
        context: &Context,
        locker: &'l L,
        guard: L::Guard<'l>,
    ) -> (L::Guard<'l>, Result<(), ContextError>) {
        let (woken, wake) = context.with_cancel();
        // Before the lock is released: a thread that changes something afterwards must find this one.
        let place = lock(&self.waiters).enter(wake);
        drop(guard);
        woken.wait();
        let ended = match context.err() {
            Some(error) if lock(&self.waiters).leave(place) => Err(error),
            _ => Ok(()),
        };
        (locker.lock(), ended)
    }

    /// Wakes the thread that has waited longest, if there is one.
    pub fn notify_one(&self) {
        let first = lock(&self.waiters).pop();
        first.iter().for_each(Canceler::cancel);
    }

    /// Wakes all waiting threads.
    pub fn notify_all(&self) {
        let all = lock(&self.waiters).take();
        all.for_each(|wake| wake.cancel());
    }
}
