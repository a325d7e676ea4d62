//! One layer of the census: all states after the same number of steps, equal ones merged, and how
//! it leads to the next layer.
//!
//! A large layer is split into buckets by hash, so that several cores can merge without
//! synchronization. The number of buckets depends on the layer's size alone, and each bucket takes
//! its states in the order of their predecessors, so the result is the same on any number of cores.
//!
//! A layer is written where the one before the last was: fresh memory costs as much as the search.

use rayon::prelude::*;

use super::collapse::Collapse;
use super::count::Counts;
use super::expand::{Chunk, Moves};
use super::key::{Key, Layout, hash};
use super::trail::{Node, Trail};
use crate::model::limits::{Gauge, INTERVAL};

/// The number of states from which on a layer is split into buckets.
pub(crate) const LARGE: usize = 4096;
/// The number of buckets of a large layer.
pub(crate) const BUCKETS: usize = 16;
/// The number of states expanded at a time.
const CHUNK: usize = 4096;
/// A place of a hash table without a state.
const EMPTY: u32 = u32::MAX;

/// Some states of a layer.
// invariants: all but the scratch have the same length, some for each action; no key occurs twice in a
// layer.
#[derive(Default)]
pub(crate) struct Bucket<const W: usize> {
    pub(crate) keys: Vec<Key<W>>,
    /// The number of schedules that lead to each state.
    pub(crate) counts: Counts,
    /// The probability that a fair random scheduler reaches each state.
    pub(crate) mass: Vec<f64>,
    pub(crate) moves: Moves,
    /// The fewest switches to each state; meaningless without witnesses.
    pub(crate) fewest: Vec<u32>,
    /// How each state is reached with them, until that is taken out.
    pub(crate) trail: Trail,
    scratch: Scratch,
}

/// What merging needs besides.
#[derive(Default)]
struct Scratch {
    /// A hash table of the states, with open addressing and linear probing.
    table: Vec<u32>,
    /// The target of each move.
    targets: Vec<u32>,
    nodes: Vec<Node>,
    ties: Vec<[u32; 2]>,
}

/// All states after the same number of steps.
#[derive(Default)]
pub(crate) struct Layer<const W: usize> {
    pub(crate) buckets: Vec<Bucket<W>>,
}

/// What merging reads.
pub(crate) struct Sources<'a, const W: usize, const S: usize> {
    pub(crate) layout: &'a Layout<S>,
    pub(crate) collapse: &'a Collapse<'a>,
    pub(crate) gauge: &'a Gauge<'a>,
    /// The layer before, and all moves out of it.
    pub(crate) layer: &'a Layer<W>,
    pub(crate) chunks: &'a [Chunk<W>],
    /// The number of words of the counts.
    pub(crate) width: usize,
    pub(crate) witnesses: bool,
}

impl<const W: usize, const S: usize> Sources<'_, W, S> {
    /// Returns the number of buckets of the next layer.
    fn fan(&self) -> usize {
        self.chunks.first().map_or(1, |chunk| chunk.links.len())
    }
}

/// Works on the items, each with its index, on several cores if they stand for enough states.
pub(crate) fn for_each<T: Send>(
    states: usize,
    items: &mut [T],
    each: impl Fn(usize, &mut T) + Send + Sync,
) {
    if states >= LARGE && rayon::current_num_threads() > 1 {
        let items = items.par_iter_mut().enumerate();
        items.for_each(|(index, item)| each(index, item));
    } else {
        let items = items.iter_mut().enumerate();
        items.for_each(|(index, item)| each(index, item));
    }
}

