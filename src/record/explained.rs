//! A recorded run with its lineage.

use std::collections::BTreeMap;

use super::trace::{Fate, Name, Stretch, TraceRecord};
use crate::lab::Recorded;
use crate::lineage::{Impossible, Increment, Lineage, Log, Read, source};
use crate::model::{self, Ending, Label, Schedule, System, parse_label};
use crate::strategy::{count_in, mark_in};

/// A run with its lineage.
#[derive(Clone, Debug)]
pub struct Explained {
    /// The run's number, counted from 1.
    pub run: u64,
    /// Nanoseconds from the start until the last thread was done.
    pub elapsed_ns: u64,
    /// The recording.
    pub log: Log,
    /// The lineage that follows from it.
    pub lineage: Lineage,
}

impl Explained {
    /// Explains a recorded run.
    ///
    /// # Errors
    ///
    /// [`Impossible`] for a recording that no memory can have produced.
    pub fn of(recorded: Recorded) -> Result<Self, Impossible> {
        // The counter has room for 32 bits of each, see `MOST_RECORDED`.
        let narrow = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
        let read = |word: u64| Read {
            value: narrow(count_in(word)),
            store: narrow(mark_in(word)),
        };
        let log = Log {
            threads: narrow(recorded.shape.threads() as u64),
            increments: narrow(recorded.shape.increments()),
            reads: recorded.loaded.into_iter().map(read).collect(),
            looks: recorded.looks_ns,
            clock_every: narrow(recorded.clock_every as u64),
            last: read(recorded.last),
        };
        Ok(Self {
            run: recorded.run,
            elapsed_ns: recorded.elapsed_ns,
            lineage: Lineage::of(&log)?,
            log,
        })
    }

    /// Explains a run again from what was written of it: its stretches, the increment with the last store,
    /// and the times at which its threads looked at the clock.
    ///
    /// # Errors
    ///
    /// A sentence, with the field that it is about, if these do not fit together.
    pub(super) fn again(
        record: &TraceRecord,
        stretches: &[Stretch],
        last: Option<&Name>,
        looks: Vec<Vec<u64>>,
    ) -> Result<Self, String> {
        let unfit = || "at stretches: these are not the increments of its threads".to_string();
        let narrow = |number: u64| u32::try_from(number).map_err(|_| unfit());
        let threads = narrow(record.threads as u64)?;
        let increments = narrow(record.increments)?;
        let made = |stretch: &Stretch| u64::from(stretch.last.saturating_sub(stretch.first)) + 1;
        let all: u64 = stretches.iter().map(made).sum();
        let clock_every = record.clock_every.filter(|every| *every > 0);
        let (Some(clock_every), Ok(_)) = (clock_every, narrow(all)) else {
            return Err(unfit());
        };
        if Some(all)
            != record
                .threads
                .try_into()
                .ok()
                .and_then(|n: u64| n.checked_mul(record.increments))
        {
            return Err(unfit());
        }
        // The mark of the store of an increment, see `Read`.
        let mark = |name: &Name| {
            let thread = u32::try_from(parse_label(&name.thread)?).ok()?;
            let known = thread < threads && (1..=increments).contains(&name.sequence);
            known.then(|| thread * increments + name.sequence)
        };
        let stored = |from: Option<&Name>| match from {
            Some(name) => mark(name).ok_or_else(unfit),
            None => Ok(0),
        };
        let mut reads = Vec::new();
        reads
            .try_reserve_exact(usize::try_from(all).unwrap_or(usize::MAX))
            .map_err(|_| {
                "at stretches: these increments are too many for this machine's memory".to_string()
            })?;
        for stretch in stretches {
            let mut store = stored(stretch.read_from.as_ref())?;
            if u64::from(stretch.read) + made(stretch) > u64::from(u32::MAX) {
                return Err(unfit());
            }
            for (value, _) in (stretch.read..).zip(stretch.first..=stretch.last) {
                reads.push(Read { value, store });
                store = narrow(reads.len() as u64)?;
            }
        }
        if looks.len() != record.threads {
            return Err("at looks_ns: there is a list for each thread".into());
        }
        let store = stored(last)?;
        let value = match store.checked_sub(1) {
            Some(last) => reads.get(last as usize).map_or(0, |read| read.value) + 1,
            None => 0,
        };
        let log = Log {
            threads,
            increments,
            reads,
            looks,
            clock_every,
            last: Read { value, store },
        };
        Ok(Self {
            run: record.run.unwrap_or(0),
            elapsed_ns: record.elapsed_ns.unwrap_or(0),
            lineage: Lineage::of(&log)
                .map_err(|impossible| format!("at stretches: {}", impossible.sentence(label)))?,
            log,
        })
    }

