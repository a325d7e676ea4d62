//! Whether some schedules never end.
//!
//! Programs whose loops all count need no check. For others (spinning, retrying) the states are
//! walked depth first: a state that leads back to itself means a schedule without an end, and layers
//! that would go on for ever. Folded states suffice: repeating a folded cycle often enough
//! permutes the threads back to where they were.

use rustc_hash::FxHashMap;

use super::collapse::{Collapse, State};
use crate::model::limits::{Gauge, INTERVAL, Limit};

/// What the walk found.
pub(crate) enum Walk {
    /// Every schedule ends.
    Finite,
    /// Threads can go round for ever.
    Endless,
    /// A limit came first.
    Tripped(Limit),
}

/// A state on the current path, and the next action to try from it.
struct Frame {
    state: State,
    tried: usize,
}

/// Looks for a state that leads back to itself.
pub(crate) fn walk(collapse: &mut Collapse<'_>, gauge: &Gauge<'_>) -> Walk {
    let state = collapse.start();
    let actions = collapse.actions();
    // The key twice at worst (map and path), with their bookkeeping.
    let weight = 2 * (size_of_val(&*state) + 56);
    // Each state by whether it is on the current path.
    let mut seen: FxHashMap<State, bool> = FxHashMap::default();
    seen.insert(state.clone(), true);
    let mut counted = 0;
    let mut path = vec![Frame { state, tried: 0 }];
    let kept = gauge.kept().saturating_sub(collapse.bytes());
    while let Some(Frame { state, tried }) = path.last_mut() {
        if *tried == actions {
            seen.insert(std::mem::take(state), false);
            path.pop();
            continue;
        }
        let new = seen.len() - counted;
        if new >= INTERVAL || collapse.growth() > 0 {
            collapse.trim();
            let parts = collapse.bytes() + collapse.growth() as u64;
            gauge.settle(kept + parts + (weight * seen.len()) as u64);
            gauge.add_states(new);
            counted += new;
            gauge.check();
            if let Some(limit) = gauge.tripped() {
                return Walk::Tripped(limit);
            }
        }
        *tried += 1;
        let Some((next, _)) = collapse.step(state, *tried - 1) else {
            continue;
        };
        match seen.get(&next) {
            Some(true) => return Walk::Endless,
            Some(false) => {}
            None => {
                seen.insert(next.clone(), true);
                path.push(Frame {
                    state: next,
                    tried: 0,
                });
            }
        }
    }
    Walk::Finite
}
