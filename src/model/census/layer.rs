//! One layer of the census: all states after the same number of steps, equal ones merged, and how
//! it leads to the next layer.
//!
//! A large layer is split into buckets by hash, so that several cores can merge without
//! synchronization. The number of buckets depends on the layer's size alone, and each bucket takes
//! its states in the order of their predecessors, so the result is the same on any number of cores.

use rayon::prelude::*;

use super::count::Counts;
use super::expand::Chunk;
use super::key::{Key, Layout, hash};
use super::rows::{Rows, UNREACHED};
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
// invariants: all have the same length, `switches` for each action; no key occurs twice in a layer.
pub(crate) struct Bucket<const W: usize> {
    pub(crate) keys: Vec<Key<W>>,
    /// The number of schedules that lead to each state.
    pub(crate) counts: Counts,
    /// The probability that a fair random scheduler reaches each state.
    pub(crate) mass: Vec<f64>,
    /// The fewest switches to each state, for each action of the actor that moved last; empty without
    /// witnesses.
    pub(crate) switches: Vec<u32>,
}

/// All states after the same number of steps.
pub(crate) struct Layer<const W: usize> {
    pub(crate) buckets: Vec<Bucket<W>>,
}

/// A merged bucket, with the index of each link's target in it.
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
    /// Creates the layer before the first step; with witnesses, for this many actions.
    pub(crate) fn first(key: Key<W>, actions: Option<usize>) -> Self {
        Self {
            buckets: vec![Bucket {
                keys: vec![key],
                counts: Counts::one(),
                mass: vec![1.0],
                switches: vec![0; actions.unwrap_or(0)],
            }],
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.buckets.iter().map(|bucket| bucket.keys.len()).sum()
    }

    pub(crate) fn bytes(&self) -> usize {
        let bytes = |bucket: &Bucket<W>| {
            8 * W * bucket.keys.capacity()
                + bucket.counts.bytes()
                + 8 * bucket.mass.capacity()
                + 4 * bucket.switches.capacity()
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
    pub(crate) fn widened<const V: usize>(self, slots: usize) -> Layer<V> {
        let (old, new) = (Layout::<0>::new(slots, W), Layout::<0>::new(slots, V));
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
                switches: bucket.switches,
            }
        };
        Layer {
            buckets: self.buckets.into_iter().map(&mut widen).collect(),
        }
    }

    /// Merges the moves into the states of the next layer, whose counts have `width` words;
    /// incomplete if the gauge has tripped. With witnesses, completes the rows of this layer.
    pub(crate) fn merge<const S: usize>(
        &self,
        layout: &Layout<S>,
        chunks: &[Chunk<W>],
        width: usize,
        rows: Option<&Rows>,
        gauge: &Gauge<'_>,
    ) -> Self {
        let fan = chunks.first().map_or(0, |chunk| chunk.links.len());
        let buckets: Vec<usize> = (0..fan).collect();
        let merged = map_states(self.len(), &buckets, |&to| {
            merge_bucket(layout, chunks, to, width, rows.is_some(), gauge)
        });
        let mut merged: Vec<_> = merged.into_iter().flatten().collect();
        if gauge.tripped().is_none() {
            let starts = starts(merged.iter().map(|merged| merged.bucket.keys.len()));
            let rows = rows.map(|rows| (rows, self.bases()));
            let counts = map_states(self.len(), &buckets, |&to| {
                let rows = rows
                    .as_ref()
                    .map(|(rows, bases)| (*rows, &**bases, starts[to]));
                self.gather(layout, chunks, to, &merged[to], width, rows)
            });
            for (merged, counts) in merged.iter_mut().zip(counts) {
                merged.bucket.counts = counts;
            }
        }
        Self {
            buckets: merged.into_iter().map(|merged| merged.bucket).collect(),
        }
    }

    /// Adds up the counts of a merged bucket, and notes the moves with the fewest switches in the
    /// rows: given where the buckets of this layer begin, and where this bucket does.
    fn gather<const S: usize>(
        &self,
        layout: &Layout<S>,
        chunks: &[Chunk<W>],
        to: usize,
        merged: &Merged<W>,
        width: usize,
        rows: Option<(&Rows, &[usize], usize)>,
    ) -> Counts {
        let mut counts = Counts::zeros(width, merged.bucket.keys.len());
        let mut all = merged.targets.iter();
        for chunk in chunks {
            let from = &self.buckets[chunk.bucket].counts;
            let links = chunk.links[to].iter().zip(&mut all).map(|(link, &target)| {
                let (source, target) = (link.source as usize, target as usize);
                if let Some((rows, bases, start)) = rows {
                    let node = target * layout.actions() + link.landing();
                    let fewest = merged.bucket.switches[node];
                    if chunk.switches_after(link) == fewest {
                        rows.set(
                            layout.actions(),
                            bases[chunk.bucket] + source,
                            link,
                            start + target,
                        );
                    }
                }
                (target, source, link.alike())
            });
            counts.gather(from, links);
        }
        counts
    }
}

