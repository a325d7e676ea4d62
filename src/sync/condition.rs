//! Conditions: sleeping, without the lock, until something that the lock guards has changed.

use super::context::Context;
use super::locker::Locker;
use super::primitives::{Mutex, lock};
use super::signal::ContextError;
use super::waiters::{Sleeper, Waiters};

/// Where threads sleep until others say that something has changed.
///
/// It works with any [`Locker`], so that threads may wait through the read side of a read-write
/// lock, and once woken hold it together.
///
/// To wait gives up the lock and takes it again afterwards. Nothing is lost in between: who is
/// asleep, or on the way there since before the lock was given up, is woken by a notification that
/// comes after. That takes the other side's help: what the condition is about must be changed
/// under the lock (for waiters on the read side: under the write side). The notification itself may
/// come after the unlocking.
///
/// When the wait returns, it need not be as one wishes: others may have been faster, one
/// notification may stand for several things, and a wait may also return for no reason (a spurious
/// wake-up; this implementation makes none of its own, but that is no promise). So wait in a loop:
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
    /// A condition that nobody waits for.
    pub fn new() -> Self {
        Self::default()
    }

    /// Gives up the lock, sleeps until notified, and takes the lock again.
    ///
    /// `guard` must be one of `locker`'s own.
    pub fn wait<'l, L: Locker>(&self, locker: &'l L, guard: L::Guard<'l>) -> L::Guard<'l> {
        // A background context never ends.
        self.wait_under(&Context::background(), locker, guard).0
    }

    /// The same, but no longer than until the context has ended; that comes with the lock, which is
    /// taken again in any case.
    ///
    /// A notification that comes while the context ends is not wasted: who has taken it returns
    /// without an error.
    pub fn wait_under<'l, L: Locker>(
        &self,
        context: &Context,
        locker: &'l L,
        guard: L::Guard<'l>,
    ) -> (L::Guard<'l>, Result<(), ContextError>) {
        let sleeper = Sleeper::under(context);
        // Before the lock is given up: whoever changes something afterwards finds this in the queue.
        let place = lock(&self.waiters).enter(&sleeper);
        drop(guard);
        sleeper.sleep();
        let ended = match context.err() {
            Some(error) if lock(&self.waiters).leave(place) => Err(error),
            _ => Ok(()),
        };
        (locker.lock(), ended)
    }

    /// Wakes the thread that has waited longest, if any waits.
    pub fn notify_one(&self) {
        let first = lock(&self.waiters).pop();
        if let Some(sleeper) = first {
            sleeper.cancel();
        }
    }

    /// Wakes all threads that wait.
    pub fn notify_all(&self) {
        let all = lock(&self.waiters).take();
        all.for_each(|sleeper| sleeper.cancel());
    }
}
