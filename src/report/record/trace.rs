//! The record of a traced run: `miscount.trace/1`.

use schemars::JsonSchema;
use serde::Serialize;

use super::counting::{Environment, StopReason};
use crate::lab::{Outcome, Recorded};
use crate::lineage::{Impossible, Increment, Lineage, Log, Read, source};
use crate::model::Label;
use crate::plan::{Pinning, Plan};
use crate::strategy::{count_in, mark_in};

/// Everything that is known of a trace, but for the increments one by one: see [`Fate`].
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Trace {
    /// Names the format and its version.
    pub schema: &'static str,
    /// The strategy's name.
    pub strategy: &'static str,
    /// The flags by which the strategy differs from its default.
    pub flags: String,
    /// N, the threads that count.
    pub threads: usize,
    /// M, the increments of each thread.
    pub increments: u64,
    /// N x M.
    pub expected: u64,
    /// The most runs to make until one loses updates.
    pub runs_requested: u64,
    /// Runs done.
    pub runs_completed: u64,
    /// Why there were no further runs.
    pub stopped: StopReason,
    /// The number of the run that is explained, counted from 1: the last; null where none was
    /// finished, or the last was cut short. So with all that follows.
    pub run: Option<u64>,
    /// Its total, which is the length of its lineage.
    pub actual: Option<u64>,
    /// Expected less actual.
    pub lost: Option<u64>,
    /// Nanoseconds from the start line until the last thread was done.
    pub elapsed_ns: Option<u64>,
    /// What became of each thread's increments.
    pub per_thread: Option<Vec<ThreadFate>>,
    /// Which thread overwrote how many increments of which thread.
    pub overwritten: Option<Vec<Overwritten>>,
    /// The store that overwrote the most increments; null where none was lost.
    pub longest_streak: Option<Streak>,
    /// The first update that was lost, in the order of the stores; null where none was.
    pub first_lost: Option<FirstLost>,
    /// Each thread looked at the clock every so many increments; times between are spread evenly.
    pub clock_every: Option<usize>,
    /// Whether threads were to be pinned and could not be.
    pub pinning_failed: bool,
    /// Where it was recorded.
    pub environment: Environment,
}

/// The record as one JSON object.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename = "Trace")]
pub(in crate::report) struct TraceWhole {
    #[serde(flatten)]
    record: Trace,
    /// What became of every increment, first all of thread A, then all of B, ...; null where there
    /// is no run to explain.
    fates: Option<Vec<Fate>>,
}

/// A line of JSON lines.
#[derive(Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "lowercase")]
pub(in crate::report) enum TraceLine<'a> {
    /// What became of one increment.
    Increment(Fate),
    /// All but the fates; the last line.
    Summary(&'a Trace),
}

/// What became of the increments of a thread.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ThreadFate {
    /// The thread.
    pub thread: String,
    /// Increments that the total contains.
    pub survived: u64,
    /// Increments that were overwritten.
    pub lost: u64,
}

/// Increments of one thread that another's stores overwrote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Overwritten {
    /// The thread that stored over them.
    pub by: String,
    /// The thread that lost them.
    pub of: String,
    /// How many.
    pub increments: u64,
}

/// Increments that one store overwrote together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Streak {
    /// The increment whose store it was.
    pub by: Name,
    /// How many increments it overwrote.
    pub increments: u64,
    /// The count before.
    pub from: u32,
    /// The count that it stored.
    pub to: u32,
    /// When, after the start line.
    pub time_ns: u64,
}

/// The first update that was lost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FirstLost {
    /// The increment that is lost.
    pub lost: Name,
    /// The survivor that had read the same store.
    pub rival: Name,
    /// The count that both had read.
    pub read: u32,
    /// The increment whose store overwrote the lost one.
    pub overwritten_by: Name,
}

/// An increment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Name {
    /// Its thread.
    pub thread: String,
    /// Its number among those of its thread, counted from 1.
    pub sequence: u32,
}

/// What became of one increment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Fate {
    /// Its thread.
    pub thread: String,
    /// Its number among those of its thread, counted from 1.
    pub sequence: u32,
    /// The count that it read.
    pub read: u32,
    /// The increment whose store it read; null for the initial value.
    pub read_from: Option<Name>,
    /// The count that it stored.
    pub stored: u32,
    /// When it was done, in nanoseconds after the start line.
    pub time_ns: u64,
    /// Whether that was measured; else it is spread evenly between two times that were.
    pub time_measured: bool,
    /// Whether the total contains it.
    pub survived: bool,
    /// The increment whose store overwrote it; null if it survived.
    pub overwritten_by: Option<Name>,
}

/// A run with its lineage.
#[derive(Clone, Debug)]
pub struct Explained {
    /// The run's number, counted from 1.
    pub run: u64,
    /// Nanoseconds from the start line until the last thread was done.
    pub elapsed_ns: u64,
    /// Each thread looked at the clock every so many increments.
    pub clock_every: usize,
    /// What was recorded.
    pub log: Log,
    /// What follows from it.
    pub lineage: Lineage,
}

