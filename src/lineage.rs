//! From recorded increments to what survived, and what was overwritten by whom.
//!
//! # Why it is exact
//!
//! Each store writes a word that no other store of the run writes, and each increment logs the word
//! that it has loaded. So every load names the one store it read from: no clock is asked, and
//! nothing is guessed. An increment stores the count it has read plus 1, so the count in a word is
//! the length of the chain that leads from it, store by store, back to the initial 0. The chain that
//! begins at the final word is the *lineage*: its increments survived, and as its length is the
//! actual total, all others are lost, and they are as many as the total lacks. The logs are read
//! after all threads have met, so they are complete.
//!
//! # Who overwrote whom
//!
//! For that the order of the stores is needed. A single word has one, on x86-64 and on ARM alike,
//! even for relaxed accesses (see docs/model.md), and each load reads the last store before it. So
//! a store and the loads that read it stand together, with no other store between: a *group*. What a
//! thread does in one group and then in another puts the first before the second. Any order of the
//! groups that respects this explains every load (Gibbons and Korach, "Testing shared memories",
//! 1997). Which store survived does not depend on the choice; where the values leave the order open,
//! the times decide. Groups that cannot be ordered contradict the coherence of memory, and are an
//! error.
//!
//! An increment is *alive* while the counter's value descends from its store. The store that ended
//! this for good is the one that overwrote it.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// What an increment has loaded, or what the counter holds at the end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Read {
    /// The count.
    pub value: u32,
    /// Which store it is of: 0 for the initial value, else the number of the increment, counted
    /// from 1, first all of thread A, then all of B, ...
    pub store: u32,
}

/// The logs of a run.
///
/// invariants: `reads` and `times` have N x M entries each, fewer than 2^32.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Log {
    /// N, the threads.
    pub threads: u32,
    /// M, the increments of each.
    pub increments: u32,
    /// What the increments have loaded: first all of thread A, then all of B, ...
    pub reads: Vec<Read>,
    /// When each increment was done, in the same order; they need not agree with the reads.
    pub times: Vec<u64>,
    /// What the counter holds at the end.
    pub last: Read,
}

/// An increment: its place in [`Log::reads`].
pub type Increment = u32;

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
    /// All increments, each put behind the store it read from: the first that read from a store,
    /// by its mark, and the next that read from the same one. `NONE` for none.
    first_reader: Vec<u32>,
    next_reader: Vec<u32>,
    actual: u32,
}

const NONE: u32 = u32::MAX;

