//! The totals of the census are those that loom finds on the same program, written by hand with
//! loom's own types.
//!
//! Sizes are those that loom can do in seconds, which for three threads needs a limit on its
//! preemptions: three (four where each increment takes its lock twice) bring about every total,
//! and were they not enough, totals would be missing. (A single instruction and a window are, to loom,
//! the load and store of `unsynced`.)

use std::collections::BTreeSet;
use std::sync::{Arc as StdArc, Mutex as StdMutex};

use loom::sync::atomic::AtomicU64;
use loom::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use loom::sync::{Arc, Mutex, RwLock};
use miscount::model::{Options, System, census};

use super::programs;

/// What a thread does once, given what all share.
type Increment<S> = fn(&S, usize);

/// The totals that loom finds for so many threads and increments.
fn loom_totals<S: Send + Sync + 'static>(
    (threads, increments): (usize, usize),
    preemptions: usize,
    share: fn() -> S,
    increment: Increment<S>,
    total: fn(&S) -> u64,
) -> BTreeSet<u64> {
    let totals = StdArc::new(StdMutex::new(BTreeSet::new()));
    let seen = StdArc::clone(&totals);
    let mut explorer = loom::model::Builder::new();
    explorer.preemption_bound = Some(preemptions);
    explorer.check(move || {
        let shared = Arc::new(share());
        let handles: Vec<_> = (0..threads)
            .map(|thread| {
                let shared = Arc::clone(&shared);
                loom::thread::spawn(move || {
                    for _ in 0..increments {
                        increment(&shared, thread);
                    }
                })
            })
            .collect();
        for handle in handles {
            handle.join().unwrap();
        }
        seen.lock().unwrap().insert(total(&shared));
    });
    let totals = totals.lock().unwrap();
    totals.clone()
}

fn agree(system: &System, totals: &BTreeSet<u64>) {
    let found = census(system, &Options::default()).unwrap();
    assert_eq!(&found.totals().collect::<BTreeSet<u64>>(), totals);
    assert_eq!(found.outcomes.len(), totals.len(), "no deadlocks");
}

const SIZES: [(usize, usize); 4] = [(2, 1), (2, 2), (2, 3), (3, 1)];

#[test]
fn unsynced() {
    for (threads, increments) in SIZES {
        let increment = |counter: &AtomicU64, _| {
            let seen = counter.load(Relaxed);
            counter.store(seen + 1, Relaxed);
        };
        let total = |counter: &AtomicU64| counter.load(Relaxed);
        let totals = loom_totals(
            (threads, increments),
            3,
            || AtomicU64::new(0),
            increment,
            total,
        );
        agree(
            &programs::unsynced(threads, increments as u64).unwrap(),
            &totals,
        );
        let single = programs::unsynced_single_instruction;
        agree(&single(threads, increments as u64).unwrap(), &totals);
    }
}

#[test]
fn mutex() {
    for (threads, increments) in SIZES {
        let increment = |counter: &Mutex<u64>, _| *counter.lock().unwrap() += 1;
        let total = |counter: &Mutex<u64>| *counter.lock().unwrap();
        let totals = loom_totals((threads, increments), 3, || Mutex::new(0), increment, total);
        agree(
            &programs::mutex_per_op(threads, increments as u64).unwrap(),
            &totals,
        );
    }
}

#[test]
fn mutex_in_batches_of_two() {
    let batch = |counter: &Mutex<u64>, _| {
        let mut counter = counter.lock().unwrap();
        for _ in 0..2 {
            *counter += 1;
        }
    };
    let total = |counter: &Mutex<u64>| *counter.lock().unwrap();
    for (threads, batches) in [(2, 1), (2, 2), (3, 1)] {
        let totals = loom_totals((threads, batches), 3, || Mutex::new(0), batch, total);
        let increments = 2 * batches as u64;
        agree(
            &programs::mutex_per_batch(threads, increments, 2).unwrap(),
            &totals,
        );
    }
}

#[test]
fn rwlock() {
    for (threads, increments) in SIZES {
        let increment = |counter: &RwLock<u64>, _| *counter.write().unwrap() += 1;
        let total = |counter: &RwLock<u64>| *counter.read().unwrap();
        let totals = loom_totals(
            (threads, increments),
            3,
            || RwLock::new(0),
            increment,
            total,
        );
        agree(
            &programs::rwlock(threads, increments as u64).unwrap(),
            &totals,
        );
    }
}

#[test]
fn rwlock_split() {
    for (threads, increments) in [(2, 1), (2, 2), (2, 3), (3, 1)] {
        let increment = |counter: &RwLock<u64>, _| {
            let seen = *counter.read().unwrap();
            *counter.write().unwrap() = seen + 1;
        };
        let total = |counter: &RwLock<u64>| *counter.read().unwrap();
        let totals = loom_totals(
            (threads, increments),
            4,
            || RwLock::new(0),
            increment,
            total,
        );
        agree(
            &programs::rwlock_split(threads, increments as u64).unwrap(),
            &totals,
        );
    }
}

#[test]
fn atomic() {
    for (threads, increments) in SIZES {
        let increment = |counter: &AtomicU64, _| {
            counter.fetch_add(1, Relaxed);
        };
        let total = |counter: &AtomicU64| counter.load(Relaxed);
        let totals = loom_totals(
            (threads, increments),
            3,
            || AtomicU64::new(0),
            increment,
            total,
        );
        agree(
            &programs::atomic(threads, increments as u64).unwrap(),
            &totals,
        );
    }
}

#[test]
fn compare_exchange() {
    for (threads, increments) in SIZES {
        let increment = |counter: &AtomicU64, _| {
            let mut seen = counter.load(Relaxed);
            while let Err(other) = counter.compare_exchange(seen, seen + 1, Relaxed, Relaxed) {
                seen = other;
            }
        };
        let total = |counter: &AtomicU64| counter.load(Relaxed);
        let totals = loom_totals(
            (threads, increments),
            3,
            || AtomicU64::new(0),
            increment,
            total,
        );
        agree(
            &programs::compare_exchange(threads, increments as u64).unwrap(),
            &totals,
        );
    }
}

#[test]
fn spinlock() {
    for (threads, increments) in [(2, 1), (2, 2)] {
        let share = || (AtomicU64::new(0), AtomicU64::new(0));
        let increment = |(flag, counter): &(AtomicU64, AtomicU64), _| {
            while flag.compare_exchange(0, 1, Acquire, Relaxed).is_err() {
                loom::thread::yield_now();
            }
            let seen = counter.load(Relaxed);
            counter.store(seen + 1, Relaxed);
            flag.store(0, Release);
        };
        let total = |(_, counter): &(AtomicU64, AtomicU64)| counter.load(Relaxed);
        let totals = loom_totals((threads, increments), 3, share, increment, total);
        agree(
            &programs::spinlock(threads, increments as u64).unwrap(),
            &totals,
        );
    }
}

#[test]
fn sharded() {
    for (threads, increments) in SIZES {
        let share = || [AtomicU64::new(0), AtomicU64::new(0), AtomicU64::new(0)];
        let increment = |shards: &[AtomicU64; 3], thread: usize| {
            let seen = shards[thread].load(Relaxed);
            shards[thread].store(seen + 1, Relaxed);
        };
        let total = |shards: &[AtomicU64; 3]| shards.iter().map(|s| s.load(Relaxed)).sum();
        let totals = loom_totals((threads, increments), 3, share, increment, total);
        agree(
            &programs::sharded(threads, increments as u64).unwrap(),
            &totals,
        );
    }
}
