//! The census of threads that only load a counter and store the loaded value plus one: a recurrence over how far
//! each has come, which needs no values.
//!
//! The total is the length of a *chain* of increments: the last loads what the one before it stored, and so on
//! down to one that loads the initial value. An increment of the chain is overwritten by none before the next of the
//! chain has loaded, and whatever others store between its own load and its store is lost. So a state is where each
//! thread is, which of them is in the middle of an increment of the chain, if one is, and how many the chain has.
//! The chain is guessed: each load may begin its next increment, or not. As every schedule has one chain alone, every
//! schedule is counted once. States that differ only in the names of threads are folded, as in the search.

use rustc_hash::FxHashMap;

use super::count::digits_for;
use super::digits::{DIGIT, add, carry, rhythm, value};
use super::estimate::Estimate;
use super::layer::for_each;
use super::outcome::{Census, Method, Outcome, Verdict, ratio};
use super::sweep::Options;
use crate::model::buffer::MemoryModel;
use crate::model::limits::{Gauge, Limit, Progress};
use crate::model::schedule::counting::Counting;
use crate::model::schedule::worst::retell;
use crate::model::system::System;

/// The most threads: twice as many terms, and one, can be added before digits are carried.
const MOST_THREADS: usize = 127;

/// The most rows that are counted between two looks at the limits.
const ROWS: usize = 64;

/// The additions from which on several cores share them.
const SMALL: f64 = 1e7;

/// The chains of a system of counting threads.
pub(crate) struct Chains<'s> {
    system: &'s System,
    counting: Counting,
    threads: usize,
    /// The steps of each thread: twice its increments.
    steps: u64,
}

/// Where the threads are: the steps taken by the one that is in an increment of the chain, or 0 if none is, and then
/// those taken by each of the others, in rising order.
type Place = Box<[u32]>;

/// A way from one place to another.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Way {
    to: u32,
    from: u32,
    /// By how much it makes the chain longer.
    longer: u8,
    /// How many threads can take it.
    threads: u8,
}

/// The places after some number of steps, and how many schedules lead to each with each length of the chain.
#[derive(Default)]
struct Layer {
    places: Vec<Place>,
    /// The number of lengths, from 0 on.
    lengths: usize,
    /// The digits of a count.
    width: usize,
    /// For each place and length a count, its lowest digit first.
    counts: Vec<u64>,
    /// For each place and length the probability that a fair random scheduler leads there.
    mass: Vec<f64>,
}

/// Counts the schedules of a system whose threads are alike and do nothing but load a counter and store the loaded
/// value plus one; `None` for any other, and for more than 127 threads. It is made for sizes that are beyond a search.
///
/// # Errors
/// The limit that is reached before all are counted.
pub fn count_chains(system: &System, options: &Options<'_>) -> Option<Result<Census, Limit>> {
    let chains = Chains::of(system)?;
    chains.work().is_finite().then(|| chains.count(options))
}

impl<'s> Chains<'s> {
    /// Returns the chains of a system; `None` if its threads do something else besides counting, or not all the
    /// same.
    pub(crate) fn of(system: &'s System) -> Option<Self> {
        let counting =
            Counting::in_the_end(system).filter(|_| system.memory() == MemoryModel::Sc)?;
        let threads = system.threads();
        let increments = counting.bare_increments()?;
        let steps = increments.checked_mul(2)?;
        (threads >= 2 && steps > 0).then_some(Self {
            system,
            counting,
            threads,
            steps,
        })
    }

    /// Estimates the additions of digits that this takes; infinite if there are too many threads.
    pub(crate) fn work(&self) -> f64 {
        work(self.threads, self.steps / 2)
    }

