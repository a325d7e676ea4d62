//! An order of the stores that explains every load.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::log::{Impossible, Increment, Log};

const NONE: u32 = u32::MAX;

/// The increments that read from each store, as linked lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Readers {
    /// By mark, the first increment that read from the store; `NONE` for none.
    first: Vec<u32>,
    /// By increment, the next one that read from the same store.
    next: Vec<u32>,
}

impl Readers {
    pub(super) fn of(log: &Log) -> Self {
        let mut first = vec![NONE; log.reads.len() + 1];
        let mut next = vec![NONE; log.reads.len()];
        // From the end, so that the lists begin with the first thread.
        for (reader, read) in (0..log.threads * log.increments).zip(&log.reads).rev() {
            next[reader as usize] = first[read.store as usize];
            first[read.store as usize] = reader;
        }
        Self { first, next }
    }

    /// Returns the increments that read from the store with this mark; 0 is the initial value.
    pub(super) fn of_mark(&self, mark: u32) -> impl Iterator<Item = Increment> {
        let some = |reader| (reader != NONE).then_some(reader);
        std::iter::successors(some(self.first[mark as usize]), move |&reader| {
            some(self.next[reader as usize])
        })
    }
}

/// Returns an order of the stores, group by group: of the groups that may come next, the one with the
/// earliest time does.
///
/// invariants: a group may come when each of its accesses is the next one of its thread, or follows
/// another access of the group; `waiting` counts the accesses of which neither is true. The initial
/// group comes first, the group of the final word last.
pub(super) fn order(
    log: &Log,
    readers: &Readers,
    times: &[u64],
) -> Result<Vec<Increment>, Impossible> {
    let read_from = |increment: u32| log.reads[increment as usize].store;
    let is_first = |increment: u32| increment.is_multiple_of(log.increments);
    // By mark: the store of a group waits for the load of the same increment, and each load for the
    // store of its thread's previous increment, unless that is the store of this group.
    let mut waiting = vec![0_u32; log.reads.len() + 1];
    for increment in (0_u32..).take(log.reads.len()) {
        waiting[increment as usize + 1] += 1;
        if !is_first(increment) && read_from(increment) != increment {
            waiting[read_from(increment) as usize] += 1;
        }
    }
    if waiting[0] > 0 {
        return Err(Impossible::NoOrder { ordered: 0 });
    }
    let mut order = Vec::with_capacity(log.reads.len());
    let mut ready = BinaryHeap::new();
    let mut group = Some(0_u32);
    while let Some(mark) = group {
        let mut release = |mark: u32| {
            waiting[mark as usize] -= 1;
            if waiting[mark as usize] == 0 && mark != log.last.store {
                ready.push(Reverse((times[mark as usize - 1], mark)));
            }
        };
        if let Some(increment) = mark.checked_sub(1) {
            order.push(increment);
            // The thread's next load, if it is in another group.
            let follower = increment + 1;
            let same_thread = (follower as usize) < log.reads.len() && !is_first(follower);
            if same_thread && read_from(follower) != mark {
                release(read_from(follower));
            }
        }
        for reader in readers.of_mark(mark) {
            release(reader + 1);
        }
        group = ready.pop().map(|Reverse((_, mark))| mark).or_else(|| {
            let last = log.last.store;
            let left = order.len() + 1 == log.reads.len() && last != mark;
            (left && waiting[last as usize] == 0).then_some(last)
        });
    }
    let is_last = order.last().map_or(0, |&last| last + 1) == log.last.store;
    if order.len() < log.reads.len() || !is_last {
        return Err(Impossible::NoOrder {
            ordered: order.len(),
        });
    }
    Ok(order)
}