impl Explained {
    /// Explains a recorded run.
    ///
    /// # Errors
    ///
    /// Recordings that no memory can have produced.
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
            times: recorded.times_ns,
            last: read(recorded.last),
        };
        Ok(Self {
            run: recorded.run,
            elapsed_ns: recorded.elapsed_ns,
            clock_every: recorded.clock_every,
            lineage: Lineage::of(&log)?,
            log,
        })
    }

    /// The label of an increment's thread.
    pub fn label(&self, increment: Increment) -> String {
        label(self.lineage.thread(increment) as usize)
    }

    /// The increment's name.
    pub fn name(&self, increment: Increment) -> Name {
        Name {
            thread: self.label(increment),
            sequence: self.lineage.sequence(increment),
        }
    }

    /// The count that the increment read.
    pub fn read(&self, increment: Increment) -> u32 {
        self.log.reads[increment as usize].value
    }

    /// When the increment was done.
    pub fn time(&self, increment: Increment) -> u64 {
        self.log.times[increment as usize]
    }

    /// Whether that was measured.
    pub fn is_timed(&self, increment: Increment) -> bool {
        let sequence = self.lineage.sequence(increment);
        let place = sequence as usize - 1;
        place.is_multiple_of(self.clock_every) || sequence == self.log.increments
    }

    /// Every increment: first all of thread A, then all of B, ...
    pub fn increments(&self) -> impl Iterator<Item = Increment> {
        (0..).take(self.log.reads.len())
    }

    /// What became of every increment.
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

    /// By thread: how many increments survived, and how many did not.
    pub fn per_thread(&self) -> Vec<(u64, u64)> {
        let mut fates = vec![(0, 0); self.log.threads as usize];
        for increment in self.increments() {
            let fate = &mut fates[self.lineage.thread(increment) as usize];
            if self.lineage.survived(increment) {
                fate.0 += 1;
            } else {
                fate.1 += 1;
            }
        }
        fates
    }

    /// How many increments each pair of threads, overwriter first, has overwritten and lost; pairs
    /// that have none are left out.
    pub fn overwritten(&self) -> Vec<((u32, u32), u64)> {
        let mut pairs = std::collections::BTreeMap::new();
        let mut last = None;
        for increment in self.increments() {
            if let Some(overwriter) = self.lineage.overwritten_by(increment) {
                let thread = |increment| self.lineage.thread(increment);
                let pair = (thread(overwriter), thread(increment));
                // Streaks are long, so the same pair comes again and again.
                match &mut last {
                    Some((same, count)) if *same == pair => *count += 1,
                    _ => {
                        if let Some((pair, count)) = last.replace((pair, 1_u64)) {
                            *pairs.entry(pair).or_insert(0) += count;
                        }
                    }
                }
            }
        }
        if let Some((pair, count)) = last {
            *pairs.entry(pair).or_insert(0) += count;
        }
        pairs.into_iter().collect()
    }

    /// The stores that overwrote others, with how many each; in the order of the stores.
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

    /// The store that overwrote the most, the first of several.
    pub fn longest_streak(&self) -> Option<(Increment, u64)> {
        let strokes = self.strokes().into_iter().rev();
        strokes.max_by_key(|&(_, streak)| streak)
    }

    /// The count that the increment's store replaced.
    pub fn count_before(&self, increment: Increment) -> u32 {
        let place = self.lineage.place(increment);
        place
            .checked_sub(1)
            .map_or(0, |before| self.read(self.lineage.order()[before]) + 1)
    }
}

/// The name that people see for the thread with this index.
pub(in crate::report) fn label(thread: usize) -> String {
    Label(thread).to_string()
}

impl Trace {
    /// The schema's name.
    pub const SCHEMA: &'static str = "miscount.trace/1";

    /// The record of a trace.
    pub fn new(plan: &Plan, outcome: &Outcome, runs: u64, explained: Option<&Explained>) -> Self {
        let expected = plan.shape.expected();
        let per_thread = |explained: &Explained| {
            let fates = explained.per_thread().into_iter().enumerate();
            let fate = |(thread, (survived, lost))| ThreadFate {
                thread: label(thread),
                survived,
                lost,
            };
            fates.map(fate).collect()
        };
        let overwritten = |explained: &Explained| {
            let pairs = explained.overwritten().into_iter();
            let pair = |((by, of), increments)| Overwritten {
                by: label(by as usize),
                of: label(of as usize),
                increments,
            };
            pairs.map(pair).collect()
        };
        Self {
            schema: Self::SCHEMA,
            strategy: plan.strategy.kind().name,
            flags: plan.strategy.flags(),
            threads: plan.shape.threads(),
            increments: plan.shape.increments(),
            expected,
            runs_requested: plan.runs,
            runs_completed: runs,
            stopped: outcome.stopped.into(),
            run: explained.map(|explained| explained.run),
            actual: explained.map(|explained| explained.lineage.actual()),
            lost: explained.map(|explained| expected - explained.lineage.actual()),
            elapsed_ns: explained.map(|explained| explained.elapsed_ns),
            per_thread: explained.map(per_thread),
            overwritten: explained.map(overwritten),
            longest_streak: explained.and_then(|explained| {
                let (by, increments) = explained.longest_streak()?;
                Some(Streak {
                    by: explained.name(by),
                    increments,
                    from: explained.count_before(by),
                    to: explained.read(by) + 1,
                    time_ns: explained.time(by),
                })
            }),
            first_lost: explained.and_then(|explained| {
                let first = explained.lineage.first_lost(&explained.log)?;
                Some(FirstLost {
                    lost: explained.name(first.lost),
                    rival: explained.name(first.rival),
                    read: explained.read(first.lost),
                    overwritten_by: explained.name(first.overwriter),
                })
            }),
            clock_every: explained.map(|explained| explained.clock_every),
            pinning_failed: plan.pinning == Pinning::Spread && !outcome.setup.pinned,
            environment: (&outcome.setup).into(),
        }
    }
}
