//! How a thread waits without keeping others from the core it waits on.

use std::hint::spin_loop;
use std::thread::yield_now;

/// Spins before a thread that has its core to itself yields all the same.
///
/// Some tens of microseconds: pinned threads of ours never need it, but another program may be
/// waiting for the core.
const PATIENCE: u32 = 1 << 10;

/// One wait of one thread.
#[derive(Debug)]
pub(super) struct Pacing {
    /// Whether another thread of the crew needs the same core.
    crowded: bool,
    spins: u32,
}

impl Pacing {
    pub(super) fn new(crowded: bool) -> Self {
        Self { crowded, spins: 0 }
    }

    /// Passes a moment.
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
