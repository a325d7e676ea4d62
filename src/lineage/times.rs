//! Estimates the times of the stores from the clock readings and from what must precede what.

use super::log::{Increment, Log};
use super::order::Readers;

/// The multiple of the longest usual time beyond which a thread waits or is off its core.
///
/// The time between two clock readings is some ten nanoseconds if a thread has the counter to itself,
/// and a hundred times that under contention; a thread that is off its core stays away for thousands
/// of times as long.
const PAUSE: u64 = 16;

/// The fewest intervals from which the usual time can be told.
const FEW: usize = 4;

/// Returns whether the time is too long to be usual.
pub(super) fn is_pause(usual: u64, time: u64) -> bool {
    time > usual.saturating_mul(PAUSE)
}

/// Returns for each thread the time between clock readings that nine of ten intervals do not exceed;
/// `None` if it made too few increments.
///
/// The median would not do: a thread that is alone for most of a run is much faster then, and
/// contention in the rest is no pause.
pub(super) fn usual(log: &Log) -> Vec<Option<u64>> {
    // The last interval may be shorter.
    let regular = log.increments.div_ceil(log.clock_every) as usize;
    let usual = |looks: &Vec<u64>| {
        let looks = looks.get(..regular)?;
        let apart = looks.windows(2).map(|pair| pair[1].saturating_sub(pair[0]));
        let mut apart: Vec<_> = apart.collect();
        (apart.len() >= FEW).then(|| {
            let most = (apart.len() - 1) * 9 / 10;
            (*apart.select_nth_unstable(most).1).max(1)
        })
    };
    log.looks.iter().map(usual).collect()
}

/// Returns a first estimate: stores are spread evenly between two clock readings. If there was a pause
/// between them, stores follow the first reading at the usual pace; the order later moves those that
/// must have come after the pause.
pub(super) fn estimated(log: &Log, usual: &[Option<u64>]) -> Vec<u64> {
    let mut times = Vec::with_capacity(log.reads.len());
    for increment in (0..).take(log.reads.len()) {
        let after = log.look_after(increment);
        if log.is_looked_at(increment) {
            times.push(after);
            continue;
        }
        let place = increment % log.increments;
        let steps = place % log.clock_every;
        let apart = log.clock_every.min(log.increments - 1 - (place - steps));
        let before = log.look_before(increment);
        let between = after.saturating_sub(before);
        let usual = usual[(increment / log.increments) as usize];
        let (between, apart) = match usual {
            // The usual time is the time of `clock_every` increments.
            Some(usual) if is_pause(usual, between) => (usual, log.clock_every),
            _ => (between, apart),
        };
        let (steps, apart) = (u64::from(steps), u64::from(apart));
        let since = between / apart * steps + between % apart * steps / apart;
        times.push(before.saturating_add(since));
    }
    times
}

/// Limits each time to the earliest clock reading after any store that must follow, whatever the
/// order. So, if the clock is right, no store is placed after a reading that followed it.
pub(super) fn bounded(log: &Log, readers: &Readers, order: &[Increment], times: &mut [u64]) {
    let increments = (0..).take(log.reads.len());
    let mut latest: Vec<_> = increments.map(|i| log.look_after(i)).collect();
    for &store in order.iter().rev() {
        // The increments that read from it store later, and so does the source of the next load.
        let mark = store + 1;
        let mut bound = latest[store as usize];
        for reader in readers.of_mark(mark) {
            bound = bound.min(latest[reader as usize]);
        }
        if !mark.is_multiple_of(log.increments) {
            let next = log.reads[mark as usize].store;
            if let Some(source) = next.checked_sub(1).filter(|&source| source != store) {
                bound = bound.min(latest[source as usize]);
            }
        }
        latest[store as usize] = bound;
    }
    for (time, latest) in times.iter_mut().zip(latest) {
        *time = latest.min(*time);
    }
}

/// Fits the times to an order: none is earlier than the time or the clock reading before it, nor
/// later than a reading after it or after any later store.
pub(super) fn settled(log: &Log, order: &[Increment], times: &mut [u64]) {
    let mut latest = vec![0; order.len()];
    let mut bound = u64::MAX;
    for (latest, &store) in latest.iter_mut().zip(order).rev() {
        bound = bound.min(log.look_after(store));
        *latest = bound;
    }
    let mut now = 0;
    for (&latest, &store) in latest.iter().zip(order) {
        let time = &mut times[store as usize];
        now = now.max(*time).max(log.look_before(store)).min(latest);
        *time = now;
    }
}
