//! How a thread waits without keeping other threads off its core.

use std::hint::spin_loop;
use std::thread::yield_now;

/// The number of spins after which a thread yields even if no other thread of the crew needs its core.
///
/// They take some tens of microseconds. Pinned threads never need to yield, but another program may be
/// waiting for the core.
const PATIENCE: u32 = 1 << 10;

/// One wait of one thread.
#[derive(Debug)]
pub(super) struct Pacing {
    /// Whether another thread of the crew needs the same core.
    crowded: bool,
    /// How often the thread has waited for a moment.
    pub(super) spins: u32,
}

impl Pacing {
    pub(super) fn new(crowded: bool) -> Self {
        Self { crowded, spins: 0 }
    }

    /// Waits for a moment.
    #[inline]
    pub(super) fn pass(&mut self) {
        self.spins += 1;
        if self.crowded || self.spins.is_multiple_of(PATIENCE) {
            yield_now();
        } else {
            spin_loop();
        }
    }
}
