//! All moves out of a layer.

use super::collapse::{Collapse, landing, slot_of};
use super::key::{Key, Layout, hash};
use super::layer::{BUCKETS, Bucket, LARGE, Layer, for_each};
use super::trail::Trail;
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
    #[inline]
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

    /// Returns how many switches beyond the fewest to its state it takes: none if its actor has moved
    /// last, one if another has.
    #[inline]
    pub(crate) fn switch(&self) -> u32 {
        u32::from(self.parts[3])
    }
}

/// The moves out of some neighbouring states of one bucket.
#[derive(Default)]
pub(crate) struct Chunk<const W: usize> {
    pub(crate) bucket: usize,
    /// The first of these states, and the first after them.
    pub(crate) from: usize,
    past: usize,
    /// For each bucket of the next layer, the moves to it.
    pub(crate) links: Vec<Vec<Link<W>>>,
    /// For each state, its mass divided by the number of threads that can move.
    pub(crate) mass: Vec<f64>,
    /// The states (indices in the bucket) in which no thread can move.
    pub(crate) ends: Vec<u32>,
}

/// A transition that is not known: its place in the bucket, the parts, and whether it is a delivery.
type Missing = (usize, u32, u32, bool);

/// The transitions of some states.
// invariants: `transitions` has one for each state and action, and those that are not known are named in
// `missing`, in falling order.
#[derive(Default)]
pub(crate) struct Moves {
    transitions: Vec<u64>,
    missing: Vec<Missing>,
}

impl Moves {
    pub(crate) fn bytes(&self) -> usize {
        8 * self.transitions.capacity() + size_of::<Missing>() * self.missing.capacity()
    }

    /// Looks transitions up, if there is memory for them.
    pub(crate) fn look_up<const W: usize, const S: usize>(
        &mut self,
        keys: &[Key<W>],
        layout: &Layout<S>,
        collapse: &Collapse<'_>,
        gauge: &Gauge<'_>,
    ) {
        self.missing.clear();
        if !gauge.renew(&mut self.transitions, keys.len() * layout.actions()) {
            return;
        }
        for key in keys {
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
                    let place = self.transitions.len();
                    self.missing.push((place, local, common, delivers));
                }
                self.transitions.push(packed);
                before = Some(local);
            }
        }
        self.missing.reverse();
    }
}

impl<const W: usize> Layer<W> {
    /// Computes the transitions that are not yet known: in an order that does not depend on the number
    /// of cores, so that new parts get the same indices. Incomplete if the gauge has tripped.
    pub(crate) fn resolve(&mut self, collapse: &mut Collapse<'_>, gauge: &Gauge<'_>) {
        let mut computed = 0;
        for bucket in &mut self.buckets {
            let moves = &mut bucket.moves;
            while let Some(&(place, local, common, delivers)) = moves.missing.last() {
                computed += 1;
                let is_time = computed % INTERVAL == 0;
                if is_time && gauge.check() || !gauge.reserve(collapse.growth()) {
                    return;
                }
                moves.transitions[place] = collapse.resolve(local, common, delivers);
                moves.missing.pop();
            }
        }
    }

    /// Finds all moves out of this layer, given how its buckets are reached if witnesses are wanted;
    /// incomplete if the gauge has tripped.
    pub(crate) fn expand<const S: usize>(
        &self,
        chunks: &mut Vec<Chunk<W>>,
        layout: &Layout<S>,
        collapse: &Collapse<'_>,
        trails: Option<&[Trail]>,
        gauge: &Gauge<'_>,
    ) {
        let fan = if self.len() >= LARGE { BUCKETS } else { 1 };
        let ranges = self.ranges();
        chunks.resize_with(ranges.len(), Chunk::default);
        for (chunk, (bucket, from, past)) in chunks.iter_mut().zip(ranges) {
            (chunk.bucket, chunk.from, chunk.past) = (bucket, from, past);
        }
        for_each(self.len(), chunks, |_, chunk| {
            let before = chunk.bytes();
            chunk.clear(fan);
            if !gauge.check() {
                let trail = trails.map(|trails| &trails[chunk.bucket]);
                chunk.fill(&self.buckets[chunk.bucket], layout, collapse, trail);
            }
            gauge.add_bytes(chunk.bytes().saturating_sub(before));
        });
    }
}

impl<const W: usize> Chunk<W> {
    pub(crate) fn bytes(&self) -> usize {
        let links: usize = self.links.iter().map(Vec::capacity).sum();
        links * size_of::<Link<W>>() + 8 * self.mass.capacity() + 4 * self.ends.capacity()
    }

    fn clear(&mut self, fan: usize) {
        self.links.resize_with(fan, Vec::new);
        self.links.iter_mut().for_each(Vec::clear);
        self.mass.clear();
        self.ends.clear();
    }

    #[expect(
        clippy::cast_possible_truncation,
        reason = "there are at most 254 actions, and 2^32 states exceed any limit of memory"
    )]
    fn fill<const S: usize>(
        &mut self,
        bucket: &Bucket<W>,
        layout: &Layout<S>,
        collapse: &Collapse<'_>,
        trail: Option<&Trail>,
    ) {
        let actions = layout.actions();
        let fan = self.links.len();
        let rows = &bucket.moves.transitions[self.from * actions..self.past * actions];
        for (source, row) in (self.from..self.past).zip(rows.chunks_exact(actions)) {
            let key = &bucket.keys[source];
            let common = layout.common(key);
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
                let rank = trail.map_or(0, |trail| trail.rank(source * actions + action));
                self.links[to].push(Link {
                    key,
                    source: source as u32,
                    parts: [
                        action as u8,
                        (landing + (action - slot)) as u8,
                        alike as u8,
                        u8::from(rank != 0),
                    ],
                });
                ready += alike as u32;
            }
            if ready == 0 {
                self.ends.push(source as u32);
            }
            self.mass
                .push(bucket.mass[source] / f64::from(ready.max(1)));
        }
    }
}