    /// Estimates the states, of which a search has more.
    pub(crate) fn states(&self) -> Estimate {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "positive, and the conversion saturates"
        )]
        let states = states(self.threads, self.steps / 2) as u64;
        Estimate::AtLeast(states)
    }

    /// Returns the closest smaller size that takes no more additions than this: with as many threads if possible.
    pub(crate) fn closest(&self, work_limit: f64) -> Option<(usize, u64)> {
        let own = self.steps / 2;
        (2..=self.threads.min(MOST_THREADS))
            .rev()
            .find_map(|threads| {
                let fits = |&increments: &u64| work(threads, increments) <= work_limit;
                let most = (1..=own).take_while(fits).last()?;
                Some((threads, most))
            })
    }

    /// Counts all schedules.
    ///
    /// # Errors
    /// The limit that is reached.
    pub(crate) fn count(&self, options: &Options<'_>) -> Result<Census, Limit> {
        if self.work() > SMALL && rayon::current_thread_index().is_none() {
            // On a core of the pool, the next layer need not be waited for asleep.
            return rayon::scope(|_| self.count(options));
        }
        let gauge = Gauge::new(options.limits);
        let mut layer = Layer {
            places: vec![vec![0; self.threads + 1].into()],
            lengths: 1,
            width: 1,
            counts: vec![1],
            mass: vec![1.0],
        };
        // A layer is written where the one before the last was: fresh memory costs as much as the counting.
        let mut next = Layer::default();
        gauge.add_states(1);
        let layers = self.threads as u64 * self.steps;
        let mut widest = 1;
        for taken in 1..=layers {
            self.advance(&layer, &mut next, taken, &gauge)?;
            std::mem::swap(&mut layer, &mut next);
            let states = layer.mass.iter().filter(|&&mass| mass > 0.0).count();
            gauge.add_states(states);
            let memory = (self.bytes(&layer) + self.bytes(&next)) as u64;
            gauge.settle(memory);
            gauge.check();
            gauge.within_limits()?;
            widest = widest.max(states as u64);
            (options.progress)(&Progress {
                layer: taken,
                layer_states: states as u64,
                states: gauge.states(),
                memory,
            });
        }
        carry(&mut layer.counts, layer.width);
        let outcomes = self.outcomes(&layer, options.witnesses);
        let mut census = Census {
            schedules: outcomes.iter().map(|outcome| &outcome.schedules).sum(),
            outcomes,
            layers,
            widest,
            method: Method::Recurrence,
            ..Census::nothing(&gauge, Verdict::Exhausted)
        };
        for outcome in &mut census.outcomes {
            outcome.share = Some(ratio(&outcome.schedules, &census.schedules));
        }
        retell(&mut census, self.system);
        Ok(census)
    }

    /// Reads the outcomes off the last layer, in whose only place all threads are done.
    fn outcomes(&self, last: &Layer, witnesses: bool) -> Vec<Outcome> {
        let counts = last.counts.chunks_exact(last.width);
        let ends = counts.zip(&last.mass).enumerate();
        let ends = ends.filter(|(_, (count, _))| count.iter().any(|&digit| digit > 0));
        ends.map(|(length, (count, &mass))| {
            let total = length as u64;
            let witness = witnesses
                .then(|| self.counting.to(self.system, total))
                .flatten();
            Outcome {
                end: self.counting.ending(self.system, total),
                schedules: value(count),
                share: None,
                // What is too small for a float is not known.
                fair_share: (mass > 0.0).then_some(mass.min(1.0)),
                switches: witness.as_ref().map(|witness| witness.switches() as u64),
                witness,
            }
        })
        .collect()
    }

    /// Makes `next` the layer after `layer`, which is reached with `taken` steps.
    fn advance(
        &self,
        layer: &Layer,
        next: &mut Layer,
        taken: u64,
        gauge: &Gauge<'_>,
    ) -> Result<(), Limit> {
        let (places, ways) = self.ways(layer, gauge)?;
        next.places = places;
        next.lengths = usize::try_from(taken / 2)
            .unwrap_or(usize::MAX)
            .saturating_add(1);
        next.width = digits_for(taken, self.threads, DIGIT);
        let (lengths, width) = (next.lengths, next.width);
        let row = lengths * width;
        let (cells, counts) = (next.places.len() * lengths, next.places.len() * row);
        let has_room = gauge.renew(&mut next.counts, counts) && gauge.renew(&mut next.mass, cells);
        if !has_room {
            return Err(Limit::Memory);
        }
        next.counts.resize(counts, 0);
        next.mass.resize(cells, 0.0);
        // A place is reached from places with one thread a step back. Those of them that are alike are at most as many
        // as all threads and one, and to these comes the one inside.
        let rhythm = rhythm(2 * self.threads as u64 + 1);
        let to_each: Vec<&[Way]> = ways.chunk_by(|a, b| a.to == b.to).collect();
        let chunks = next.counts.chunks_mut(ROWS * row);
        let chunks = chunks.zip(next.mass.chunks_mut(ROWS * lengths));
        let mut chunks: Vec<_> = chunks.zip(to_each.chunks(ROWS)).collect();
        for_each(cells, &mut chunks, |_, ((counts, mass), to_each)| {
            if gauge.check() {
                return;
            }
            let rows = counts.chunks_exact_mut(row);
            let rows = rows.zip(mass.chunks_exact_mut(lengths));
            for ((counts, mass), ways) in rows.zip(*to_each) {
                for way in *ways {
                    self.gather(layer, *way, counts, width, mass);
                }
                if taken.is_multiple_of(rhythm) {
                    carry(counts, width);
                }
            }
        });
        gauge.within_limits()
    }

    /// Adds what a way leads on, without carrying.
    fn gather(&self, layer: &Layer, way: Way, counts: &mut [u64], width: usize, mass: &mut [f64]) {
        let (from, longer) = (way.from as usize, usize::from(way.longer));
        let cells = from * layer.lengths..(from + 1) * layer.lengths;
        let source = &layer.counts[cells.start * layer.width..cells.end * layer.width];
        let target = &mut counts[longer * width..];
        if width == layer.width {
            add(target, source, way.threads);
        } else {
            let pairs = target
                .chunks_exact_mut(width)
                .zip(source.chunks_exact(layer.width));
            pairs.for_each(|(sum, count)| add(sum, count, way.threads));
        }
        let part = f64::from(way.threads) / self.ready(&layer.places[from]);
        for (sum, &mass) in mass[longer..].iter_mut().zip(&layer.mass[cells]) {
            *sum += mass * part;
        }
    }

    /// Returns the bytes that a layer holds.
    fn bytes(&self, layer: &Layer) -> usize {
        let cells = layer.counts.capacity() + layer.mass.capacity();
        layer.places.capacity() * self.place_bytes() + 8 * cells
    }

    /// Returns the bytes of a place.
    fn place_bytes(&self) -> usize {
        size_of::<Place>() + (self.threads + 1) * size_of::<u32>()
    }

    /// Returns how many threads can move.
    fn ready(&self, place: &Place) -> f64 {
        let unfinished = place[1..]
            .iter()
            .filter(|&&at| u64::from(at) < self.steps)
            .count();
        (unfinished + usize::from(place[0] > 0)) as f64
    }

    /// Finds the places after one more step, and all ways to them, in the order of the places.
    fn ways(&self, layer: &Layer, gauge: &Gauge<'_>) -> Result<(Vec<Place>, Vec<Way>), Limit> {
        let mut known: FxHashMap<Place, u32> = FxHashMap::default();
        let (mut places, mut ways) = (Vec::new(), Vec::new());
        let mut held = 0;
        for (from, place) in (0..).zip(&layer.places) {
            if (from as usize).is_multiple_of(ROWS) {
                gauge.check();
                gauge.within_limits()?;
                // A place is in the map, too.
                let now = 2 * places.len() * self.place_bytes() + ways.len() * size_of::<Way>();
                if !gauge.reserve(now - held) {
                    return Err(Limit::Memory);
                }
                held = now;
            }
            let mut lead = |to: Place, longer, threads| {
                let to = *known.entry(to).or_insert_with_key(|to| {
                    places.push(to.clone());
                    number(places.len() - 1)
                });
                ways.push(Way {
                    to,
                    from,
                    longer,
                    threads,
                });
            };
            let (&inside, others) = place.split_first().unwrap_or((&0, &[]));
            if inside > 0 {
                lead(placed(0, others, None, Some(inside + 1)), 1, 1);
            }
            for alike in others
                .chunk_by(|a, b| a == b)
                .filter(|alike| u64::from(alike[0]) < self.steps)
            {
                let at = alike[0];
                let threads = u8::try_from(alike.len()).unwrap_or(u8::MAX);
                let is_load = at % 2 == 0;
                // A store between two increments of the chain would overwrite the first of them.
                if is_load || inside > 0 {
                    lead(placed(inside, others, Some(at), Some(at + 1)), 0, threads);
                }
                if is_load && inside == 0 {
                    lead(placed(at + 1, others, Some(at), None), 0, threads);
                }
            }
        }
        ways.sort_unstable();
        Ok((places, ways))
    }
}

