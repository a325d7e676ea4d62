//! Queues: where threads wait until they are called, as at a condition variable or a barrier.
//!
//! Signalling is *signal-and-continue* (Lampson and Redell: *Experience with processes and monitors
//! in Mesa*, 1980), as in POSIX, Java and Go: a notification calls one of the threads that wait at
//! that moment, and any of them may be the one. Which one it is shows only when it moves, so the
//! queue keeps, for each call that has not been taken up, who was there when it came: threads that
//! join later have later tickets, and can't take it.

use super::system::QueueKind;

/// A queue of threads.
// invariants: `calls` is in rising order, and no longer than `waiting`; a thread that waits has a
// ticket of at most `epoch`, one that was called together with all others a ticket below `open`;
// an empty queue is as it was at the start, so that equal futures look equal.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Queue {
    kind: QueueKind,
    /// The ticket of the threads that join now.
    epoch: u32,
    /// Threads with a lower ticket have been called.
    open: u32,
    /// For each single call that no thread has taken up yet, the last ticket that can take it.
    calls: Vec<u32>,
    /// The number of threads in the queue, but for those with a ticket below `open`.
    waiting: u32,
    /// The number of threads with a ticket below `open` that have not left yet.
    leaving: u32,
}

impl Queue {
    /// Creates an empty queue.
    pub fn new(kind: QueueKind) -> Self {
        Self {
            kind,
            epoch: 0,
            open: 0,
            calls: Vec::new(),
            waiting: 0,
            leaving: 0,
        }
    }

    /// Adds a thread. Returns its ticket.
    pub fn join(&mut self) -> u32 {
        self.waiting += 1;
        self.epoch
    }

    /// Adds a thread to the queue of a barrier and returns its ticket; or calls all and returns
    /// `None`, if it is the last of its round.
    pub fn arrive(&mut self) -> Option<u32> {
        if let QueueKind::Barrier { size } = self.kind
            && self.waiting + 1 >= size
        {
            self.notify(true);
            return None;
        }
        Some(self.join())
    }

    /// Returns the number of threads in it.
    pub fn threads(&self) -> u32 {
        self.waiting + self.leaving
    }

    /// Returns whether a thread with this ticket can leave.
    pub fn is_called(&self, ticket: u32) -> bool {
        let spurious = matches!(self.kind, QueueKind::Condition { spurious: true });
        spurious || ticket < self.open || self.calls.last().is_some_and(|&last| ticket <= last)
    }

    /// Removes a thread with this ticket, which was called or has woken by itself.
    pub fn leave(&mut self, ticket: u32) {
        if ticket < self.open {
            self.leaving -= 1;
        } else {
            self.waiting -= 1;
            // The call that fewest others can take.
            if let Some(place) = self.calls.iter().position(|&last| ticket <= last) {
                self.calls.remove(place);
            }
        }
        if self.waiting + self.leaving == 0 {
            *self = Self::new(self.kind);
        }
    }

    /// Calls one thread, or all. Returns how many were called: threads that have been called before
    /// do not count.
    pub fn notify(&mut self, all: bool) -> u32 {
        let taken = u32::try_from(self.calls.len()).unwrap_or(u32::MAX);
        let uncalled = self.waiting.saturating_sub(taken);
        if uncalled == 0 {
            return 0;
        }
        let before = self.epoch;
        self.epoch += 1;
        if all {
            self.open = self.epoch;
            self.leaving += std::mem::take(&mut self.waiting);
            self.calls.clear();
            return uncalled;
        }
        self.calls.push(before);
        1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn condition() -> Queue {
        Queue::new(QueueKind::Condition { spurious: false })
    }

    #[test]
    fn a_call_without_a_waiting_thread_is_lost() {
        let mut queue = condition();
        assert_eq!(queue.notify(false), 0);
        let ticket = queue.join();
        assert!(!queue.is_called(ticket));
    }

    #[test]
    fn any_thread_that_waits_may_take_the_call_and_none_that_comes_later() {
        let mut queue = condition();
        let (first, second) = (queue.join(), queue.join());
        assert_eq!(queue.notify(false), 1);
        let late = queue.join();
        assert!(queue.is_called(first) && queue.is_called(second) && !queue.is_called(late));
        queue.leave(second);
        assert!(!queue.is_called(first) && !queue.is_called(late));
        assert_eq!(
            (
                queue.notify(false),
                queue.notify(false),
                queue.notify(false)
            ),
            (1, 1, 0)
        );
        // Two calls for two threads: each may go, in any order.
        assert!(queue.is_called(first) && queue.is_called(late));
        queue.leave(late);
        assert!(queue.is_called(first));
        queue.leave(first);
        assert_eq!(queue, condition());
    }

    #[test]
    fn each_call_finds_a_thread_of_those_it_can_call() {
        let mut queue = condition();
        let early = queue.join();
        queue.notify(false);
        let late = queue.join();
        queue.notify(false);
        // The early thread takes the early call, which the late one could not take.
        queue.leave(early);
        assert!(queue.is_called(late));
    }

    #[test]
    fn a_call_for_all_leaves_nobody_and_does_not_wake_later_threads() {
        let mut queue = condition();
        let (first, second) = (queue.join(), queue.join());
        queue.notify(false);
        assert_eq!(queue.notify(true), 1);
        let late = queue.join();
        assert!(queue.is_called(first) && queue.is_called(second) && !queue.is_called(late));
    }

    #[test]
    fn a_barrier_opens_for_its_size_and_can_be_used_again() {
        let mut queue = Queue::new(QueueKind::Barrier { size: 2 });
        let first = queue.arrive();
        assert!(first.is_some_and(|ticket| !queue.is_called(ticket)));
        assert_eq!(queue.arrive(), None);
        assert!(first.is_some_and(|ticket| queue.is_called(ticket)));
        let second = queue.arrive();
        assert!(second.is_some_and(|ticket| !queue.is_called(ticket)));
        queue.leave(first.unwrap());
        assert_eq!(queue.arrive(), None);
        queue.leave(second.unwrap());
        assert_eq!(queue, Queue::new(QueueKind::Barrier { size: 2 }));
    }
}
