//! All moves out of a layer.

use super::collapse::{Collapse, landing, slot_of};
use super::key::{Key, Layout, hash};
use super::layer::{BUCKETS, LARGE, Layer, Range, map_states};
use super::rows::{Ranks, Rows};
use super::transitions::{UNKNOWN, unpack};
use crate::model::limits::{Gauge, INTERVAL};

/// The transition of an action of a slot that is equal to the one before it.
const LIKE_BEFORE: u64 = UNKNOWN - 1;

/// A move from a state of this layer to one of the next.
pub(crate) struct Link<const W: usize> {
    pub(crate) key: Key<W>,
    /// The state's index in its bucket.
    pub(crate) source: u32,
    /// Four small numbers, see the methods.
    parts: [u8; 4],
}

impl<const W: usize> Link<W> {
    /// Returns the action, that of the first of equal slots.
    pub(crate) fn action(&self) -> usize {
        usize::from(self.parts[0])
    }

    /// Returns the action of the same actor afterwards, that of the first of equal slots.
    #[inline]
    pub(crate) fn landing(&self) -> usize {
        usize::from(self.parts[1])
    }

    /// Returns the number of equal slots that make this move.
    #[inline]
    pub(crate) fn alike(&self) -> u8 {
        self.parts[2]
    }
}

/// Neighbouring states of one bucket, with the transition of each of their actions.
pub(crate) struct Resolved {
    range: Range,
    transitions: Vec<u64>,
}

/// The moves out of some neighbouring states of one bucket.
pub(crate) struct Chunk<const W: usize> {
    pub(crate) bucket: usize,
    pub(crate) from: usize,
    /// For each bucket of the next layer, the moves to it.
    pub(crate) links: Vec<Vec<Link<W>>>,
    /// For each state, its mass divided by the number of threads that can move.
    pub(crate) mass: Vec<f64>,
    /// For each state, the fewest switches to it; empty without witnesses.
    pub(crate) switches: Vec<u32>,
    /// The states (indices in the bucket) in which no thread can move.
    pub(crate) ends: Vec<u32>,
}

impl<const W: usize> Chunk<W> {
    /// Returns the fewest switches after a move out of one of these states.
    #[inline]
    pub(crate) fn switches_after(&self, link: &Link<W>) -> u32 {
        let switch = link.parts[3];
        self.switches[link.source as usize - self.from] + u32::from(switch)
    }
}

impl<const W: usize> Layer<W> {
    /// Finds the transitions of all states, and computes those that are not yet known: in an order
    /// that does not depend on the number of cores, so that new parts get the same indices.
    /// Incomplete if the gauge has tripped.
    pub(crate) fn resolve<const S: usize>(
        &self,
        layout: &Layout<S>,
        collapse: &mut Collapse<'_>,
        gauge: &Gauge<'_>,
    ) -> Vec<Resolved> {
        if !gauge.reserve(8 * self.len() * layout.actions()) {
            return Vec::new();
        }
        let known = &*collapse;
        let found = map_states(self.len(), &self.ranges(), |&range| {
            self.look_up(range, layout, known)
        });
        let mut resolved = Vec::with_capacity(found.len());
        let mut computed = 0;
        for (mut states, missing) in found {
            for (place, local, common, delivers) in missing {
                computed += 1;
                let is_time = computed % INTERVAL == 0;
                if is_time && gauge.check() || !gauge.reserve(collapse.growth()) {
                    return Vec::new();
                }
                states.transitions[place] = collapse.resolve(local, common, delivers);
            }
            resolved.push(states);
        }
        resolved
    }

    /// Looks transitions up. Returns also the places of those that are not known, with their parts.
    fn look_up<const S: usize>(
        &self,
        range: Range,
        layout: &Layout<S>,
        collapse: &Collapse<'_>,
    ) -> (Resolved, Vec<(usize, u32, u32, bool)>) {
        let (bucket, from, to) = range;
        let mut transitions = Vec::with_capacity((to - from) * layout.actions());
        let mut missing = Vec::new();
        for key in &self.buckets[bucket].keys[from..to] {
            let common = layout.common(key);
            let mut before = None;
            for action in 0..layout.actions() {
                let (slot, delivers) = slot_of(action, layout.slots());
                let local = layout.local(key, slot);
                // Interchangeable threads are neighbours; others never have equal local parts.
                let packed = if slot > 0 && before == Some(local) {
                    LIKE_BEFORE
                } else {
                    collapse.find(local, common, delivers)
                };
                if packed == UNKNOWN {
                    missing.push((transitions.len(), local, common, delivers));
                }
                transitions.push(packed);
                before = Some(local);
            }
        }
        (Resolved { range, transitions }, missing)
    }

