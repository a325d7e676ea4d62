//! The best ways through states that can go round.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// The best way to each state: with the fewest switches, of these with the fewest steps (Dijkstra,
/// 1959), over pairs of a state and the action that led there.
pub(super) struct Ways {
    /// One more than the number of actions: the last is for the start.
    width: usize,
    /// For each pair its switches and steps, and the pair before.
    best: Vec<((u32, u32), u32)>,
}

/// A pair that has not been reached.
const NEVER: (u32, u32) = (u32::MAX, u32::MAX);

impl Ways {
    /// Returns the bytes for each state: its pairs, and those that are open at the same time.
    pub(super) fn bytes(width: usize) -> usize {
        12 * width + 32
    }

    /// Searches the ways to all states, given their number, that of the actions, and the moves from each
    /// state: the action, and the next state.
    pub(super) fn search<'m>(
        states: usize,
        actions: usize,
        moves: impl Fn(usize) -> &'m [(u8, u32)],
    ) -> Self {
        let start = actions;
        let width = start + 1;
        let mut ways = Self {
            width,
            best: vec![(NEVER, u32::MAX); states * width],
        };
        ways.best[start] = ((0, 0), u32::MAX);
        let mut open = BinaryHeap::from([Reverse(((0_u32, 0_u32), start))]);
        while let Some(Reverse((cost, pair))) = open.pop() {
            if ways.best[pair].0 != cost {
                continue;
            }
            let (state, last) = (pair / width, pair % width);
            for &(action, next) in moves(state) {
                let action = usize::from(action);
                let switches = u32::from(last != action && last != start);
                let new = (cost.0 + switches, cost.1 + 1);
                let target = next as usize * width + action;
                if new < ways.best[target].0 {
                    // The limit of memory is far below 2^32 pairs.
                    ways.best[target] = (new, u32::try_from(pair).unwrap_or(u32::MAX));
                    open.push(Reverse((new, target)));
                }
            }
        }
        ways
    }

    /// Returns the state of several that is reached best, the switches, and the actions on the way
    /// there.
    pub(super) fn best(&self, states: &[usize]) -> Option<(usize, u64, Vec<u8>)> {
        let pairs = states
            .iter()
            .flat_map(|&state| state * self.width..(state + 1) * self.width);
        let mut pair = pairs.min_by_key(|&pair| (self.best[pair].0, pair))?;
        let ((switches, _), _) = self.best[pair];
        let state = pair / self.width;
        let mut way = Vec::new();
        while pair % self.width != self.width - 1 {
            way.push(u8::try_from(pair % self.width).unwrap_or(u8::MAX));
            pair = self.best[pair].1 as usize;
        }
        way.reverse();
        Some((state, u64::from(switches), way))
    }
}
