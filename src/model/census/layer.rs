//! One layer of the census: all states after the same number of steps, equal ones merged, and how
//! it leads to the next layer.
//!
//! A large layer is split into buckets by hash, so that several cores can merge without
//! synchronization. The number of buckets depends on the layer's size alone, and each bucket takes
//! its states in the order of their predecessors, so the result is the same on any number of cores.

use rayon::prelude::*;

use super::collapse::Collapse;
use super::count::Counts;
use super::expand::{Chunk, Link};
use super::key::{Key, Layout, hash};
use crate::model::limits::{Gauge, INTERVAL};

/// The number of states from which on a layer is split into buckets.
pub(crate) const LARGE: usize = 4096;
/// The number of buckets of a large layer.
pub(crate) const BUCKETS: usize = 16;
/// The number of states expanded at a time.
const CHUNK: usize = 4096;

/// Neighbouring states of one bucket: its index, the first state in it and the first after them.
pub(crate) type Range = (usize, usize, usize);

/// Some states of a layer.
// invariants: all three have the same length; no key occurs twice in a layer.
pub(crate) struct Bucket<const W: usize> {
    pub(crate) keys: Vec<Key<W>>,
    /// The number of schedules that lead to each state.
    pub(crate) counts: Counts,
    /// The probability that a fair random scheduler reaches each state.
    pub(crate) mass: Vec<f64>,
}

/// All states after the same number of steps.
pub(crate) struct Layer<const W: usize> {
    pub(crate) buckets: Vec<Bucket<W>>,
}

/// A merged bucket, with the index of each link's target.
pub(crate) struct Merged<const W: usize> {
    pub(crate) bucket: Bucket<W>,
    targets: Vec<u32>,
}

/// Maps the items in order, on several cores if they stand for enough states.
pub(crate) fn map_states<T: Sync, R: Send>(
    states: usize,
    items: &[T],
    each: impl Fn(&T) -> R + Send + Sync,
) -> Vec<R> {
    if states >= LARGE && rayon::current_num_threads() > 1 {
        items.par_iter().map(each).collect()
    } else {
        items.iter().map(each).collect()
    }
}

/// Returns where each of several neighbours of these lengths begins.
fn starts(lens: impl Iterator<Item = usize>) -> Vec<usize> {
    let start = |next: &mut usize, len| Some(std::mem::replace(next, *next + len));
    lens.scan(0, start).collect()
}

