//! All moves out of a layer.

use super::collapse::{Collapse, relocate};
use super::key::{Key, Layout, hash};
use super::layer::{BUCKETS, LARGE, Layer, Range, map_states};
use crate::model::limits::Gauge;

/// A move from a state of this layer to one of the next.
pub(crate) struct Link<const W: usize> {
    pub(crate) key: Key<W>,
    /// The state's index in its bucket.
    pub(crate) source: u32,
    /// The first of the equal slots that make this move.
    pub(crate) slot: u8,
    /// The number of these slots.
    pub(crate) alike: u8,
    /// The first slot that equals the moved one afterwards.
    pub(crate) landing: u8,
}

/// The moves out of some neighbouring states of one bucket.
pub(crate) struct Chunk<const W: usize> {
    pub(crate) bucket: usize,
    pub(crate) from: usize,
    /// For each bucket of the next layer, the moves to it.
    pub(crate) links: Vec<Vec<Link<W>>>,
    /// For each state, its mass divided by the number of threads that can move.
    pub(crate) mass: Vec<f64>,
    /// The states (indices in the bucket) in which no thread can move.
    pub(crate) ends: Vec<u32>,
}

impl<const W: usize> Layer<W> {
    /// Returns all moves out of this layer; incomplete if the gauge has tripped.
    pub(crate) fn expand(
        &self,
        layout: &Layout,
        collapse: &Collapse<'_>,
        gauge: &Gauge<'_>,
    ) -> Vec<Chunk<W>> {
        let fan = if self.len() >= LARGE { BUCKETS } else { 1 };
        map_states(self.len(), &self.ranges(), |&range| {
            let chunk = self.expand_range(range, fan, layout, collapse, gauge);
            let links: usize = chunk.links.iter().map(Vec::capacity).sum();
            gauge.add_bytes(links * size_of::<Link<W>>() + 8 * chunk.mass.len());
            chunk
        })
    }

    #[expect(
        clippy::cast_possible_truncation,
        reason = "there are at most 127 slots, and 2^32 states exceed any limit of memory"
    )]
    fn expand_range(
        &self,
        (index, from, to): Range,
        fan: usize,
        layout: &Layout,
        collapse: &Collapse<'_>,
        gauge: &Gauge<'_>,
    ) -> Chunk<W> {
        let bucket = &self.buckets[index];
        let slots = layout.slots();
        let mut chunk = Chunk {
            bucket: index,
            from,
            links: (0..fan)
                .map(|_| Vec::with_capacity((to - from) * 2 / fan))
                .collect(),
            mass: Vec::with_capacity(to - from),
            ends: Vec::new(),
        };
        let mut locals = vec![0; slots];
        let mut moved = vec![0; slots];
        if gauge.check() {
            return chunk;
        }
        for source in from..to {
            let common = layout.unpack(&bucket.keys[source], &mut locals);
            let mut ready = 0_u32;
            let mut slot = 0;
            while slot < slots {
                let local = locals[slot];
                let class = collapse.class(slot);
                let same = locals[slot..class.1].iter().take_while(|&&l| l == local);
                let alike = same.count();
                if let Some((local, common)) = collapse.find(local, common).flatten() {
                    let landing = relocate(&locals, &mut moved, slot, local, class);
                    let key = layout.pack(&moved, common);
                    let to = if fan == 1 {
                        0
                    } else {
                        (hash(&key) >> 60) as usize
                    };
                    chunk.links[to].push(Link {
                        key,
                        source: source as u32,
                        slot: slot as u8,
                        alike: alike as u8,
                        landing: landing as u8,
                    });
                    ready += alike as u32;
                }
                slot += alike;
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
