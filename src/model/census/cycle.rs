//! Whether some schedules never end.
//!
//! Programs whose loops all count need no look. For others (spinning, retrying) the states are
//! walked depth first: a state that leads back to itself means a schedule without an end, and a
//! census that would never finish. On the folded states this is as good as on the real ones: going
//! round a folded cycle often enough permutes the threads back to where they were.

use rustc_hash::FxHashMap;

use super::collapse::{Collapse, STUCK, parts};
use crate::model::limits::{Gauge, INTERVAL, Limit};

/// What the walk found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::model) enum Walk {
    /// Every schedule ends.
    Finite,
    /// Threads of these programs can go round for ever.
    Endless(Vec<String>),
    /// A limit came first.
    Tripped(Limit),
}

/// A state on the present path, and the next slot to try from it.
struct Frame {
    state: Box<[u32]>,
    slot: usize,
}

/// Looks for a state that leads back to itself.
pub(in crate::model) fn walk(collapse: &mut Collapse<'_>, gauge: &Gauge<'_>) -> Walk {
    let (mut locals, common) = collapse.start();
    sort(collapse, &mut locals);
    locals.push(common);
    let start: Box<[u32]> = locals.into();
    // Each state by whether it is on the present path.
    let mut seen: FxHashMap<Box<[u32]>, bool> = FxHashMap::default();
    // The key twice at worst (map and path), with their bookkeeping.
    let weight = 2 * (size_of_val(&*start) + 40);
    seen.insert(start.clone(), true);
    let mut path = vec![Frame {
        state: start,
        slot: 0,
    }];
    while let Some(frame) = path.last_mut() {
        let slots = frame.state.len() - 1;
        if frame.slot == slots {
            seen.insert(frame.state.clone(), false);
            path.pop();
            continue;
        }
        let slot = frame.slot;
        frame.slot += 1;
        let found = collapse.resolve(frame.state[slot], frame.state[slots]);
        if found == STUCK {
            continue;
        }
        let (local, common) = parts(found);
        let mut next = frame.state.to_vec();
        next[slot] = local;
        next[slots] = common;
        sort(collapse, &mut next[..slots]);
        let next: Box<[u32]> = next.into();
        match seen.get(&next) {
            Some(true) => return Walk::Endless(spinners(collapse, &path, &next)),
            Some(false) => {}
            None => {
                seen.insert(next.clone(), true);
                path.push(Frame {
                    state: next,
                    slot: 0,
                });
                if seen.len().is_multiple_of(INTERVAL) {
                    gauge.add_bytes(weight * INTERVAL);
                    gauge.add_states(INTERVAL);
                    gauge.check();
                    if let Some(limit) = gauge.tripped() {
                        return Walk::Tripped(limit);
                    }
                }
            }
        }
    }
    Walk::Finite
}

fn sort(collapse: &Collapse<'_>, locals: &mut [u32]) {
    let mut from = 0;
    while from < locals.len() {
        let (_, past) = collapse.class(from);
        locals[from..past].sort_unstable();
        from = past;
    }
}

/// The names of the programs that move on the cycle that ends the path.
fn spinners(collapse: &Collapse<'_>, path: &[Frame], back_to: &[u32]) -> Vec<String> {
    let on_cycle = path.iter().rev();
    let mut names = Vec::new();
    for frame in on_cycle {
        let (local, common) = (
            frame.state[frame.slot - 1],
            frame.state[frame.state.len() - 1],
        );
        let (program, _) = collapse.waits_for(local, common);
        let name = collapse.system().programs()[program].name().to_owned();
        if !names.contains(&name) {
            names.push(name);
        }
        if *frame.state == *back_to {
            break;
        }
    }
    names.sort();
    names
}
