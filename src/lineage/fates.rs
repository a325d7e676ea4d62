//! The fate of each increment: whether it survived, and which store overwrote it.

use super::log::{Impossible, Increment, Log, check, source};
use super::order::{Readers, order};
use super::times;

/// One access to the counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Access {
    /// The increment that the access belongs to.
    pub increment: Increment,
    /// Whether it is the store of the increment, rather than the load.
    pub is_store: bool,
}

/// The fate of every increment of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lineage {
    /// M, the increments of each thread.
    increments: u32,
    /// All stores, in the order in which memory saw them.
    order: Vec<Increment>,
    /// The position of each store in that order.
    places: Vec<u32>,
    /// For each store, the position of the last store whose value still descends from it.
    ends: Vec<u32>,
    readers: Readers,
    /// The time of each store.
    times: Vec<u64>,
    /// For each thread, the longest usual time between two clock readings, if known.
    usual: Vec<Option<u64>>,
    actual: u32,
}

impl Lineage {
    /// Traces the final value of a run back through its logs.
    ///
    /// # Errors
    ///
    /// [`Impossible`] if no memory can have produced the logs.
    pub fn of(log: &Log) -> Result<Self, Impossible> {
        check(log)?;
        let readers = Readers::of(log);
        let usual = times::usual(log);
        let mut times = times::estimated(log, &usual);
        // Any valid order shows which stores must follow a store, and so bounds its time.
        let any = order(log, &readers, &times)?;
        times::bounded(log, &readers, &any, &mut times);
        drop(any);
        let order = order(log, &readers, &times)?;
        times::settled(log, &order, &mut times);
        let mut places = vec![0; order.len()];
        for (place, &increment) in (0..).zip(&order) {
            places[increment as usize] = place;
        }
        // A store comes after the one it read from. So a walk from the end meets the descendants of
        // a store before the store itself.
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

    /// Returns the actual total: the number of increments that survived.
    pub fn actual(&self) -> u64 {
        self.actual.into()
    }

    /// Returns the expected total, N x M.
    pub fn expected(&self) -> u64 {
        self.order.len() as u64
    }

    /// Returns the index of the thread of an increment.
    pub fn thread(&self, increment: Increment) -> u32 {
        increment / self.increments
    }

    /// Returns the number of an increment within its thread; the first increment is 1.
    pub fn sequence(&self, increment: Increment) -> u32 {
        increment % self.increments + 1
    }

    /// Returns the increments in the order of their stores.
    pub fn order(&self) -> &[Increment] {
        &self.order
    }

    /// Returns the position of the increment's store in that order.
    pub fn place(&self, increment: Increment) -> usize {
        self.places[increment as usize] as usize
    }

    /// Returns whether the final total contains the increment.
    pub fn survived(&self, increment: Increment) -> bool {
        self.ends[increment as usize] as usize + 1 == self.order.len()
    }

    /// Returns the increment whose store finally overwrote this one; `None` if it survived.
    pub fn overwritten_by(&self, increment: Increment) -> Option<Increment> {
        self.order
            .get(self.ends[increment as usize] as usize + 1)
            .copied()
    }

    /// Returns the increments that read from this store; from the initial value for `None`.
    pub fn readers(&self, store: Option<Increment>) -> impl Iterator<Item = Increment> {
        self.readers.of_mark(store.map_or(0, |store| store + 1))
    }

    /// Returns the time of the increment's store, which respects the clock readings and the order: no
    /// store is earlier than the one before it.
    pub fn time(&self, increment: Increment) -> u64 {
        self.times[increment as usize]
    }

    /// Returns whether the thread waited or was off its core before this store: the time since its
    /// previous store is much longer than usual.
    pub fn is_after_pause(&self, increment: Increment) -> bool {
        self.sequence(increment) > 1
            && self.usual[self.thread(increment) as usize].is_some_and(|usual| {
                times::is_pause(usual, self.time(increment) - self.time(increment - 1))
            })
    }

    /// Returns the surviving increments, first to last.
    pub fn survivors(&self) -> impl Iterator<Item = Increment> {
        let survived = |&increment: &Increment| self.survived(increment);
        self.order.iter().copied().filter(survived)
    }

    /// Returns every load and store, in an order that explains the run: the accesses of each thread in
    /// program order, and each load right after the store that it read from.
    pub fn accesses(&self) -> impl Iterator<Item = Access> {
        let stores = self.order.iter().copied().map(Some);
        let access = |is_store| {
            move |increment| Access {
                increment,
                is_store,
            }
        };
        std::iter::once(None).chain(stores).flat_map(move |store| {
            let loads = self.readers(store).map(access(false));
            store.map(access(true)).into_iter().chain(loads)
        })
    }

    /// Returns the first update that was lost, in the order of the stores; `None` if all survived.
    pub fn first_lost(&self, log: &Log) -> Option<FirstLost> {
        let lost = self.order.iter().copied().find(|&i| !self.survived(i))?;
        // All stores before it survived, including the one that it read from. That one is not the
        // last store of all, so a survivor has read from it too.
        let base = source(log.reads[lost as usize]);
        Some(FirstLost {
            lost,
            base,
            rival: self.readers(base).find(|&i| self.survived(i))?,
            overwriter: self.overwritten_by(lost)?,
        })
    }
}

/// The first update that was lost, in the order of the stores.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FirstLost {
    /// The increment that was lost.
    pub lost: Increment,
    /// The store that it and its rival both read from; `None` for the initial value.
    pub base: Option<Increment>,
    /// The survivor that read from the same store.
    pub rival: Increment,
    /// The increment whose store overwrote the lost one.
    pub overwriter: Increment,
}
