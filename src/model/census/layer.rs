//! One layer of the census: all states after the same number of steps, equal ones merged, and how
//! the next layer comes from it.
//!
//! A large layer is split into buckets by hash, so that several cores can merge without meeting;
//! how many buckets depends on the layer's size alone, and each bucket takes its states in the
//! order of their predecessors, so that the result is the same on any number of cores.

use rayon::prelude::*;

use super::collapse::Collapse;
use super::count::Counts;
use super::expand::{Chunk, Link};
use super::key::{Key, Layout, hash};
use crate::model::limits::{Gauge, INTERVAL};

/// From how many states on a layer is split into buckets.
pub(in crate::model) const LARGE: usize = 4096;
/// Into how many.
pub(in crate::model) const BUCKETS: usize = 16;
/// How many states are expanded at a time.
const CHUNK: usize = 4096;

/// Some states of a layer.
// invariants: all three have the same length; no key occurs twice in a layer.
pub(in crate::model) struct Bucket<const W: usize> {
    pub(in crate::model) keys: Vec<Key<W>>,
    /// How many schedules lead to each.
    pub(in crate::model) counts: Counts,
    /// How likely a fair random scheduler comes to each.
    pub(in crate::model) mass: Vec<f64>,
}

/// All states after the same number of steps.
pub(in crate::model) struct Layer<const W: usize> {
    pub(in crate::model) buckets: Vec<Bucket<W>>,
}

/// A move as seen by the search for witnesses.
#[derive(Clone, Copy)]
pub(in crate::model) struct Arc {
    /// The index of the state in this layer.
    pub(in crate::model) source: usize,
    /// The first slot of those that move alike, and how many they are.
    pub(in crate::model) slot: u8,
    pub(in crate::model) alike: u8,
    /// The index of the state in the next layer.
    pub(in crate::model) target: usize,
    pub(in crate::model) landing: u8,
}

/// A merged bucket, with the index of each link's target.
pub(in crate::model) struct Merged<const W: usize> {
    bucket: Bucket<W>,
    targets: Vec<u32>,
}

/// Whether this much work is worth sharing between cores.
pub(in crate::model) fn is_parallel(work: usize) -> bool {
    work >= LARGE && rayon::current_num_threads() > 1
}

impl<const W: usize> Layer<W> {
    /// The layer before the first step.
    pub(in crate::model) fn first(key: Key<W>) -> Self {
        Self {
            buckets: vec![Bucket {
                keys: vec![key],
                counts: Counts::one(),
                mass: vec![1.0],
            }],
        }
    }

    pub(in crate::model) fn len(&self) -> usize {
        self.buckets.iter().map(|bucket| bucket.keys.len()).sum()
    }

    pub(in crate::model) fn bytes(&self) -> usize {
        let bytes = |bucket: &Bucket<W>| {
            8 * W * bucket.keys.capacity() + bucket.counts.bytes() + 8 * bucket.mass.capacity()
        };
        self.buckets.iter().map(bytes).sum()
    }

    /// The index of each bucket's first state in the layer.
    pub(in crate::model) fn bases(&self) -> Vec<usize> {
        let mut base = 0;
        let next = |bucket: &Bucket<W>| {
            let this = base;
            base += bucket.keys.len();
            this
        };
        self.buckets.iter().map(next).collect()
    }

    pub(in crate::model) fn ranges(&self) -> Vec<(usize, usize, usize)> {
        let chunks = |(index, bucket): (usize, &Bucket<W>)| {
            let len = bucket.keys.len();
            (0..len)
                .step_by(CHUNK)
                .map(move |from| (index, from, len.min(from + CHUNK)))
                .collect::<Vec<_>>()
        };
        self.buckets.iter().enumerate().flat_map(chunks).collect()
    }

    /// The same layer with wider keys.
    pub(in crate::model) fn widened<const V: usize>(self, old: &Layout, new: &Layout) -> Layer<V> {
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

    /// Makes sure that every move out of this layer is remembered. The order in which new parts
    /// get their indices does not depend on the number of cores.
    pub(in crate::model) fn prepare(
        &self,
        layout: &Layout,
        collapse: &mut Collapse<'_>,
        gauge: &Gauge<'_>,
    ) {
        let find = |&(bucket, from, to): &(usize, usize, usize)| {
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
        };
        let ranges = self.ranges();
        let missing: Vec<Vec<(u32, u32)>> = if is_parallel(self.len()) {
            ranges.par_iter().map(find).collect()
        } else {
            ranges.iter().map(find).collect()
        };
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
    pub(in crate::model) fn merge(
        &self,
        chunks: &[Chunk<W>],
        words: usize,
        gauge: &Gauge<'_>,
    ) -> Vec<Merged<W>> {
        let fan = chunks.first().map_or(0, |chunk| chunk.links.len());
        let merge = |to: usize| self.merge_bucket(chunks, to, words, gauge);
        if is_parallel(self.len()) {
            (0..fan).into_par_iter().map(merge).collect()
        } else {
            (0..fan).map(merge).collect()
        }
    }

    fn merge_bucket(
        &self,
        chunks: &[Chunk<W>],
        to: usize,
        words: usize,
        gauge: &Gauge<'_>,
    ) -> Merged<W> {
        const EMPTY: u32 = u32::MAX;
        let links: usize = chunks.iter().map(|chunk| chunk.links[to].len()).sum();
        // Two thirds full at most, even if no two moves lead to the same state.
        let size = (links * 3 / 2).next_power_of_two();
        if !gauge.reserve(4 * size + 4 * links) || gauge.check() {
            return Merged {
                bucket: Bucket {
                    keys: Vec::new(),
                    counts: Counts::zeros(1, 0),
                    mass: Vec::new(),
                },
                targets: Vec::new(),
            };
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
        Merged {
            bucket: Bucket { keys, counts, mass },
            targets,
        }
    }

    /// Calls `see` for every move, from several threads at once and in no particular order.
    pub(in crate::model) fn each_arc(
        &self,
        chunks: &[Chunk<W>],
        merged: &[Merged<W>],
        see: impl Fn(Arc) + Sync,
    ) {
        let bases = self.bases();
        let mut base = 0;
        let starts: Vec<usize> = merged
            .iter()
            .map(|one| {
                let this = base;
                base += one.bucket.keys.len();
                this
            })
            .collect();
        let visit = |to: usize| {
            let mut targets = merged[to].targets.iter();
            for chunk in chunks {
                for (link, &target) in chunk.links[to].iter().zip(&mut targets) {
                    see(Arc {
                        source: bases[chunk.bucket] + link.source as usize,
                        slot: link.slot,
                        alike: link.alike,
                        target: starts[to] + target as usize,
                        landing: link.landing,
                    });
                }
            }
        };
        if is_parallel(self.len()) {
            (0..merged.len()).into_par_iter().for_each(visit);
        } else {
            (0..merged.len()).for_each(visit);
        }
    }
}

impl<const W: usize> Merged<W> {
    /// How many states it has.
    pub(in crate::model) fn len(&self) -> usize {
        self.bucket.keys.len()
    }
}

impl<const W: usize> FromIterator<Merged<W>> for Layer<W> {
    fn from_iter<I: IntoIterator<Item = Merged<W>>>(merged: I) -> Self {
        Self {
            buckets: merged.into_iter().map(|one| one.bucket).collect(),
        }
    }
}

/// Tells the gauge of the states and the memory that are new since the last report.
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