    /// Returns the label of an increment's thread.
    pub fn label(&self, increment: Increment) -> String {
        label(self.lineage.thread(increment) as usize)
    }

    /// Returns the increment's name.
    pub fn name(&self, increment: Increment) -> Name {
        Name {
            thread: self.label(increment),
            sequence: self.lineage.sequence(increment),
        }
    }

    /// Returns the count that the increment read.
    pub fn read(&self, increment: Increment) -> u32 {
        self.log.reads[increment as usize].value
    }

    /// Returns when the increment was stored, in nanoseconds after the start.
    pub fn time(&self, increment: Increment) -> u64 {
        self.lineage.time(increment)
    }

    /// Returns whether this time was measured right after the store.
    pub fn is_timed(&self, increment: Increment) -> bool {
        self.log.is_looked_at(increment) && self.time(increment) == self.log.look_after(increment)
    }

    /// Returns every increment: first all of thread A, then all of B, ...
    pub fn increments(&self) -> impl Iterator<Item = Increment> {
        (0..).take(self.log.reads.len())
    }

    /// Returns the fate of every increment.
    pub fn fates(&self) -> impl Iterator<Item = Fate> {
        self.increments().map(|increment| {
            let read = self.log.reads[increment as usize];
            let overwriter = self.lineage.overwritten_by(increment);
            Fate {
                thread: self.label(increment),
                sequence: self.lineage.sequence(increment),
                read: read.value,
                read_from: source(read).map(|source| self.name(source)),
                stored: read.value + 1,
                time_ns: self.time(increment),
                time_measured: self.is_timed(increment),
                survived: overwriter.is_none(),
                overwritten_by: overwriter.map(|overwriter| self.name(overwriter)),
            }
        })
    }

    /// Returns the stretches of the run, in the order of its increments: what a thread did between two reads
    /// of another's store or two fates.
    pub fn stretches(&self) -> impl Iterator<Item = Stretch> {
        let goes_on = |&increment: &Increment| {
            self.lineage.sequence(increment) > 1
                && source(self.log.reads[increment as usize]) == Some(increment - 1)
                && self.lineage.overwritten_by(increment)
                    == self.lineage.overwritten_by(increment - 1)
        };
        let mut rest = self.increments().peekable();
        std::iter::from_fn(move || {
            let first = rest.next()?;
            let mut last = first;
            while let Some(next) = rest.next_if(goes_on) {
                last = next;
            }
            let overwriter = self.lineage.overwritten_by(first);
            Some(Stretch {
                thread: self.label(first),
                first: self.lineage.sequence(first),
                last: self.lineage.sequence(last),
                read: self.read(first),
                read_from: source(self.log.reads[first as usize]).map(|from| self.name(from)),
                stored: self.read(last) + 1,
                time_ns: self.time(first),
                until_ns: self.time(last),
                survived: overwriter.is_none(),
                overwritten_by: overwriter.map(|overwriter| self.name(overwriter)),
            })
        })
    }

    /// Returns for each thread how many increments survived, and how many were lost.
    pub fn per_thread(&self) -> Vec<(u64, u64)> {
        let mut fates = vec![(0, 0); self.log.threads as usize];
        for increment in self.increments() {
            let fate = &mut fates[self.lineage.thread(increment) as usize];
            let survived = self.lineage.survived(increment);
            fate.0 += u64::from(survived);
            fate.1 += u64::from(!survived);
        }
        fates
    }

