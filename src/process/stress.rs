//! Busy threads that compete with the processes for the cores.

use std::hint;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::error::Error;

/// The busy threads for each core. With one, the system often has a core to spare.
const THREADS: usize = 2;

/// The longest time that a thread is busy, or idle. A slice of a scheduler is about as long.
const LONGEST_US: u64 = 4_000;

/// Threads that are busy and idle by turns, for random times, until this is dropped.
#[derive(Debug)]
pub(super) struct Stress {
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Stress {
    /// Starts the threads, on the cores that this thread may use.
    pub(super) fn start(cores: usize) -> Result<Self, Error> {
        let mut stress = Self {
            stop: Arc::default(),
            threads: Vec::new(),
        };
        for _ in 0..cores * THREADS {
            let stop = Arc::clone(&stress.stop);
            let thread = thread::Builder::new().name("stress".into());
            let thread = thread.spawn(move || come_and_go(&stop)).map_err(|error| {
                Error::Machine(format!(
                    "cannot start the threads that compete ({error}); leave out --stress"
                ))
            })?;
            stress.threads.push(thread);
        }
        Ok(stress)
    }
}

impl Drop for Stress {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            // A thread that spins and sleeps does not panic.
            let _ = thread.join();
        }
    }
}

fn come_and_go(stop: &AtomicBool) {
    let some_time = || Duration::from_micros(fastrand::u64(1..=LONGEST_US));
    while !stop.load(Ordering::Relaxed) {
        let (began, busy) = (Instant::now(), some_time());
        while began.elapsed() < busy {
            hint::spin_loop();
        }
        thread::sleep(some_time());
    }
}
