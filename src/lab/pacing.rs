//! How a thread waits without keeping other threads off its core.

use std::hint::spin_loop;
use std::thread::yield_now;

/// The number of spins after which a thread yields even if no other thread of the crew needs its core.
///
/// They take some tens of microseconds: a thread that keeps this one waiting for longer has probably lost
/// its core to another program. Yielding then lets that program's time slices on both cores coincide, so
/// that both threads come back at about the same time.
const PATIENCE: u32 = 1 << 10;

/// The number of spins from then on from one yield to the next: they take about a millisecond.
///
/// On a machine with many busy programs, threads that hand over their cores each time they wait for each
/// other would hardly ever run at the same time.
const MORE_PATIENCE: u32 = PATIENCE << 5;

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
        if self.crowded || self.spins == PATIENCE || self.spins.is_multiple_of(MORE_PATIENCE) {
            yield_now();
        } else {
            spin_loop();
        }
    }
}
