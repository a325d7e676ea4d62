//! An order of the stores that explains every load.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::log::{Impossible, Increment, Log};

const NONE: u32 = u32::MAX;

/// Who has read from each store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Readers {
    /// By mark, the first that read from the store; `NONE` for none.
    first: Vec<u32>,
    /// By increment, the next that read from the same store.
    next: Vec<u32>,
}

impl Readers {
    pub(super) fn of(log: &Log) -> Self {
        let mut first = vec![NONE; log.reads.len() + 1];
        let mut next = vec![NONE; log.reads.len()];
        // From the end, so that the lists begin with the first thread.
        let mut reader = log.threads * log.increments;
        for read in log.reads.iter().rev() {
            reader -= 1;
            next[reader as usize] = first[read.store as usize];
            first[read.store as usize] = reader;
        }
        Self { first, next }
    }

    /// Those who have read from the store with this mark; 0 is the initial value's.
    pub(super) fn of_mark(&self, mark: u32) -> impl Iterator<Item = Increment> {
        let some = |reader| (reader != NONE).then_some(reader);
        std::iter::successors(some(self.first[mark as usize]), move |&reader| {
            some(self.next[reader as usize])
        })
    }
}

/// The order of the stores, group by group.
///
/// Of the groups that may come next, the one with the earliest time does.
///
/// invariants: a group may come when all its accesses are the next of their threads, or follow
/// within the group; `waiting` counts those that are not. The initial group comes first, the one
/// with the final word last.
pub(super) fn order(
    log: &Log,
    readers: &Readers,
    times: &[u64],
) -> Result<Vec<Increment>, Impossible> {
    let read_from = |increment: u32| log.reads[increment as usize].store;
    let is_first = |increment: u32| increment.is_multiple_of(log.increments);
    // Groups by mark: its store, unless it is the initial one, waits for that increment's load,
    // and each load for the store of the increment before, unless that heads this very group.
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
            // The thread's next load, if it is not of this group.
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
