//! Store buffers and memory models.
//!
//! Under total store order, a thread's store waits in a buffer of its own until it is delivered to
//! memory, the oldest first; meanwhile only the thread itself sees it (Owens, Sarkar, Sewell: *A better
//! x86 memory model: x86-TSO*, 2009).

use std::fmt;
use std::str::FromStr;

use super::language::element::Var;

/// When the stores of a thread reach the others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MemoryModel {
    /// At once: sequential consistency.
    #[default]
    Sc,
    /// Later, in their order: total store order, as on x86.
    Tso,
}

impl MemoryModel {
    /// All models, with the strictest first.
    pub const ALL: [Self; 2] = [Self::Sc, Self::Tso];

    /// Returns its short name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sc => "sc",
            Self::Tso => "tso",
        }
    }

    /// Returns the model of the processor that this program was built for; `None` where it has none.
    pub fn of_this_machine() -> Option<Self> {
        cfg!(target_arch = "x86_64").then_some(Self::Tso)
    }
}

impl fmt::Display for MemoryModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for MemoryModel {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let named = Self::ALL.into_iter().find(|model| model.name() == text);
        named.ok_or("the memory models are sc and tso")
    }
}

/// The stores of one thread that are on their way to memory.
// invariants: there are at most `room` stores.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Buffer {
    /// The oldest first.
    stores: Vec<(Var, u64)>,
    room: usize,
}

impl Buffer {
    /// Creates an empty buffer for at most this many stores.
    pub(super) fn new(room: usize) -> Self {
        Self {
            stores: Vec::new(),
            room,
        }
    }

    /// Returns the stores, the oldest first.
    pub(super) fn stores(&self) -> &[(Var, u64)] {
        &self.stores
    }

    pub(super) fn is_empty(&self) -> bool {
        self.stores.is_empty()
    }

    pub(super) fn is_full(&self) -> bool {
        self.stores.len() >= self.room
    }

    /// Returns the newest value stored to a variable; `None` if none is on its way there.
    pub(super) fn newest(&self, variable: Var) -> Option<u64> {
        let mut newest_first = self.stores.iter().rev();
        Some(newest_first.find(|(to, _)| *to == variable)?.1)
    }

    /// Adds a store; there must be room.
    pub(super) fn push(&mut self, variable: Var, value: u64) {
        self.stores.push((variable, value));
    }

    /// Removes and returns the oldest store.
    pub(super) fn pop(&mut self) -> Option<(Var, u64)> {
        (!self.is_empty()).then(|| self.stores.remove(0))
    }
}
