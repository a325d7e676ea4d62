//! How far a search may go, and the gauge that holds it to that.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};

/// What ended a search before its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Limit {
    /// [`Limits::states`] was reached.
    States,
    /// [`Limits::memory`] was reached.
    Memory,
    /// [`Limits::stop`] said so.
    Stopped,
}

/// How far a search may go.
#[derive(Clone, Copy)]
pub struct Limits<'a> {
    /// The most states it may look at.
    pub states: u64,
    /// The most memory it may hold, in bytes, by its own account.
    pub memory: u64,
    /// Asked every few thousand states; `true` ends the search.
    pub stop: &'a (dyn Fn() -> bool + Sync),
}

impl Default for Limits<'_> {
    /// Any number of states, 2 GiB, never stopped.
    fn default() -> Self {
        Self {
            states: u64::MAX,
            memory: 2 << 30,
            stop: &|| false,
        }
    }
}

impl std::fmt::Debug for Limits<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Limits")
            .field("states", &self.states)
            .field("memory", &self.memory)
            .finish_non_exhaustive()
    }
}

/// Where a search is, told after each layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Progress {
    /// How many steps have been taken.
    pub layer: u64,
    /// States in this layer.
    pub layer_states: u64,
    /// States so far.
    pub states: u64,
    /// Memory held now, in bytes.
    pub memory: u64,
}

/// How many pieces of work are done between two looks at the limits.
pub(super) const INTERVAL: usize = 256;

/// Adds what the allocator keeps for itself and what is copied while tables grow: a tenth at most
/// when measured against the process's own peak.
fn with_overhead(bytes: u64) -> u64 {
    bytes.saturating_add(bytes / 10)
}

/// Holds a search to its limits; shared by the threads that do the search.
// invariants: once tripped, it stays tripped.
pub(super) struct Gauge<'a> {
    limits: Limits<'a>,
    states: AtomicU64,
    /// Bytes that stay between phases, and those of the phase under way.
    kept: AtomicU64,
    passing: AtomicU64,
    peak: AtomicU64,
    by_states: AtomicBool,
    by_memory: AtomicBool,
    by_stop: AtomicBool,
}

impl<'a> Gauge<'a> {
    pub(super) fn new(limits: Limits<'a>) -> Self {
        Self {
            limits,
            states: AtomicU64::new(0),
            kept: AtomicU64::new(0),
            passing: AtomicU64::new(0),
            peak: AtomicU64::new(0),
            by_states: AtomicBool::new(false),
            by_memory: AtomicBool::new(false),
            by_stop: AtomicBool::new(false),
        }
    }

    /// A gauge for a search beside this one: with the same limits, what is kept here counted in,
    /// and states counted anew.
    pub(super) fn fork(&self) -> Self {
        let fork = Self::new(self.limits);
        fork.settle(self.kept.load(Relaxed));
        fork
    }

    /// How many more states there may be.
    pub(super) fn room(&self) -> u64 {
        self.limits.states.saturating_sub(self.states())
    }

    /// Counts new states.
    pub(super) fn add_states(&self, states: usize) {
        let before = self.states.fetch_add(states as u64, Relaxed);
        if before.saturating_add(states as u64) > self.limits.states {
            self.by_states.store(true, Relaxed);
        }
    }

    /// Counts memory about to be taken in one piece, if there is room for it; else trips.
    pub(super) fn reserve(&self, bytes: usize) -> bool {
        let held = self.kept.load(Relaxed) + self.passing.load(Relaxed);
        if with_overhead(held + bytes as u64) > self.limits.memory {
            self.by_memory.store(true, Relaxed);
            return false;
        }
        self.add_bytes(bytes);
        true
    }

    /// Counts memory taken during this phase.
    pub(super) fn add_bytes(&self, bytes: usize) {
        let passing = self.passing.fetch_add(bytes as u64, Relaxed) + bytes as u64;
        self.weigh(self.kept.load(Relaxed) + passing);
    }

    /// Begins a phase: this much is held, nothing else.
    pub(super) fn settle(&self, kept: u64) {
        self.kept.store(kept, Relaxed);
        self.passing.store(0, Relaxed);
        self.weigh(kept);
    }

    fn weigh(&self, bytes: u64) {
        let bytes = with_overhead(bytes);
        self.peak.fetch_max(bytes, Relaxed);
        if bytes > self.limits.memory {
            self.by_memory.store(true, Relaxed);
        }
    }

    /// Whether to end now. Asks the caller's `stop`.
    pub(super) fn check(&self) -> bool {
        if self.tripped().is_none() && (self.limits.stop)() {
            self.by_stop.store(true, Relaxed);
        }
        self.tripped().is_some()
    }

    /// The limit that was reached, if one was.
    pub(super) fn tripped(&self) -> Option<Limit> {
        if self.by_memory.load(Relaxed) {
            Some(Limit::Memory)
        } else if self.by_states.load(Relaxed) {
            Some(Limit::States)
        } else if self.by_stop.load(Relaxed) {
            Some(Limit::Stopped)
        } else {
            None
        }
    }

    pub(super) fn states(&self) -> u64 {
        self.states.load(Relaxed)
    }

    pub(super) fn peak(&self) -> u64 {
        self.peak.load(Relaxed)
    }
}
