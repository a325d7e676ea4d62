// Three threads increment one counter 5,000 times each, without a lock: updates get lost.
// Run: rustc -O -o lesson examples/lesson.rs && miscount repeat --expected 15000 -- ./lesson
// Seen on 2 busy cores: 4 of 500 runs were wrong, and 11 of 500 with --stress (rustc 1.95).
// An atomic load and an atomic store are no atomic increment; safe Rust has no plain counter to share.
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::thread;

static COUNTER: AtomicU32 = AtomicU32::new(0);

fn main() {
    thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                for _ in 0..5000 {
                    COUNTER.store(COUNTER.load(Relaxed) + 1, Relaxed);
                }
            });
        }
    });
    println!("{}", COUNTER.load(Relaxed));
}