impl<const W: usize> Layer<W> {
    /// Creates the layer before the first step.
    pub(crate) fn first<const S: usize>(
        key: Key<W>,
        layout: &Layout<S>,
        collapse: &Collapse<'_>,
        gauge: &Gauge<'_>,
    ) -> Self {
        let mut moves = Moves::default();
        moves.look_up(&[key], layout, collapse, gauge);
        Self {
            buckets: vec![Bucket {
                keys: vec![key],
                counts: Counts::one(),
                mass: vec![1.0],
                moves,
                fewest: vec![0],
                ..Bucket::default()
            }],
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.buckets.iter().map(|bucket| bucket.keys.len()).sum()
    }

    pub(crate) fn bytes(&self) -> usize {
        self.buckets.iter().map(Bucket::bytes).sum()
    }

    /// Returns the index of each bucket's first state in the layer.
    pub(crate) fn bases(&self) -> Vec<usize> {
        let lens = self.buckets.iter().map(|bucket| bucket.keys.len());
        let start = |next: &mut usize, len| Some(std::mem::replace(next, *next + len));
        lens.scan(0, start).collect()
    }

    /// Returns neighbouring states of the same bucket: its index, the first state in it and the first
    /// after them.
    pub(crate) fn ranges(&self) -> Vec<(usize, usize, usize)> {
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
                moves: bucket.moves,
                fewest: bucket.fewest,
                trail: bucket.trail,
                scratch: bucket.scratch,
            }
        };
        Layer {
            buckets: self.buckets.into_iter().map(&mut widen).collect(),
        }
    }

    /// Becomes the layer that the moves lead to; incomplete if the gauge has tripped.
    pub(crate) fn merge<const S: usize>(&mut self, sources: &Sources<'_, W, S>) {
        let bases = sources.layer.bases();
        self.buckets.resize_with(sources.fan(), Bucket::default);
        for_each(sources.layer.len(), &mut self.buckets, |to, bucket| {
            if bucket.merge(to, &bases, sources) && bucket.count(to, sources) {
                let (layout, collapse) = (sources.layout, sources.collapse);
                let moves = &mut bucket.moves;
                moves.look_up(&bucket.keys, layout, collapse, sources.gauge);
            }
        });
    }
}

impl<const W: usize> Bucket<W> {
    fn bytes(&self) -> usize {
        8 * W * self.keys.capacity()
            + self.counts.bytes()
            + 8 * self.mass.capacity()
            + self.moves.bytes()
            + 4 * self.fewest.capacity()
            + self.trail.bytes()
            + self.scratch.bytes()
    }

    /// Makes room for this many states and ties, if there is any.
    fn grow(&mut self, states: usize, actions: usize, ties: usize, gauge: &Gauge<'_>) -> bool {
        let scratch = &mut self.scratch;
        let new = states.saturating_sub(self.keys.capacity()) * (8 * W + 8)
            + (states * actions).saturating_sub(scratch.nodes.capacity()) * size_of::<Node>()
            + ties.saturating_sub(scratch.ties.capacity()) * 8;
        if new > 0 && !gauge.reserve(new) {
            return false;
        }
        enlarge(&mut self.keys, states, [0; W]);
        enlarge(&mut self.mass, states, 0.0);
        enlarge(&mut scratch.nodes, states * actions, Node::UNREACHED);
        enlarge(&mut scratch.ties, ties, [0; 2]);
        true
    }

