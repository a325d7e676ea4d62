//! The logs of a recorded run, and the contradictions they may contain.

/// The word that an increment loaded, or the final word of the counter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Read {
    /// The count.
    pub value: u32,
    /// The mark of the store: 0 for the initial value, otherwise the number of the increment, counted
    /// from 1, first all of thread A, then all of B, ...
    pub store: u32,
}

/// The logs of a run.
///
/// invariants: `reads` has N x M entries, fewer than 2^32; `looks` has one list for each thread.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Log {
    /// N, the number of threads.
    pub threads: u32,
    /// M, the increments of each thread.
    pub increments: u32,
    /// The words that the increments loaded: first all of thread A, then all of B, ...
    pub reads: Vec<Read>,
    /// The clock readings of each thread: after its first increment, after every
    /// [`clock_every`](Self::clock_every)-th increment from there, and after its last.
    pub looks: Vec<Vec<u64>>,
    /// The number of increments from one clock reading to the next.
    pub clock_every: u32,
    /// The final word of the counter.
    pub last: Read,
}

/// An increment, as its index in [`Log::reads`].
pub type Increment = u32;

impl Log {
    /// Returns whether the thread read the clock right after this increment.
    pub fn is_looked_at(&self, increment: Increment) -> bool {
        let place = increment % self.increments;
        place.is_multiple_of(self.clock_every) || place + 1 == self.increments
    }

    /// Returns the thread's last clock reading before the increment.
    pub(super) fn look_before(&self, increment: Increment) -> u64 {
        let place = increment % self.increments;
        place
            .checked_sub(1)
            .map_or(0, |before| self.look(increment, before / self.clock_every))
    }

    /// Returns the thread's first clock reading after the increment.
    pub fn look_after(&self, increment: Increment) -> u64 {
        let place = increment % self.increments;
        self.look(increment, place.div_ceil(self.clock_every))
    }

    fn look(&self, increment: Increment, number: u32) -> u64 {
        let looks = self.looks.get((increment / self.increments) as usize);
        let look = looks.and_then(|looks| looks.get(number as usize));
        look.copied().unwrap_or(0)
    }
}

/// Returns the increment that stored this word; `None` for the initial value.
pub fn source(read: Read) -> Option<Increment> {
    read.store.checked_sub(1)
}

/// Checks that every loaded word was stored.
pub(super) fn check(log: &Log) -> Result<(), Impossible> {
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
            let reader = reader.map(|at| (at / log.increments, at % log.increments + 1));
            return Err(Impossible::NobodyStored { reader, read });
        }
    }
    Ok(())
}

/// Logs that no memory can have produced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Impossible {
    /// A word was read that no increment stored.
    NobodyStored {
        /// The thread's index and the number of its increment; `None` for the final word.
        reader: Option<(u32, u32)>,
        /// The word.
        read: Read,
    },
    /// No order of the stores explains what each load has read.
    NoOrder {
        /// The number of stores that could be put in order.
        ordered: usize,
    },
}

impl Impossible {
    /// Describes the contradiction; `label` names the thread of an index.
    pub fn sentence(&self, label: impl Fn(usize) -> String) -> String {
        match *self {
            Self::NobodyStored { reader, read } => {
                let who = reader.map_or("the run ended with".into(), |(thread, sequence)| {
                    let thread = label(thread as usize);
                    format!("increment {sequence} of thread {thread} read")
                });
                let Read { value, store } = read;
                format!("{who} count {value} with mark {store}, which nobody stored")
            }
            Self::NoOrder { ordered } => {
                format!("after {ordered} stores no order explains what each load has read")
            }
        }
    }
}