/// Finds the different states among the targets of the moves to a bucket.
fn merge_bucket<const W: usize, const S: usize>(
    layout: &Layout<S>,
    chunks: &[Chunk<W>],
    to: usize,
    width: usize,
    witnesses: bool,
    gauge: &Gauge<'_>,
) -> Option<Merged<W>> {
    const EMPTY: u32 = u32::MAX;
    let actions = if witnesses { layout.actions() } else { 0 };
    let links: usize = chunks.iter().map(|chunk| chunk.links[to].len()).sum();
    // At most two thirds full, even if no two moves lead to the same state.
    let size = (links * 3 / 2).next_power_of_two();
    if !gauge.reserve(4 * size + 4 * links + 4 * actions * links) || gauge.check() {
        return None;
    }
    let room = gauge.room();
    let mut table = vec![EMPTY; size];
    // Room for all links, and for one more key to be compared with itself.
    let mut keys: Vec<Key<W>> = vec![[0; W]; links + 1];
    let mut mass: Vec<f64> = vec![0.0; links];
    let mut switches: Vec<u32> = vec![UNREACHED; links * actions];
    let mut targets = Vec::with_capacity(links);
    let mut len = 0_u32;
    let mut reported = 0;
    let mut report = |len: u32| {
        let new = len as usize - reported;
        gauge.add_states(new);
        gauge.add_bytes((8 * W + 8 + 8 * width) * new);
        reported += new;
    };
    for chunk in chunks {
        for link in &chunk.links[to] {
            // No branch asks whether a state is new, as that would be a toss-up: a free place leads
            // to the next new state, which has this key already.
            keys[len as usize] = link.key;
            // The top bits chose the bucket; the next ones choose the place.
            let mut place = (hash(&link.key) >> 20) as usize & (size - 1);
            let target = loop {
                let index = if table[place] == EMPTY {
                    len
                } else {
                    table[place]
                };
                if keys[index as usize] == link.key {
                    break index;
                }
                place = (place + 1) & (size - 1);
            };
            table[place] = target;
            len += u32::from(target == len);
            mass[target as usize] +=
                chunk.mass[link.source as usize - chunk.from] * f64::from(link.alike());
            if witnesses {
                let node = &mut switches[target as usize * layout.actions() + link.landing()];
                *node = chunk.switches_after(link).min(*node);
            }
            targets.push(target);
            if targets.len().is_multiple_of(INTERVAL) || u64::from(len) > room {
                report(len);
                if gauge.check() {
                    break;
                }
            }
        }
    }
    report(len);
    let len = len as usize;
    let bucket = Bucket {
        keys: shortened(keys, len),
        counts: Counts::zeros(width, 0),
        mass: shortened(mass, len),
        switches: shortened(switches, len * actions),
    };
    Some(Merged { bucket, targets })
}

fn shortened<T>(mut items: Vec<T>, len: usize) -> Vec<T> {
    items.truncate(len);
    items.shrink_to_fit();
    items
}
