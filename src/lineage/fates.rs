//! What became of each increment: who survived, and who overwrote whom.

use super::log::{Impossible, Increment, Log, check, source};
use super::order::{Readers, order};
use super::times;

/// One access to the counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Access {
    /// The increment it is of.
    pub increment: Increment,
    /// Whether it is its store; else it is its load.
    pub is_store: bool,
}

/// What became of every increment of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lineage {
    /// M, the increments of each thread.
    increments: u32,
    /// Every store, in the order in which memory saw them.
    order: Vec<Increment>,
    /// The place of each store in that order.
    places: Vec<u32>,
    /// The place of the last store whose value still descends from it.
    ends: Vec<u32>,
    readers: Readers,
    /// When each store was made.
    times: Vec<u64>,
    /// How long each thread usually takes at most from one look at the clock to the next, if known.
    usual: Vec<Option<u64>>,
    actual: u32,
}

impl Lineage {
    /// Follows the logs of a run.
    ///
    /// # Errors
    ///
    /// Logs that no memory can have produced.
    pub fn of(log: &Log) -> Result<Self, Impossible> {
        check(log)?;
        let readers = Readers::of(log);
        let usual = times::usual(log);
        let mut times = times::estimated(log, &usual);
        // Any order tells what must follow what; then no store is left behind what it must precede.
        let any = order(log, &readers, &times)?;
        times::bounded(log, &readers, &any, &mut times);
        drop(any);
        let order = order(log, &readers, &times)?;
        times::settled(log, &order, &mut times);
        let mut places = vec![0; order.len()];
        for (place, &increment) in (0..).zip(&order) {
            places[increment as usize] = place;
        }
        // A store stands behind the one it read from, so whatever descends from it has been seen
        // when it is met from the end.
        let mut ends = places.clone();
        for &increment in order.iter().rev() {
            if let Some(source) = source(log.reads[increment as usize]) {
                ends[source as usize] = ends[source as usize].max(ends[increment as usize]);
            }
        }
        Ok(Self {
            increments: log.increments,
            order,
            places,
            ends,
            readers,
            times,
            usual,
            actual: log.last.value,
        })
    }

    /// The actual total: how many increments survived.
    pub fn actual(&self) -> u64 {
        self.actual.into()
    }

    /// N x M.
    pub fn expected(&self) -> u64 {
        self.order.len() as u64
    }

    /// The thread of an increment.
    pub fn thread(&self, increment: Increment) -> u32 {
        increment / self.increments
    }

    /// The number of an increment among those of its thread, counted from 1.
    pub fn sequence(&self, increment: Increment) -> u32 {
        increment % self.increments + 1
    }

    /// Every increment by the order of its store.
    pub fn order(&self) -> &[Increment] {
        &self.order
    }

    /// The place of the increment's store in that order.
    pub fn place(&self, increment: Increment) -> usize {
        self.places[increment as usize] as usize
    }

    /// Whether the final total contains the increment.
    pub fn survived(&self, increment: Increment) -> bool {
        self.ends[increment as usize] as usize + 1 == self.order.len()
    }

    /// The increment whose store overwrote this one for good; `None` if it survived.
    pub fn overwritten_by(&self, increment: Increment) -> Option<Increment> {
        self.order
            .get(self.ends[increment as usize] as usize + 1)
            .copied()
    }

    /// The increments that read from this one, or from the initial value.
    pub fn readers(&self, store: Option<Increment>) -> impl Iterator<Item = Increment> {
        self.readers.of_mark(store.map_or(0, |store| store + 1))
    }

    /// When the increment's store was made: within what the clock and the order allow, and no
    /// earlier than any store before it.
    pub fn time(&self, increment: Increment) -> u64 {
        self.times[increment as usize]
    }

    /// Whether the thread waited, or was off its core, between the store before this one and this:
    /// it took much longer than it usually does.
    pub fn is_after_pause(&self, increment: Increment) -> bool {
        self.sequence(increment) > 1
            && self.usual[self.thread(increment) as usize].is_some_and(|usual| {
                times::is_pause(usual, self.time(increment) - self.time(increment - 1))
            })
    }

    /// The surviving increments, first to last.
    pub fn survivors(&self) -> impl Iterator<Item = Increment> {
        let survived = |&increment: &Increment| self.survived(increment);
        self.order.iter().copied().filter(survived)
    }

    /// Every load and store, in an order that explains the run: each thread's own accesses in their
    /// order, and each load right after the store that it read from.
    pub fn accesses(&self) -> impl Iterator<Item = Access> {
        let stores = self.order.iter().copied().map(Some);
        std::iter::once(None).chain(stores).flat_map(move |store| {
            let itself = store.map(|increment| Access {
                increment,
                is_store: true,
            });
            let loads = self.readers(store).map(|increment| Access {
                increment,
                is_store: false,
            });
            itself.into_iter().chain(loads)
        })
    }
}

/// The first update that was lost, in the order of the stores.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FirstLost {
    /// The increment that is lost.
    pub lost: Increment,
    /// The store that it and its rival have both read; `None` for the initial value.
    pub base: Option<Increment>,
    /// The survivor that has read the same store.
    pub rival: Increment,
    /// The increment whose store overwrote the lost one.
    pub overwriter: Increment,
}

impl Lineage {
    /// The first update that was lost; `None` if all survived.
    pub fn first_lost(&self, log: &Log) -> Option<FirstLost> {
        let lost = self.order.iter().copied().find(|&i| !self.survived(i))?;
        // All stores before it survived, so also the one that it has read; which is not the last of
        // all, so some survivor has read it too.
        let base = source(log.reads[lost as usize]);
        Some(FirstLost {
            lost,
            base,
            rival: self.readers(base).find(|&i| self.survived(i))?,
            overwriter: self.overwritten_by(lost)?,
        })
    }
}
