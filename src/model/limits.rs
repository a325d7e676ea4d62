//! How far a search may go, and the gauge that enforces it.

use std::fmt;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering::Relaxed};

/// What cut a search short.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Limit {
    /// [`Limits::states`] was reached.
    States,
    /// [`Limits::memory`] was reached.
    Memory,
    /// [`Limits::stop`] returned `true`.
    Stopped,
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::States => "the limit of states",
            Self::Memory => "the limit of memory",
            Self::Stopped => "the caller's stop",
        })
    }
}

/// How far a search may go.
#[derive(Clone, Copy)]
pub struct Limits<'a> {
    /// The most states it may look at.
    pub states: u64,
    /// The most memory it may hold, in bytes, by its own estimate.
    pub memory: u64,
    /// Called every few thousand states; `true` ends the search.
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

/// How far a search has come, reported after each layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Progress {
    /// The number of steps taken.
    pub layer: u64,
    /// The number of states in this layer.
    pub layer_states: u64,
    /// The number of states so far.
    pub states: u64,
    /// The memory held now, in bytes.
    pub memory: u64,
}

/// The number of items processed between two checks of the limits.
pub(super) const INTERVAL: usize = 256;

/// Adds the allocator's overhead and what is copied while tables grow: at most a tenth, measured
/// against the process's peak.
fn with_overhead(bytes: u64) -> u64 {
    bytes.saturating_add(bytes / 10)
}

/// Enforces the limits of a search; shared by its threads.
// invariants: once tripped, it stays tripped.
#[derive(Default)]
pub(super) struct Gauge<'a> {
    limits: Limits<'a>,
    states: AtomicU64,
    /// Bytes that are kept between phases, and those of the current phase.
    kept: AtomicU64,
    passing: AtomicU64,
    peak: AtomicU64,
    /// The rank of the limit that was reached; 0 if none was.
    tripped: AtomicU8,
}

impl<'a> Gauge<'a> {
    pub(super) fn new(limits: Limits<'a>) -> Self {
        Self {
            limits,
            ..Self::default()
        }
    }

    /// Returns a gauge for a search beside this one: with the same limits, including what is kept
    /// here, and with its own count of states.
    pub(super) fn fork(&self) -> Self {
        let fork = Self::new(self.limits);
        fork.settle(self.kept.load(Relaxed));
        fork
    }

    /// Goes on with other limits, from when this many states had been counted.
    pub(super) fn resume(&mut self, limits: Limits<'a>, states: u64) {
        self.limits = limits;
        *self.states.get_mut() = states;
        *self.tripped.get_mut() = 0;
    }

    /// Returns how many more states are allowed.
    pub(super) fn room(&self) -> u64 {
        self.limits.states.saturating_sub(self.states())
    }

    /// Counts new states.
    pub(super) fn add_states(&self, states: usize) {
        let before = self.states.fetch_add(states as u64, Relaxed);
        if before.saturating_add(states as u64) > self.limits.states {
            self.trip(Limit::States);
        }
    }

    /// Counts memory about to be allocated at once, if there is room for it; otherwise trips.
    pub(super) fn reserve(&self, bytes: usize) -> bool {
        let held = self.kept.load(Relaxed) + self.passing.load(Relaxed);
        if with_overhead(held + bytes as u64) > self.limits.memory {
            self.trip(Limit::Memory);
            return false;
        }
        self.add_bytes(bytes);
        true
    }

    /// Empties a list and makes room in it for `room` items; trips if there is no memory for them. The old items are
    /// not copied.
    pub(super) fn renew<T>(&self, list: &mut Vec<T>, room: usize) -> bool {
        list.clear();
        if room <= list.capacity() {
            return true;
        }
        // A list that is emptied again and again tends to grow each time.
        let room = room + room / 4;
        if !self.reserve((room - list.capacity()) * size_of::<T>()) {
            return false;
        }
        *list = Vec::new();
        *list = Vec::with_capacity(room);
        true
    }

    /// Counts memory allocated during this phase.
    pub(super) fn add_bytes(&self, bytes: usize) {
        let passing = self.passing.fetch_add(bytes as u64, Relaxed) + bytes as u64;
        self.weigh(self.kept.load(Relaxed) + passing);
    }

    /// Takes over the peak of a search beside this one.
    pub(super) fn join(&self, fork: &Self) {
        self.peak.fetch_max(fork.peak(), Relaxed);
    }

    /// Returns what is held apart from this phase.
    pub(super) fn kept(&self) -> u64 {
        self.kept.load(Relaxed)
    }

    /// Begins a phase, at whose start exactly this much is held.
    pub(super) fn settle(&self, kept: u64) {
        self.kept.store(kept, Relaxed);
        self.passing.store(0, Relaxed);
        self.weigh(kept);
    }

    fn weigh(&self, bytes: u64) {
        let bytes = with_overhead(bytes);
        self.peak.fetch_max(bytes, Relaxed);
        if bytes > self.limits.memory {
            self.trip(Limit::Memory);
        }
    }

    /// Calls the caller's `stop`. Returns whether to end now.
    pub(super) fn check(&self) -> bool {
        if self.tripped().is_none() && (self.limits.stop)() {
            self.trip(Limit::Stopped);
        }
        self.tripped().is_some()
    }

    /// Notes a limit that was reached; of several, the one with the highest rank counts.
    fn trip(&self, limit: Limit) {
        let rank = match limit {
            Limit::Stopped => 1,
            Limit::States => 2,
            Limit::Memory => 3,
        };
        self.tripped.fetch_max(rank, Relaxed);
    }

    /// Returns the limit that was reached, if one was.
    pub(super) fn tripped(&self) -> Option<Limit> {
        match self.tripped.load(Relaxed) {
            0 => None,
            1 => Some(Limit::Stopped),
            2 => Some(Limit::States),
            _ => Some(Limit::Memory),
        }
    }

    /// Returns the limit that was reached, as an error.
    pub(super) fn within_limits(&self) -> Result<(), Limit> {
        self.tripped().map_or(Ok(()), Err)
    }

    /// Returns the number of states within the limit: that which trips it is not examined.
    pub(super) fn states(&self) -> u64 {
        self.states.load(Relaxed).min(self.limits.states)
    }

    pub(super) fn peak(&self) -> u64 {
        self.peak.load(Relaxed)
    }
}
