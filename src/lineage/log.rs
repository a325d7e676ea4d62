//! What was recorded of a run, and what no memory can have produced.

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
/// invariants: `reads` has N x M entries, fewer than 2^32; `looks` has one list for each thread.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Log {
    /// N, the threads.
    pub threads: u32,
    /// M, the increments of each.
    pub increments: u32,
    /// What the increments have loaded: first all of thread A, then all of B, ...
    pub reads: Vec<Read>,
    /// What the clock said when each thread looked at it: after its first increment, after each
    /// [`clock_every`](Self::clock_every)th from there, and after its last.
    pub looks: Vec<Vec<u64>>,
    /// Every so many increments a thread looks at the clock.
    pub clock_every: u32,
    /// What the counter holds at the end.
    pub last: Read,
}

/// An increment: its place in [`Log::reads`].
pub type Increment = u32;

impl Log {
    /// Whether the thread looked at the clock right after this increment.
    pub fn is_looked_at(&self, increment: Increment) -> bool {
        let place = increment % self.increments;
        place.is_multiple_of(self.clock_every) || place + 1 == self.increments
    }

    /// The thread's last look at the clock before the increment: it was done later.
    pub(super) fn look_before(&self, increment: Increment) -> u64 {
        let place = increment % self.increments;
        place
            .checked_sub(1)
            .map_or(0, |before| self.look(increment, before / self.clock_every))
    }

    /// The thread's first look at the clock after the increment: it was done no later.
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

/// The increment whose store this is; `None` for the initial value.
pub fn source(read: Read) -> Option<Increment> {
    read.store.checked_sub(1)
}

/// Whether every word was stored by somebody.
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
            let reader =
                reader.map(|reader| (reader / log.increments, reader % log.increments + 1));
            return Err(Impossible::NobodyStored { reader, read });
        }
    }
    Ok(())
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