    /// Returns how many increments of the second thread the first one overwrote, for each pair of
    /// threads with any.
    pub fn overwritten(&self) -> BTreeMap<(u32, u32), u64> {
        let thread = |increment| self.lineage.thread(increment);
        // Streaks are long, so the same pair comes again and again.
        let mut streaks: Vec<((u32, u32), u64)> = Vec::new();
        for increment in self.increments() {
            if let Some(overwriter) = self.lineage.overwritten_by(increment) {
                let pair = (thread(overwriter), thread(increment));
                match streaks.last_mut() {
                    Some((same, count)) if *same == pair => *count += 1,
                    _ => streaks.push((pair, 1)),
                }
            }
        }
        let mut pairs = BTreeMap::new();
        for (pair, count) in streaks {
            *pairs.entry(pair).or_default() += count;
        }
        pairs
    }

    /// Returns the stores that overwrote increments, each with their number, in the order of the
    /// stores.
    pub fn strokes(&self) -> Vec<(Increment, u64)> {
        let mut overwritten = vec![0_u32; self.log.reads.len()];
        for increment in self.increments() {
            if let Some(overwriter) = self.lineage.overwritten_by(increment) {
                overwritten[overwriter as usize] += 1;
            }
        }
        let order = self.lineage.order().iter();
        let strokes = order.map(|&increment| (increment, overwritten[increment as usize].into()));
        strokes.filter(|&(_, streak)| streak > 0).collect()
    }

    /// Returns the store that overwrote the most increments, the first of several.
    pub fn longest_streak(&self) -> Option<(Increment, u64)> {
        let strokes = self.strokes().into_iter().rev();
        strokes.max_by_key(|&(_, streak)| streak)
    }

    /// Returns the count that the increment's store replaced.
    pub fn count_before(&self, increment: Increment) -> u32 {
        let place = self.lineage.place(increment);
        place
            .checked_sub(1)
            .map_or(0, |before| self.read(self.lineage.order()[before]) + 1)
    }
}

/// The reason why a run has no token. Neither should occur.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoToken {
    /// The strategy's program does not allow the run's order of loads and stores.
    NotAllowed,
    /// The schedule was found, but the model does not replay it to the same fates.
    OtherFates,
}

impl NoToken {
    /// Returns the reason in words, for a run of this strategy.
    pub fn sentence(self, strategy: &str) -> String {
        match self {
            Self::NotAllowed => format!(
                "the program of {strategy} does not allow this order of loads and stores, so the \
                 run has no token"
            ),
            Self::OtherFates => "the token of the run does not replay to the same fates, so it is \
                                 not given out"
                .into(),
        }
    }
}

impl Explained {
    /// Returns the schedule of the run on this system, having replayed it: every increment reads
    /// from the same store again.
    ///
    /// # Errors
    ///
    /// [`NoToken`] if there is no such schedule.
    pub fn token(&self, system: &System) -> Result<Schedule, NoToken> {
        let thread = |increment| self.lineage.thread(increment) as usize;
        let accesses = self.lineage.accesses();
        let accesses = accesses.map(|access| (thread(access.increment), access.is_store));
        let schedule = model::retrace(system, accesses).ok_or(NoToken::NotAllowed)?;
        let replayed = model::sources(system, &schedule).map_err(|_| NoToken::OtherFates)?;
        let total = Ending::Total(self.lineage.actual());
        let same = replayed.ending == total && self.reads_from(&replayed.sources);
        same.then_some(schedule).ok_or(NoToken::OtherFates)
    }

    /// Returns whether the increments read from these stores, each named by its thread and place.
    fn reads_from(&self, sources: &[Vec<Option<(usize, usize)>>]) -> bool {
        let increments = self.log.increments as usize;
        let mark = |&(thread, place): &(usize, usize)| thread * increments + place;
        let replayed = sources.iter().flatten();
        let replayed = replayed.map(|source| source.as_ref().map(mark));
        let recorded = self.log.reads.iter().map(|&read| source(read));
        replayed.eq(recorded.map(|source| source.map(|source| source as usize)))
    }
}

/// Returns the label of the thread with this index.
pub fn label(thread: usize) -> String {
    Label(thread).to_string()
}
