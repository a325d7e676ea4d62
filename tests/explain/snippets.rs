//! The code that `explain` shows, compiled and run: every snippet stands below, word for word.

use std::num::NonZeroU64;
use std::sync::atomic::AtomicU64;
use std::sync::{Mutex, RwLock};
use std::thread;

use miscount::strategy::{self, AccessMode, Settings, Strategy, Window};

const THREADS: u64 = 4;
const INCREMENTS: u64 = 1000;
const EXPECTED: u64 = THREADS * INCREMENTS;

mod unsynced {
    use std::sync::atomic::AtomicU64;
    use std::sync::atomic::Ordering::Relaxed;

    pub(super) fn count(counter: &AtomicU64, increments: u64) {
        for _ in 0..increments {
            let seen = counter.load(Relaxed);
            counter.store(seen + 1, Relaxed);
        }
    }
}

mod window {
    use std::sync::atomic::AtomicU64;
    use std::sync::atomic::Ordering::Relaxed;

    pub(super) fn count(counter: &AtomicU64, increments: u64, window: impl Fn()) {
        for _ in 0..increments {
            let seen = counter.load(Relaxed);
            window();
            counter.store(seen + 1, Relaxed);
        }
    }
}

#[cfg(target_arch = "x86_64")]
mod single_instruction {
    use std::arch::asm;
    use std::sync::atomic::AtomicU64;

    #[expect(
        unsafe_code,
        reason = "the snippet needs assembly; it touches the counter alone"
    )]
    pub(super) fn count(counter: &AtomicU64, increments: u64) {
        for _ in 0..increments {
            unsafe { asm!("inc qword ptr [{0}]", in(reg) counter.as_ptr()) }
        }
    }
}

mod mutex_per_op {
    use std::sync::Mutex;

    pub(super) fn count(counter: &Mutex<u64>, increments: u64) {
        for _ in 0..increments {
            let mut value = counter.lock().unwrap();
            *value += 1;
        }
    }
}

mod all_at_once {
    use std::sync::Mutex;

    pub(super) fn count(counter: &Mutex<u64>, increments: u64) {
        let mut value = counter.lock().unwrap();
        for _ in 0..increments {
            *value += 1;
        }
    }
}

mod in_batches {
    use std::sync::Mutex;

    pub(super) fn count(counter: &Mutex<u64>, increments: usize, batch: usize) {
        for first in (0..increments).step_by(batch) {
            let mut value = counter.lock().unwrap();
            for _ in first..increments.min(first + batch) {
                *value += 1;
            }
        }
    }
}

mod rwlock {
    use std::sync::RwLock;

    pub(super) fn count(counter: &RwLock<u64>, increments: u64) {
        for _ in 0..increments {
            let mut value = counter.write().unwrap();
            *value += 1;
        }
    }
}

mod split {
    use std::sync::RwLock;

    pub(super) fn count(counter: &RwLock<u64>, increments: u64) {
        for _ in 0..increments {
            let seen = *counter.read().unwrap();
            *counter.write().unwrap() = seen + 1;
        }
    }
}

mod atomic {
    use std::sync::atomic::AtomicU64;
    use std::sync::atomic::Ordering::Relaxed;

    pub(super) fn count(counter: &AtomicU64, increments: u64) {
        for _ in 0..increments {
            counter.fetch_add(1, Relaxed);
        }
    }
}

mod compare_exchange {
    use std::sync::atomic::AtomicU64;
    use std::sync::atomic::Ordering::Relaxed;

    pub(super) fn count(counter: &AtomicU64, increments: u64) {
        for _ in 0..increments {
            let mut seen = counter.load(Relaxed);
            while let Err(now) = counter.compare_exchange_weak(seen, seen + 1, Relaxed, Relaxed) {
                seen = now;
            }
        }
    }
}

mod spinlock {
    use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};
    use std::sync::atomic::{AtomicBool, AtomicU64};

    pub(super) fn count(taken: &AtomicBool, counter: &AtomicU64, increments: u64) {
        for _ in 0..increments {
            while taken.swap(true, Acquire) {
                std::hint::spin_loop();
            }
            counter.store(counter.load(Relaxed) + 1, Relaxed);
            taken.store(false, Release);
        }
    }
}

mod sharded {
    use crossbeam_utils::CachePadded;

    pub(super) fn count(shard: &mut CachePadded<u64>, increments: u64) {
        for _ in 0..increments {
            **shard += 1;
        }
    }

    pub(super) fn total(shards: &[CachePadded<u64>]) -> u64 {
        shards.iter().map(|shard| **shard).sum()
    }
}

mod map_reduce {
    use rayon::iter::{IntoParallelIterator, ParallelIterator};