    /// Finds the different states among the targets of the moves to this bucket, given where those of
    /// the layer before begin. Returns false if the gauge has tripped.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "2^32 states exceed any limit of memory, and moves are numbered only where they fit"
    )]
    fn merge<const S: usize>(
        &mut self,
        to: usize,
        bases: &[usize],
        sources: &Sources<'_, W, S>,
    ) -> bool {
        let gauge = sources.gauge;
        let actions = sources.layout.actions();
        let kept = if sources.witnesses { actions } else { 0 };
        let links: usize = sources.chunks.iter().map(|c| c.links[to].len()).sum();
        // At most two thirds full, even if no two moves lead to the same state.
        let size = (links * 3 / 2).next_power_of_two();
        // As a rule there are about as many states as in the layer before.
        let states = (sources.layer.len() / sources.fan()).min(links) + INTERVAL;
        let scratch = &mut self.scratch;
        let has_room = gauge.renew(&mut self.keys, states)
            && gauge.renew(&mut self.mass, states)
            && gauge.renew(&mut self.fewest, states)
            && gauge.renew(&mut scratch.nodes, states * kept)
            && gauge.renew(&mut scratch.table, size)
            && gauge.renew(&mut scratch.targets, links);
        if !has_room || gauge.check() {
            return false;
        }
        scratch.table.resize(size, EMPTY);
        let room = usize::try_from(gauge.room()).unwrap_or(usize::MAX);
        let (mut len, mut tied) = (0, 0);
        for chunk in sources.chunks {
            let mut rest = &chunk.links[to][..];
            let base = bases[chunk.bucket];
            let fewest = &sources.layer.buckets[chunk.bucket].fewest[..];
            while !rest.is_empty() {
                let (now, later) =
                    rest.split_at(rest.len().min(INTERVAL).min((room - len).saturating_add(1)));
                rest = later;
                // Room for new states only, and for one more key to be compared with itself.
                if (self.keys.len() <= len + now.len()
                    || self.scratch.ties.len() <= tied + now.len())
                    && !self.grow(
                        len + len / 4 + now.len() + 1,
                        kept,
                        tied + tied / 4 + now.len() + 1,
                        gauge,
                    )
                {
                    return false;
                }
                let before = len;
                let scratch = &mut self.scratch;
                let (keys, mass) = (&mut self.keys[..], &mut self.mass[..]);
                for link in now {
                    // No branch asks whether a state is new, as that would be a toss-up: a free place
                    // leads to the next new state, which has this key already.
                    keys[len] = link.key;
                    // The top bits chose the bucket; the next ones choose the place.
                    let mut place = (hash(&link.key) >> 20) as usize & (size - 1);
                    let target = loop {
                        let known = scratch.table[place];
                        let index = if known == EMPTY { len as u32 } else { known };
                        if keys[index as usize] == link.key {
                            break index;
                        }
                        place = (place + 1) & (size - 1);
                    };
                    scratch.table[place] = target;
                    scratch.targets.push(target);
                    let target = target as usize;
                    len += usize::from(target == len);
                    let source = link.source as usize;
                    mass[target] += chunk.mass[source - chunk.from] * f64::from(link.alike());
                    if kept > 0 {
                        let switches = fewest[source] + link.switch();
                        let number = (base + source) * actions + link.action();
                        let node = &mut scratch.nodes[target * actions + link.landing()];
                        tied = node.reach(switches, number as u32, &mut scratch.ties, tied);
                    }
                }
                gauge.add_states(len - before);
                if gauge.check() {
                    return false;
                }
            }
        }
        self.keys.truncate(len);
        self.mass.truncate(len);
        if kept > 0 {
            let (nodes, ties) = (
                &self.scratch.nodes[..len * kept],
                &self.scratch.ties[..tied],
            );
            if !gauge.reserve(Trail::bytes_for(nodes.len()) + size_of_val(ties)) {
                return false;
            }
            self.trail = Trail::new(nodes, kept, ties, &mut self.fewest);
        }
        true
    }

    /// Adds up the counts of merged states, if there is memory for them.
    fn count<const S: usize>(&mut self, to: usize, sources: &Sources<'_, W, S>) -> bool {
        if !self
            .counts
            .reset(sources.width, self.keys.len(), sources.gauge)
        {
            return false;
        }
        let mut targets = self.scratch.targets.iter();
        for chunk in sources.chunks {
            let links = chunk.links[to].iter().zip(&mut targets);
            let links =
                links.map(|(link, &target)| (target as usize, link.source as usize, link.alike()));
            self.counts
                .gather(&sources.layer.buckets[chunk.bucket].counts, links);
        }
        true
    }
}

impl Scratch {
    fn bytes(&self) -> usize {
        4 * (self.table.capacity() + self.targets.capacity())
            + size_of::<Node>() * self.nodes.capacity()
            + 8 * self.ties.capacity()
    }
}

/// Makes a list at least so long.
fn enlarge<T: Clone>(list: &mut Vec<T>, len: usize, new: T) {
    if list.len() < len {
        list.reserve_exact(len - list.len());
        list.resize(len, new);
    }
}