impl<const W: usize> Layer<W> {
    /// Creates the layer before the first step.
    pub(crate) fn first(key: Key<W>) -> Self {
        Self {
            buckets: vec![Bucket {
                keys: vec![key],
                counts: Counts::one(),
                mass: vec![1.0],
            }],
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.buckets.iter().map(|bucket| bucket.keys.len()).sum()
    }

    pub(crate) fn bytes(&self) -> usize {
        let bytes = |bucket: &Bucket<W>| {
            8 * W * bucket.keys.capacity() + bucket.counts.bytes() + 8 * bucket.mass.capacity()
        };
        self.buckets.iter().map(bytes).sum()
    }

    /// Returns the index of each bucket's first state in the layer.
    pub(crate) fn bases(&self) -> Vec<usize> {
        starts(self.buckets.iter().map(|bucket| bucket.keys.len()))
    }

    pub(crate) fn ranges(&self) -> Vec<Range> {
        let chunks = |(index, bucket): (usize, &Bucket<W>)| {
            let len = bucket.keys.len();
            let froms = (0..len).step_by(CHUNK);
            froms.map(move |from| (index, from, len.min(from + CHUNK)))
        };
        self.buckets.iter().enumerate().flat_map(chunks).collect()
    }

    /// Rewrites the layer with wider keys.
    pub(crate) fn widened<const V: usize>(self, old: &Layout, new: &Layout) -> Layer<V> {
        let mut locals = vec![0; old.slots()];
        let mut widen = |bucket: Bucket<W>| {
            let rewrite = |key: &Key<W>| {
                let common = old.unpack(key, &mut locals);
                new.pack(&locals, common)
            };
            Bucket {
                keys: bucket.keys.iter().map(rewrite).collect(),
                counts: bucket.counts,
                mass: bucket.mass,
            }
        };
        Layer {
            buckets: self.buckets.into_iter().map(&mut widen).collect(),
        }
    }

    /// Resolves every move out of this layer. The order in which new parts get their indices does
    /// not depend on the number of cores.
    pub(crate) fn prepare(&self, layout: &Layout, collapse: &mut Collapse<'_>, gauge: &Gauge<'_>) {
        let missing = map_states(self.len(), &self.ranges(), |&(bucket, from, to)| {
            let mut missing = Vec::new();
            let mut locals = vec![0; layout.slots()];
            for key in &self.buckets[bucket].keys[from..to] {
                let common = layout.unpack(key, &mut locals);
                for (slot, &local) in locals.iter().enumerate() {
                    let seen = slot > 0 && locals[slot - 1] == local;
                    if !seen && collapse.find(local, common).is_none() {
                        missing.push((local, common));
                    }
                }
            }
            missing
        });
        let new = missing.iter().map(Vec::len).sum();
        if !gauge.reserve(collapse.growth(new)) {
            return;
        }
        for (index, (local, common)) in missing.into_iter().flatten().enumerate() {
            if index % INTERVAL == INTERVAL - 1 && gauge.check() {
                return;
            }
            collapse.resolve(local, common);
        }
    }

    /// Merges the moves into the states of the next layer; incomplete if the gauge has tripped.
    pub(crate) fn merge(
        &self,
        chunks: &[Chunk<W>],
        words: usize,
        gauge: &Gauge<'_>,
    ) -> Vec<Merged<W>> {
        let fan = chunks.first().map_or(0, |chunk| chunk.links.len());
        let buckets: Vec<usize> = (0..fan).collect();
        let merge = |&to: &usize| self.merge_bucket(chunks, to, words, gauge);
        let merged = map_states(self.len(), &buckets, merge);
        merged.into_iter().flatten().collect()
    }

    fn merge_bucket(
        &self,
        chunks: &[Chunk<W>],
        to: usize,
        words: usize,
        gauge: &Gauge<'_>,
    ) -> Option<Merged<W>> {
        const EMPTY: u32 = u32::MAX;
        let links: usize = chunks.iter().map(|chunk| chunk.links[to].len()).sum();
        // At most two thirds full, even if no two moves lead to the same state.
        let size = (links * 3 / 2).next_power_of_two();
        if !gauge.reserve(4 * size + 4 * links) || gauge.check() {
            return None;
        }
        let room = gauge.room();
        let mut table = vec![EMPTY; size];
        let mut keys: Vec<Key<W>> = Vec::new();
        let mut mass: Vec<f64> = Vec::new();
        let mut targets = Vec::with_capacity(links);
        let mut reported = (0, 0);
        for chunk in chunks {
            for link in &chunk.links[to] {
                // The top bits chose the bucket; the next ones choose the place.
                let mut place = (hash(&link.key) >> 20) as usize & (size - 1);
                let target = loop {
                    let index = table[place];
                    if index == EMPTY {
                        #[expect(clippy::cast_possible_truncation, reason = "far below 2^32")]
                        let new = keys.len() as u32;
                        table[place] = new;
                        keys.push(link.key);
                        mass.push(0.0);
                        break new;
                    }
                    if keys[index as usize] == link.key {
                        break index;
                    }
                    place = (place + 1) & (size - 1);
                };
                mass[target as usize] +=
                    chunk.mass[link.source as usize - chunk.from] * f64::from(link.alike);
                targets.push(target);
                if targets.len().is_multiple_of(INTERVAL) || keys.len() as u64 > room {
                    report(&mut reported, &keys, words, gauge);
                    if gauge.check() {
                        break;
                    }
                }
            }
        }
        report(&mut reported, &keys, words, gauge);
        let mut counts = Counts::zeros(words, keys.len());
        if gauge.tripped().is_none() {
            let mut all = targets.iter();
            for chunk in chunks {
                let links = chunk.links[to].iter().zip(&mut all);
                let from = &self.buckets[chunk.bucket].counts;
                let link = |(link, &target): (&Link<W>, &u32)| {
                    (target as usize, link.source as usize, link.alike)
                };
                counts.gather(from, links.map(link));
            }
        }
        let bucket = Bucket { keys, counts, mass };
        Some(Merged { bucket, targets })
    }

    /// Calls `visit` for every move with the index of its state in this layer and in the next,
    /// from several threads at once and in no particular order.
    pub(crate) fn each_link(
        &self,
        chunks: &[Chunk<W>],
        merged: &[Merged<W>],
        visit: impl Fn(usize, usize, &Link<W>) + Send + Sync,
    ) {
        let bases = self.bases();
        let starts = starts(merged.iter().map(Merged::len));
        let buckets: Vec<usize> = (0..merged.len()).collect();
        map_states(self.len(), &buckets, |&to| {
            let mut targets = merged[to].targets.iter();
            for chunk in chunks {
                for (link, &target) in chunk.links[to].iter().zip(&mut targets) {
                    let source = bases[chunk.bucket] + link.source as usize;
                    visit(source, starts[to] + target as usize, link);
                }
            }
        });
    }
}

impl<const W: usize> Merged<W> {
    /// Returns the number of its states.
    pub(crate) fn len(&self) -> usize {
        self.bucket.keys.len()
    }
}

/// Adds the states and the memory that are new since the last report to the gauge.
fn report<const W: usize>(
    reported: &mut (usize, usize),
    keys: &Vec<Key<W>>,
    words: usize,
    gauge: &Gauge<'_>,
) {
    // Keys and masses grow by doubling; counts come afterwards, one for each key.
    let bytes = (8 * W + 8) * keys.capacity() + Counts::width(words) * keys.len();
    gauge.add_states(keys.len() - reported.0);
    gauge.add_bytes(bytes - reported.1);
    *reported = (keys.len(), bytes);
}
