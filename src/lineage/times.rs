//! When stores were made, from the looks at the clock and what must come before what.

use super::log::{Increment, Log};
use super::order::Readers;

/// A thread that takes so many times what it usually takes at most waits, or is off its core.
///
/// From one look at the clock to the next that is some ten nanoseconds where a thread has the
/// counter to itself, and a hundred times that where others count too; a thread that is off its
/// core stays away for thousands of times as long.
const PAUSE: u64 = 16;

/// From fewer times than these nobody can tell what is usual.
const FEW: usize = 4;

/// Whether this time is no usual one.
pub(super) fn is_pause(usual: u64, time: u64) -> bool {
    time > usual.saturating_mul(PAUSE)
}

/// The time from one look at the clock to the next that nine of ten do not exceed, of each thread;
/// `None` where it made too few increments. Not the median: most of a run a thread may have been
/// alone, which is much faster than with others, and that is no pause.
pub(super) fn usual(log: &Log) -> Vec<Option<u64>> {
    // The last look comes sooner after the one before it.
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

/// A first guess: evenly between two looks. Where there was a pause between them, at the usual pace
/// after the first; what must have come after the pause is put there by what it follows.
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
            // What is usual is so for as many increments as lie between two looks.
            Some(usual) if is_pause(usual, between) => (usual, log.clock_every),
            _ => (between, apart),
        };
        times.push(before + between * u64::from(steps) / u64::from(apart));
    }
    times
}

/// Takes each time back to the earliest look behind any store that must come later, whatever the
/// order. So, if the clock is right, no store is put behind a look that came after it.
pub(super) fn bounded(log: &Log, readers: &Readers, order: &[Increment], times: &mut [u64]) {
    let increments = (0..).take(log.reads.len());
    let mut latest: Vec<_> = increments.map(|i| log.look_after(i)).collect();
    for &store in order.iter().rev() {
        // Whoever read from it stores later; and so does whoever the thread's next load read from.
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

/// Makes the times those of an order: none is earlier than the one before it, nor than the look
/// before it, nor later than the look behind it or behind any store after it.
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
