//! Queues: where threads wait until they are called, as at a condition variable or a barrier.
//!
//! Signalling is *signal-and-continue* (Lampson and Redell: *Experience with processes and monitors
//! in Mesa*, 1980), as in POSIX, Java and Go: a notification calls one of the threads that wait at
//! that moment, and any of them may be the one. Which one it is shows only when it moves, so the
//! queue keeps, for each call that has not been taken up, who was there when it came: threads that
//! join later are in later groups, and can't take it.

use super::system::QueueKind;

/// A queue of threads.
// invariants: no group is empty, and no two have the same ticket; `calls` is in rising order, and of the calls up
// to any group there are no more than threads in these groups; tickets are the lowest that are free, so that a
// queue which is never empty comes back to where it was, and equal futures look equal.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Queue {
    kind: QueueKind,
    /// The threads that wait, those that have waited longest first.
    groups: Vec<Group>,
    /// The number of groups at the front that were called together with all others.
    open: usize,
    /// For each single call that no thread has taken up yet, the place of the last group that can take it.
    calls: Vec<usize>,
}

/// Threads between whose joining no call came that is still to be taken up.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Group {
    ticket: u32,
    threads: u32,
}

impl Queue {
    /// Creates an empty queue.
    pub fn new(kind: QueueKind) -> Self {
        Self {
            kind,
            groups: Vec::new(),
            open: 0,
            calls: Vec::new(),
        }
    }

    /// Adds a thread. Returns the ticket of its group.
    pub fn join(&mut self) -> u32 {
        let newest = self.groups.len().checked_sub(1);
        let was_called = newest.is_some_and(|newest| self.can_go(newest));
        match self.groups.last_mut() {
            Some(group) if !was_called => {
                group.threads += 1;
                group.ticket
            }
            _ => {
                let is_free =
                    |ticket: &u32| self.groups.iter().all(|group| group.ticket != *ticket);
                // As many tickets as groups can't be taken by all of them.
                let ticket = (0..u32::MAX).find(is_free).unwrap_or_default();
                self.groups.push(Group { ticket, threads: 1 });
                ticket
            }
        }
    }

    /// Adds a thread to the queue of a barrier and returns its ticket; or calls all and returns
    /// `None`, if it is the last of its round.
    pub fn arrive(&mut self) -> Option<u32> {
        if let QueueKind::Barrier { size } = self.kind
            && self.waiting() + 1 >= size
        {
            self.notify(true);
            return None;
        }
        Some(self.join())
    }

    /// Returns the number of threads in it.
    pub fn threads(&self) -> u32 {
        self.groups.iter().map(|group| group.threads).sum()
    }

    /// Returns the number of threads that were not called together with all others.
    fn waiting(&self) -> u32 {
        let waiting = self.groups.iter().skip(self.open);
        waiting.map(|group| group.threads).sum()
    }

    /// Returns whether a call has come since the group at this place was the newest.
    fn can_go(&self, place: usize) -> bool {
        place < self.open || self.calls.last().is_some_and(|&last| place <= last)
    }

    fn place(&self, ticket: u32) -> Option<usize> {
        self.groups.iter().position(|group| group.ticket == ticket)
    }

    /// Returns whether a thread with this ticket can leave.
    pub fn is_called(&self, ticket: u32) -> bool {
        let spurious = matches!(self.kind, QueueKind::Condition { spurious: true });
        spurious || self.place(ticket).is_some_and(|place| self.can_go(place))
    }

    /// Removes a thread with this ticket, which was called or has woken by itself.
    pub fn leave(&mut self, ticket: u32) {
        let Some(place) = self.place(ticket) else {
            return;
        };
        // The call that fewest others can take.
        let call = self.calls.iter().position(|&last| place <= last);
        if let Some(call) = call.filter(|_| place >= self.open) {
            self.calls.remove(call);
        }
        self.groups[place].threads -= 1;
        if self.groups[place].threads == 0 {
            self.groups.remove(place);
            self.open -= usize::from(place < self.open);
            for last in &mut self.calls {
                *last -= usize::from(*last >= place);
            }
        }
    }

    /// Calls one thread, or all. Returns how many were called: threads that have been called before
    /// do not count.
    pub fn notify(&mut self, all: bool) -> u32 {
        let taken = u32::try_from(self.calls.len()).unwrap_or(u32::MAX);
        let uncalled = self.waiting().saturating_sub(taken);
        if uncalled == 0 {
            return 0;
        }
        if all {
            self.open = self.groups.len();
            self.calls.clear();
            return uncalled;
        }
        // There is a group, for it has an uncalled thread.
        self.calls.push(self.groups.len() - 1);
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

    #[test]
    fn a_queue_that_is_never_empty_comes_back_to_where_it_was() {
        let mut queue = condition();
        let mut waits = queue.join();
        let begin = queue.clone();
        let mut seen = vec![begin.clone()];
        for _ in 0..10 {
            // The thread that waits is called, another joins before it has left, and stays.
            assert_eq!(queue.notify(false), 1);
            let next = queue.join();
            assert!(queue.is_called(waits) && !queue.is_called(next));
            queue.leave(waits);
            waits = next;
            if !seen.contains(&queue) {
                seen.push(queue.clone());
            }
        }
        assert_eq!(seen.len(), 2);
        assert!(seen.iter().all(|seen| seen.threads() == begin.threads()));
    }
}