impl Lineage {
    /// Follows the logs of a run.
    ///
    /// # Errors
    ///
    /// Logs that no memory can have produced.
    pub fn of(log: &Log) -> Result<Self, Impossible> {
        check(log)?;
        let (first_reader, next_reader) = readers(log);
        let order = order(log, &first_reader, &next_reader)?;
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
            first_reader,
            next_reader,
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
        let first = self.first_reader[store.map_or(0, |store| store as usize + 1)];
        let some = |reader| (reader != NONE).then_some(reader);
        std::iter::successors(some(first), move |&reader| {
            some(self.next_reader[reader as usize])
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

/// The increment whose store this is; `None` for the initial value.
pub fn source(read: Read) -> Option<Increment> {
    read.store.checked_sub(1)
}

/// Whether every word was stored by somebody.
fn check(log: &Log) -> Result<(), Impossible> {
    let loads = (0_u32..).map(Some).zip(&log.reads);
    for (reader, &read) in loads.chain([(None, &log.last)]) {
        let stored = match source(read) {
            None => Some(0),
            Some(increment) => log
                .reads
                .get(increment as usize)
                .and_then(|before| before.value.checked_add(1)),
        };
        if stored != Some(read.value) {
            let reader =
                reader.map(|reader| (reader / log.increments, reader % log.increments + 1));
            return Err(Impossible::NobodyStored { reader, read });
        }
    }
    Ok(())
}

/// Lists of those who read from each store: the first of each, and who is behind whom.
fn readers(log: &Log) -> (Vec<u32>, Vec<u32>) {
    let mut first = vec![NONE; log.reads.len() + 1];
    let mut next = vec![NONE; log.reads.len()];
    // From the end, so that the lists begin with the first thread.
    let mut reader = log.threads * log.increments;
    for read in log.reads.iter().rev() {
        reader -= 1;
        next[reader as usize] = first[read.store as usize];
        first[read.store as usize] = reader;
    }
    (first, next)
}

/// The order of the stores, group by group.
///
/// invariants: a group may come when all its accesses are the next of their threads, or follow
/// within the group; `waiting` counts those that are not. The initial group comes first, the one
/// with the final word last.
fn order(log: &Log, first: &[u32], next: &[u32]) -> Result<Vec<Increment>, Impossible> {
    let read_from = |increment: u32| log.reads[increment as usize].store;
    let is_first = |increment: u32| increment.is_multiple_of(log.increments);
    // Groups by mark: its store, unless it is the initial one, waits for that increment's load,
    // and each load for the store of the increment before, unless that heads this very group.
    let mut waiting = vec![0_u32; first.len()];
    for increment in (0_u32..).take(log.reads.len()) {
        waiting[increment as usize + 1] += 1;
        if !is_first(increment) && read_from(increment) != increment {
            waiting[read_from(increment) as usize] += 1;
        }
    }
    if waiting[0] > 0 {
        return Err(Impossible::NoOrder { ordered: 0 });
    }
    let mut order = Vec::with_capacity(log.reads.len());
    let mut ready = BinaryHeap::new();
    let mut group = Some(0_u32);
    while let Some(mark) = group {
        let mut release = |mark: u32| {
            waiting[mark as usize] -= 1;
            if waiting[mark as usize] == 0 && mark != log.last.store {
                ready.push(Reverse((log.times[mark as usize - 1], mark)));
            }
        };
        if let Some(increment) = mark.checked_sub(1) {
            order.push(increment);
            // The thread's next load, if it is not of this group.
            let follower = increment + 1;
            let same_thread = (follower as usize) < log.reads.len() && !is_first(follower);
            if same_thread && read_from(follower) != mark {
                release(read_from(follower));
            }
        }
        let mut reader = first[mark as usize];
        while reader != NONE {
            release(reader + 1);
            reader = next[reader as usize];
        }
        group = ready.pop().map(|Reverse((_, mark))| mark).or_else(|| {
            let last = log.last.store;
            let left = order.len() + 1 == log.reads.len() && last != mark;
            (left && waiting[last as usize] == 0).then_some(last)
        });
    }
    let is_last = order.last().map_or(0, |&last| last + 1) == log.last.store;
    if order.len() < log.reads.len() || !is_last {
        return Err(Impossible::NoOrder {
            ordered: order.len(),
        });
    }
    Ok(order)
}

/// Logs that no memory can have produced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Impossible {
    /// A word that nobody stored.
    NobodyStored {
        /// The thread's index and the number of its increment; `None` for the final word.
        reader: Option<(u32, u32)>,
        /// What it has read.
        read: Read,
    },
    /// There is no order of the stores that explains what each load has read.
    NoOrder {
        /// How many stores could be put in order.
        ordered: usize,
    },
}

impl Impossible {
    /// What is impossible, in words, with this name for the thread of an index.
    pub fn sentence(&self, label: impl Fn(usize) -> String) -> String {
        match *self {
            Self::NobodyStored { reader, read } => {
                let who = reader.map_or_else(
                    || "the run ended with".into(),
                    |(thread, sequence)| {
                        format!(
                            "increment {sequence} of thread {} read",
                            label(thread as usize)
                        )
                    },
                );
                let Read { value, store } = read;
                format!("{who} count {value} with mark {store}, which nobody stored")
            }
            Self::NoOrder { ordered } => {
                format!("after {ordered} stores no order explains what each load has read")
            }
        }
    }
}
