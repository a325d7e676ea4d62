//! What each strategy's kernel costs over the same loop written by hand around the same lock, with
//! one thread and a million increments. Both are timed in turn, so that a drifting machine is fair
//! to both; the ratio of the medians is printed after criterion's own figures.
//!
//! A loop of a few instructions gains or loses up to a tenth by where it happens to lie in a cache
//! line. To compare two versions, build both with their loops aligned:
//! `cargo rustc --profile bench --bench strategies --
//! -C llvm-args=-x86-experimental-pref-innermost-loop-alignment=6`.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark that cannot be set up may as well stop, and its figures are its output"
)]

use std::hint::black_box;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering, compiler_fence};
use std::sync::{Mutex, RwLock};
use std::time::{Duration, Instant};

use criterion::{Criterion, Throughput};
use miscount::strategy::{self, AccessMode, Counters, Settings, Shape, Work};
use miscount::sync::Context;
use rayon::iter::{IntoParallelIterator, ParallelIterator};

const INCREMENTS: u64 = 1_000_000;

/// How often each pair is timed for its ratio.
const PAIRS: usize = 41;

/// `word += 1` as load, addition and store, kept apart as in the kernels.
#[inline]
fn increment(word: &AtomicU64) {
    let seen = word.load(Ordering::Relaxed);
    compiler_fence(Ordering::SeqCst);
    word.store(seen + 1, Ordering::Relaxed);
}

#[cfg(target_arch = "x86_64")]
#[expect(
    unsafe_code,
    reason = "inline assembly is the only way to this instruction"
)]
fn inc(word: &AtomicU64) {
    // SAFETY: one aligned load and store of a live word that may be written through.
    unsafe {
        std::arch::asm!("inc qword ptr [{word}]", word = in(reg) word.as_ptr(), options(nostack));
    }
}

fn by_hand(name: &str) -> Box<dyn Fn()> {
    let word = AtomicU64::new(0);
    match name {
        "unsynced" => Box::new(move || {
            for _ in 0..INCREMENTS {
                increment(&word);
            }
        }),
        #[cfg(target_arch = "x86_64")]
        "unsynced --access single-instruction" => Box::new(move || {
            for _ in 0..INCREMENTS {
                inc(&word);
            }
        }),
        "mutex-per-op" => {
            let lock = Mutex::new(0_u64);
            Box::new(move || {
                for _ in 0..INCREMENTS {
                    *lock.lock().unwrap() += 1;
                }
            })
        }
        "mutex-per-batch" => {
            let lock = Mutex::new(AtomicU64::new(0));
            Box::new(move || {
                let word = lock.lock().unwrap();
                for _ in 0..INCREMENTS {
                    increment(&word);
                }
            })
        }
        "rwlock" => {
            let lock = RwLock::new(0_u64);
            Box::new(move || {
                for _ in 0..INCREMENTS {
                    *lock.write().unwrap() += 1;
                }
            })
        }
        "rwlock --split" => {
            let lock = RwLock::new(0_u64);
            Box::new(move || {
                for _ in 0..INCREMENTS {
                    let seen = *lock.read().unwrap();
                    *lock.write().unwrap() = seen + 1;
                }
            })
        }
        "atomic" => Box::new(move || {
            for _ in 0..INCREMENTS {
                word.fetch_add(1, Ordering::Relaxed);
            }
        }),
        "compare-exchange" => Box::new(move || {
            for _ in 0..INCREMENTS {
                let mut seen = word.load(Ordering::Relaxed);
                while let Err(now) =
                    word.compare_exchange_weak(seen, seen + 1, Ordering::Relaxed, Ordering::Relaxed)
                {
                    seen = now;
                }
            }
        }),
        "spinlock" => {
            let taken = AtomicBool::new(false);
            Box::new(move || {
                for _ in 0..INCREMENTS {
                    while taken.swap(true, Ordering::Acquire) {}
                    increment(&word);
                    taken.store(false, Ordering::Release);
                }
            })
        }
        "sharded" => Box::new(move || {
            for _ in 0..INCREMENTS {
                increment(&word);
            }
        }),
        "map-reduce" => Box::new(move || {
            let sum: u64 = (0..INCREMENTS / 1000)
                .into_par_iter()
                .map(|_| {
                    let word = AtomicU64::new(0);
                    black_box(&word);
                    for _ in 0..1000 {
                        increment(&word);
                    }
                    word.into_inner()
                })
                .sum();
            black_box(sum);
        }),
        name => panic!("{name} has no loop by hand"),
    }
}

/// The kernels, by the words that would choose them on the command line.
fn kernels() -> Vec<(String, Box<dyn Counters>)> {
    let without_readers = Settings {
        readers: 0,
        ..Settings::default()
    };
    let mut variants: Vec<_> = strategy::ALL
        .iter()
        .map(|kind| (*kind, without_readers))
        .collect();
    let variant = |name, settings| (strategy::named(name).unwrap(), settings);
    variants.push(variant(
        "rwlock",
        Settings {
            split: true,
            ..without_readers
        },
    ));
    if cfg!(target_arch = "x86_64") {
        variants.push(variant(
            "unsynced",
            Settings {
                access: AccessMode::SingleInstruction,
                ..without_readers
            },
        ));
    }
    let shape = Shape::new(1, INCREMENTS).unwrap();
    variants
        .into_iter()
        .map(|(kind, settings)| {
            let built = kind.build(&settings).unwrap();
            let flags = built.flags().replace("--readers 0", "");
            let name = format!("{} {}", kind.name, flags.trim());
            (name.trim().to_string(), built.counters(shape, 1, true))
        })
        .collect()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn main() {
    let context = Context::background();
    let work = Work {
        increments: INCREMENTS,
        context: &context,
    };
    // One thread for both: rayon's pieces are for a pool of one, as the kernel's shape is.
    rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .build_global()
        .unwrap();
    let mut criterion = Criterion::default().sample_size(20).configure_from_args();
    let mut ratios = Vec::new();
    for (name, counters) in kernels() {
        let kernel = || counters.count(0..1, 0, work);
        let hand = by_hand(&name);
        let mut group = criterion.benchmark_group(&name);
        group.throughput(Throughput::Elements(INCREMENTS));
        group.bench_function("kernel", |bencher| bencher.iter(kernel));
        group.bench_function("by hand", |bencher| bencher.iter(&hand));
        group.finish();
        let timed = |run: &dyn Fn()| {
            let began = Instant::now();
            run();
            began.elapsed()
        };
        let pairs: Vec<_> = (0..PAIRS).map(|_| (timed(&kernel), timed(&hand))).collect();
        let (kernels, hands): (Vec<_>, Vec<_>) = pairs.into_iter().unzip();
        ratios.push((name, median(kernels), median(hands)));
    }
    criterion.final_summary();
    println!(
        "\n{:<40} {:>9} {:>9} {:>7}",
        "an increment", "kernel", "by hand", "ratio"
    );
    for (name, kernel, hand) in ratios {
        let nanoseconds = |time: Duration| time.as_secs_f64() * 1e9 / INCREMENTS as f64;
        println!(
            "{name:<40} {:>6.2} ns {:>6.2} ns {:>7.3}",
            nanoseconds(kernel),
            nanoseconds(hand),
            kernel.as_secs_f64() / hand.as_secs_f64()
        );
    }
}
