//! For each layer of the census, the moves with the fewest switches to a node: to a state with the
//! action of the actor that moved last.

use std::ops::Range;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use super::expand::Link;

/// The switches to a node that has not been reached.
pub(crate) const UNREACHED: u32 = u32::MAX;

/// The bits of an entry of a row below the rank.
const MOVE_BITS: u32 = 30;
const MOVE: u32 = (1 << MOVE_BITS) - 1;
/// No move with the fewest switches.
const NONE: u32 = MOVE;
/// An action of a slot that equals the one before it.
const LIKE_BEFORE: u32 = MOVE - 1;

/// The fewest switches to one state, by the action of the actor that moved last.
#[derive(Clone, Copy)]
pub(crate) struct Ranks<'a> {
    switches: &'a [u32],
    fewest: u32,
}

impl<'a> Ranks<'a> {
    #[inline]
    pub(crate) fn of(switches: &'a [u32]) -> Self {
        let fewest = switches.iter().copied().min();
        Self {
            switches,
            fewest: fewest.unwrap_or(UNREACHED),
        }
    }

    pub(crate) fn fewest(self) -> u32 {
        self.fewest
    }

    /// Returns how many switches beyond the fewest this action takes: none if its actor has moved last,
    /// one if another has.
    #[inline]
    pub(crate) fn switch(self, action: usize) -> u8 {
        u8::from(self.switches[action] != self.fewest)
    }

    /// Returns how many switches beyond the fewest a node takes; two stands for more, too.
    fn rank(self, action: usize) -> u32 {
        (self.switches[action] - self.fewest).min(2)
    }
}

/// For each state of a layer and each action, the rank of the node, and where the action leads if it
/// takes no more switches than necessary: its target in the next layer and its landing there.
pub(crate) struct Rows {
    pub(crate) actions: usize,
    target_bits: u32,
    pub(crate) entries: Vec<AtomicU32>,
}

impl Rows {
    pub(crate) fn new(states: usize, actions: usize) -> Self {
        let entries = (0..states * actions)
            .map(|_| AtomicU32::new(NONE))
            .collect();
        Self {
            actions,
            target_bits: MOVE_BITS - actions.next_power_of_two().ilog2(),
            entries,
        }
    }

    /// Returns the bytes it takes for `states` states.
    pub(crate) fn bytes(states: usize, actions: usize) -> usize {
        4 * states * actions
    }

    /// Returns whether the next layer can have so many states.
    pub(crate) fn fits(&self, states: usize) -> bool {
        // Two numbers are special.
        states < (1 << self.target_bits) - 2
    }

    /// Begins the row of a state; `is_like` tells which actions are those of slots that equal the one
    /// before them.
    #[inline]
    pub(crate) fn begin(&self, state: usize, ranks: Ranks<'_>, is_like: impl Fn(usize) -> bool) {
        let actions = ranks.switches.len();
        let row = &self.entries[state * actions..(state + 1) * actions];
        for (action, entry) in row.iter().enumerate() {
            let none = if is_like(action) { LIKE_BEFORE } else { NONE };
            entry.store(ranks.rank(action) << MOVE_BITS | none, Relaxed);
        }
    }

    /// Notes a move to this target.
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "checked by `fits`")]
    pub(crate) fn set<const W: usize>(
        &self,
        actions: usize,
        state: usize,
        link: &Link<W>,
        target: usize,
    ) {
        let entry = &self.entries[state * actions + link.action()];
        let leads = (link.landing() as u32) << self.target_bits | target as u32;
        // Each entry is written by one thread only.
        entry.store(entry.load(Relaxed) & !MOVE | leads, Relaxed);
    }

    pub(crate) fn states(&self) -> usize {
        self.entries.len() / self.actions
    }

    /// Returns the number of nodes.
    pub(crate) fn nodes(&self) -> usize {
        self.entries.len()
    }

    /// Returns the actions that are equal to this one, the first of them.
    pub(crate) fn alike(&self, state: usize, action: usize) -> Range<usize> {
        let row = &self.entries[state * self.actions..(state + 1) * self.actions];
        let is_like = |entry: &&AtomicU32| entry.load(Relaxed) & MOVE == LIKE_BEFORE;
        action..action + 1 + row[action + 1..].iter().take_while(is_like).count()
    }

    fn rank(&self, state: usize, action: usize) -> u32 {
        self.entries[state * self.actions + action].load(Relaxed) >> MOVE_BITS
    }

    /// Returns the node that the move of an entry leads to, if it has one: a state of the next layer
    /// and the action of the actor that has moved.
    #[inline]
    pub(crate) fn leads(&self, entry: u32) -> Option<(usize, usize)> {
        let leads = entry & MOVE;
        let target = leads & ((1 << self.target_bits) - 1);
        (leads < LIKE_BEFORE).then_some((target as usize, (leads >> self.target_bits) as usize))
    }

    /// Returns the node that a move leads to; `None` if there is no such move.
    pub(crate) fn target(&self, state: usize, action: usize) -> Option<(usize, usize)> {
        self.leads(self.entries[state * self.actions + action].load(Relaxed))
    }

    /// Returns whether a move is the best one after `last` moved last.
    pub(crate) fn follows(&self, state: usize, last: usize, action: usize) -> bool {
        if last == action {
            self.rank(state, action) < 2
        } else {
            self.rank(state, action) > 0 && self.rank(state, last) == 0
        }
    }
}