    /// Returns all moves out of this layer; incomplete if the gauge has tripped. With witnesses,
    /// begins the rows of its states.
    pub(crate) fn expand<const S: usize>(
        &self,
        resolved: &[Resolved],
        layout: &Layout<S>,
        collapse: &Collapse<'_>,
        rows: Option<&Rows>,
        gauge: &Gauge<'_>,
    ) -> Vec<Chunk<W>> {
        let fan = if self.len() >= LARGE { BUCKETS } else { 1 };
        let bases = self.bases();
        map_states(self.len(), resolved, |states| {
            let base = bases[states.range.0];
            let rows = rows.map(|rows| (rows, base));
            let chunk = self.expand_range(states, fan, layout, collapse, rows, gauge);
            let links: usize = chunk.links.iter().map(Vec::capacity).sum();
            let states = 8 * chunk.mass.len() + 4 * chunk.switches.len();
            gauge.add_bytes(links * size_of::<Link<W>>() + states);
            chunk
        })
    }

    #[expect(
        clippy::cast_possible_truncation,
        reason = "there are at most 254 actions, and 2^32 states exceed any limit of memory"
    )]
    fn expand_range<const S: usize>(
        &self,
        states: &Resolved,
        fan: usize,
        layout: &Layout<S>,
        collapse: &Collapse<'_>,
        rows: Option<(&Rows, usize)>,
        gauge: &Gauge<'_>,
    ) -> Chunk<W> {
        let (index, from, to) = states.range;
        let bucket = &self.buckets[index];
        let actions = layout.actions();
        let mut chunk = Chunk {
            bucket: index,
            from,
            links: (0..fan)
                .map(|_| Vec::with_capacity((to - from) * 2 / fan))
                .collect(),
            mass: Vec::with_capacity(to - from),
            switches: Vec::with_capacity(if rows.is_some() { to - from } else { 0 }),
            ends: Vec::new(),
        };
        if gauge.check() {
            return chunk;
        }
        for (source, row) in (from..to).zip(states.transitions.chunks_exact(actions)) {
            let key = &bucket.keys[source];
            let common = layout.common(key);
            let ranks = rows.map(|(rows, base)| {
                let ranks = Ranks::of(&bucket.switches[source * actions..(source + 1) * actions]);
                chunk.switches.push(ranks.fewest());
                rows.begin(base + source, ranks, |action| row[action] == LIKE_BEFORE);
                ranks
            });
            let mut ready = 0_u32;
            for (action, &packed) in row.iter().enumerate() {
                if packed == LIKE_BEFORE {
                    continue;
                }
                let Some((local, after)) = unpack(packed) else {
                    continue;
                };
                let same = row[action + 1..].iter().take_while(|&&p| p == LIKE_BEFORE);
                let alike = 1 + same.count();
                let (slot, _) = slot_of(action, layout.slots());
                let class = collapse.class(slot);
                let landing = landing(|at| layout.local(key, at), slot, local, class);
                let key = layout.step(key, (slot, landing, local), (common, after));
                let to = if fan == 1 {
                    0
                } else {
                    (hash(&key) >> 60) as usize
                };
                let switch = ranks.map_or(0, |ranks| ranks.switch(action));
                chunk.links[to].push(Link {
                    key,
                    source: source as u32,
                    parts: [
                        action as u8,
                        (landing + (action - slot)) as u8,
                        alike as u8,
                        switch,
                    ],
                });
                ready += alike as u32;
            }
            if ready == 0 {
                chunk.ends.push(source as u32);
            }
            let mass = bucket.mass[source] / f64::from(ready.max(1));
            chunk.mass.push(mass);
        }
        chunk
    }
}
