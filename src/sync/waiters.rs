//! The queue of waiting threads that wait groups and conditions share.

use std::collections::BTreeMap;

use super::context::Canceler;

/// The threads that wait for the same thing, first come, first served.
///
/// A thread waits for two events at once: to be woken, and for its context to end. A child context is
/// both, so waking a thread means cancelling its child context. Nothing needs a second way of sleeping,
/// or has to poll the time. When the child has ended, the thread tells the two events apart by whether
/// it is still in the queue.
//
// invariant: a child is cancelled only after it has been taken out of the queue, by the thread that took
// it out. So no wake-up is lost or delivered twice, whatever the context does meanwhile.
#[derive(Debug, Default)]
pub(super) struct Waiters {
    queue: BTreeMap<u64, Canceler>,
    next: u64,
}

impl Waiters {
    /// Returns whether no thread waits.
    pub(super) fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }

    /// Takes a place at the end of the queue and returns it. `wake` cancels the context under which the
    /// thread will wait.
    pub(super) fn enter(&mut self, wake: Canceler) -> u64 {
        let place = self.next;
        self.next += 1;
        self.queue.insert(place, wake);
        place
    }

    /// Gives up a place, and returns whether it was still held: if not, the thread has been woken.
    pub(super) fn leave(&mut self, place: u64) -> bool {
        self.queue.remove(&place).is_some()
    }

    /// Takes out the first thread, to be woken once the lock around the queue is released.
    pub(super) fn pop(&mut self) -> Option<Canceler> {
        Some(self.queue.pop_first()?.1)
    }

    /// Takes out all threads, to be woken once the lock around the queue is released.
    pub(super) fn take(&mut self) -> impl Iterator<Item = Canceler> + use<> {
        std::mem::take(&mut self.queue).into_values()
    }
}