/// Returns a place: `others` without one of `left` and with one of `reached`.
fn placed(inside: u32, others: &[u32], left: Option<u32>, reached: Option<u32>) -> Place {
    let mut place = Vec::with_capacity(others.len() + 2);
    place.push(inside);
    place.extend(others);
    if let Some(at) = left.and_then(|left| place[1..].iter().position(|&other| other == left)) {
        place.remove(at + 1);
    }
    if let Some(reached) = reached {
        let at = 1 + place[1..].partition_point(|&other| other < reached);
        place.insert(at, reached);
    }
    place.into()
}

/// Estimates the additions of digits for some number of threads and of increments.
fn work(threads: usize, increments: u64) -> f64 {
    if threads > MOST_THREADS {
        return f64::INFINITY;
    }
    let number = threads as f64;
    let digits = number * increments as f64 * number.log2() / f64::from(DIGIT) + 1.0;
    states(threads, increments) * digits * number
}

/// Estimates the states for some number of threads and of increments.
fn states(threads: usize, increments: u64) -> f64 {
    let steps = 2.0 * increments as f64 + 1.0;
    // In how many ways can this many threads be spread over the steps? Combinations with repetition.
    let places = |threads: usize| {
        let chosen = (1..=threads).map(|chosen| chosen as f64);
        chosen.fold(1.0, |all, chosen| all * (steps - 1.0 + chosen) / chosen)
    };
    let lengths = threads as f64 * increments as f64 / 2.0 + 1.0;
    (places(threads) + increments as f64 * places(threads - 1)) * lengths
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "2^32 places exceed any limit of memory"
)]
fn number(index: usize) -> u32 {
    index as u32
}
