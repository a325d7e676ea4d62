//! All moves out of a layer.

use rayon::prelude::*;

use super::collapse::{Collapse, STUCK, parts};
use super::key::{Key, Layout, hash};
use super::layer::{BUCKETS, LARGE, Layer, is_parallel};
use crate::model::limits::Gauge;

/// A move from a state of this layer to one of the next.
pub(in crate::model) struct Link<const W: usize> {
    pub(in crate::model) key: Key<W>,
    /// The state's index in its bucket.
    pub(in crate::model) source: u32,
    /// The first slot of those that move alike,
    pub(in crate::model) slot: u8,
    /// and how many there are.
    pub(in crate::model) alike: u8,
    /// The first slot that looks like the moved one afterwards.
    pub(in crate::model) landing: u8,
}

/// What came of expanding some neighbouring states of one bucket.
pub(in crate::model) struct Chunk<const W: usize> {
    pub(in crate::model) bucket: usize,
    pub(in crate::model) from: usize,
    /// For each bucket of the next layer, the moves to it.
    pub(in crate::model) links: Vec<Vec<Link<W>>>,
    /// For each state, its mass divided by the number of threads that can move.
    pub(in crate::model) mass: Vec<f64>,
    /// The states (indices in the bucket) in which nobody can move.
    pub(in crate::model) ends: Vec<u32>,
}

impl<const W: usize> Layer<W> {
    /// All moves out of this layer; incomplete if the gauge has tripped.
    pub(in crate::model) fn expand(
        &self,
        layout: &Layout,
        collapse: &Collapse<'_>,
        gauge: &Gauge<'_>,
    ) -> Vec<Chunk<W>> {
        let fan = if self.len() >= LARGE { BUCKETS } else { 1 };
        let expand = |&range: &(usize, usize, usize)| {
            let chunk = self.expand_range(range, fan, layout, collapse, gauge);
            let links: usize = chunk.links.iter().map(Vec::capacity).sum();
            gauge.add_bytes(links * size_of::<Link<W>>() + 8 * chunk.mass.len());
            chunk
        };
        let ranges = self.ranges();
        if is_parallel(self.len()) {
            ranges.par_iter().map(expand).collect()
        } else {
            ranges.iter().map(expand).collect()
        }
    }

    fn expand_range(
        &self,
        (index, from, to): (usize, usize, usize),
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
                let (class, past) = collapse.class(slot);
                let alike = locals[slot..past]
                    .iter()
                    .take_while(|&&l| l == local)
                    .count();
                let found = collapse.find(local, common).unwrap_or(STUCK);
                if found != STUCK {
                    let (local, common) = parts(found);
                    let landing = relocate(&locals, &mut moved, slot, local, class, past);
                    let key = layout.pack(&moved, common);
                    let to = if fan == 1 {
                        0
                    } else {
                        (hash(&key) >> 60) as usize
                    };
                    #[expect(
                        clippy::cast_possible_truncation,
                        reason = "at most 127 slots, and \
                        a layer of 2^32 states is beyond any limit of memory"
                    )]
                    chunk.links[to].push(Link {
                        key,
                        source: source as u32,
                        slot: slot as u8,
                        alike: alike as u8,
                        landing: landing as u8,
                    });
                    #[expect(clippy::cast_possible_truncation, reason = "at most 127 slots")]
                    {
                        ready += alike as u32;
                    }
                }
                slot += alike;
            }
            if ready == 0 {
                #[expect(clippy::cast_possible_truncation, reason = "as above")]
                chunk.ends.push(source as u32);
            }
            chunk
                .mass
                .push(bucket.mass[source] / f64::from(ready.max(1)));
        }
        chunk
    }

    /// The states in which nobody can move: `(bucket, index in it, index in the layer)`.
    pub(in crate::model) fn ends(&self, chunks: &[Chunk<W>]) -> Vec<(usize, usize, usize)> {
        let bases = self.bases();
        chunks
            .iter()
            .flat_map(|chunk| {
                let base = bases[chunk.bucket];
                let ends = chunk.ends.iter().map(|&end| end as usize);
                ends.map(move |end| (chunk.bucket, end, base + end))
            })
            .collect()
    }
}

/// Copies the local parts with that of `slot` replaced, sorted within the class; gives the first
/// slot that then looks like the replaced one.
pub(in crate::model) fn relocate(
    locals: &[u32],
    moved: &mut [u32],
    slot: usize,
    local: u32,
    class: usize,
    past: usize,
) -> usize {
    moved.copy_from_slice(locals);
    let mut at = slot;
    while at + 1 < past && moved[at + 1] < local {
        moved[at] = moved[at + 1];
        at += 1;
    }
    while at > class && moved[at - 1] >= local {
        moved[at] = moved[at - 1];
        at -= 1;
    }
    moved[at] = local;
    at
}