    pub(super) fn count(threads: u64, increments: u64) -> u64 {
        (0..threads * increments).into_par_iter().map(|_| 1).sum()
    }
}

fn on_threads(count: impl Fn() + Sync) {
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(&count);
        }
    });
}

/// The total that threads with a word come to.
fn of_word(count: impl Fn(&AtomicU64, u64) + Sync) -> u64 {
    let counter = AtomicU64::new(0);
    on_threads(|| count(&counter, INCREMENTS));
    counter.into_inner()
}

/// The total that threads with a mutex come to.
fn of_mutex(count: impl Fn(&Mutex<u64>) + Sync) -> u64 {
    let counter = Mutex::new(0);
    on_threads(|| count(&counter));
    counter.into_inner().unwrap()
}

/// The total that threads with a read-write lock come to.
fn of_rwlock(count: impl Fn(&RwLock<u64>, u64) + Sync) -> u64 {
    let counter = RwLock::new(0);
    on_threads(|| count(&counter, INCREMENTS));
    counter.into_inner().unwrap()
}

#[test]
fn the_correct_snippets_count_correctly() {
    assert_eq!(
        of_mutex(|counter| mutex_per_op::count(counter, INCREMENTS)),
        EXPECTED
    );
    assert_eq!(
        of_mutex(|counter| all_at_once::count(counter, INCREMENTS)),
        EXPECTED
    );
    for batch in [1, 7, 1000, 5000] {
        let increments = usize::try_from(INCREMENTS).unwrap();
        let total = of_mutex(|counter| in_batches::count(counter, increments, batch));
        assert_eq!(total, EXPECTED, "batches of {batch}");
    }
    assert_eq!(of_rwlock(rwlock::count), EXPECTED);
    assert_eq!(of_word(atomic::count), EXPECTED);
    assert_eq!(of_word(compare_exchange::count), EXPECTED);
    let taken = std::sync::atomic::AtomicBool::new(false);
    let spun = of_word(|counter, increments| spinlock::count(&taken, counter, increments));
    assert_eq!(spun, EXPECTED);
    assert_eq!(map_reduce::count(THREADS, INCREMENTS), EXPECTED);
    let mut shards = vec![crossbeam_utils::CachePadded::new(0); usize::try_from(THREADS).unwrap()];
    thread::scope(|scope| {
        for shard in &mut shards {
            scope.spawn(|| sharded::count(shard, INCREMENTS));
        }
    });
    assert_eq!(sharded::total(&shards), EXPECTED);
}

#[test]
fn the_wrong_snippets_never_count_too_much() {
    let window = |counter: &AtomicU64, increments| {
        window::count(counter, increments, thread::yield_now);
    };
    let mut totals = vec![
        of_word(unsynced::count),
        of_word(window),
        of_rwlock(split::count),
    ];
    #[cfg(target_arch = "x86_64")]
    totals.push(of_word(single_instruction::count));
    for total in totals {
        // Whether any update is lost is up to the machine; no schedule leaves fewer than two.
        assert!((2..=EXPECTED).contains(&total), "{total}");
    }
}

/// Every strategy in every variant that has words of its own.
pub(super) fn variants() -> Vec<Strategy> {
    let plain = Settings::default();
    let mut asked: Vec<_> = strategy::ALL.iter().map(|kind| (*kind, plain)).collect();
    let named = |name| strategy::named(name).unwrap();
    let split = Settings {
        split: true,
        ..plain
    };
    asked.push((named("rwlock"), split));
    let batch = NonZeroU64::new(100);
    asked.push((named("mutex-per-batch"), Settings { batch, ..plain }));
    if cfg!(target_arch = "x86_64") {
        let access = AccessMode::SingleInstruction;
        asked.push((named("unsynced"), Settings { access, ..plain }));
    }
    let window = Window::Yield;
    asked.push((named("unsynced"), Settings { window, ..plain }));
    let build = |(kind, settings): (&'static strategy::Kind, Settings)| kind.build(&settings);
    asked.into_iter().map(|one| build(one).unwrap()).collect()
}

#[test]
fn every_snippet_is_one_that_is_run_here() {
    let here = words(include_str!("snippets.rs"));
    let mut seen = Vec::new();
    for strategy in variants() {
        let code = strategy.words().code;
        assert!(
            !code.ends_with('\n') && code.contains("fn count("),
            "{code}"
        );
        // What is public here to its neighbours need not be in the lesson.
        for item in code.split("\n\n") {
            assert!(here.contains(&words(item)), "{strategy:?}:\n{item}");
        }
        assert!(code.lines().all(|line| line.len() <= 76), "{code}");
        assert!(code.lines().count() <= 10, "{code}");
        assert!(!seen.contains(&code), "{strategy:?} has another's code");
        seen.push(code);
    }
}

/// The words, however far apart.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
