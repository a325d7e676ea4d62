//! The record of a traced run: `miscount.trace/2`.

use schemars::JsonSchema;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::counting::{Environment, StopReason};
use super::data::Record;
use super::explained::{Explained, label};
use super::schema::Versioned;
use super::subject::StrategyRecord;
use crate::lab::CountingOutcome;
use crate::lineage::source;
use crate::plan::{CountingPlan, Pinning};

/// A trace without its increments: see [`Stretch`] and [`Fate`].
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct TraceRecord {
    /// The traced strategy.
    #[serde(flatten)]
    pub strategy: StrategyRecord,
    /// N, the threads that count.
    pub threads: usize,
    /// M, the increments of each thread.
    pub increments: u64,
    /// N x M.
    pub expected: u64,
    /// The maximum number of runs until one loses updates.
    pub runs_requested: u64,
    /// Completed runs.
    pub runs_completed: u64,
    /// Why there were no further runs.
    pub stopped: StopReason,
    /// The number of the explained run, counted from 1: the last one. Null, like all that follows,
    /// if no run was finished, or the last one was cut short.
    pub run: Option<u64>,
    /// Its total, which is the length of its lineage.
    pub actual: Option<u64>,
    /// The expected total minus the actual one.
    pub lost: Option<u64>,
    /// Nanoseconds from the start until the last thread was done.
    pub elapsed_ns: Option<u64>,
    /// The fates of each thread's increments.
    pub per_thread: Option<Vec<ThreadFate>>,
    /// The increments overwritten, by pair of threads.
    pub overwritten: Option<Vec<Overwritten>>,
    /// The store that overwrote the most increments; null if none was lost.
    pub longest_streak: Option<Streak>,
    /// The first lost update, in the order of the stores; null if none was lost.
    pub first_lost: Option<FirstLostRecord>,
    /// The number of increments from one look at the clock to the next; each thread also looked
    /// after its last increment.
    pub clock_every: Option<u32>,
    /// Whether the threads should have been pinned to cores but could not be.
    pub pinning_failed: bool,
    /// Whether `--window yield` is among the flags only because there is only one core.
    pub window_added: bool,
    /// Runs that were repeated because their threads did not start together.
    pub runs_repeated: u64,
    /// The environment of the recording.
    pub environment: Environment,
}

/// A line of JSON lines.
#[derive(Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum TraceLine<'a> {
    /// Increments with the same fate.
    Stretch(Stretch),
    /// The fate of an increment, where asked for.
    Increment(Fate),
    /// The last line: the record without its increments.
    Summary(Versioned<&'a TraceRecord>),
}

/// The fates of the increments of a thread.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ThreadFate {
    /// The thread.
    pub thread: String,
    /// Increments that the total contains.
    pub survived: u64,
    /// Increments that were overwritten.
    pub lost: u64,
}

/// Increments of one thread that stores of another overwrote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Overwritten {
    /// The thread that stored over them.
    pub by: String,
    /// The thread that lost them.
    pub of: String,
    /// The number of increments.
    pub increments: u64,
}

/// The increments that one store overwrote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Streak {
    /// The increment with this store.
    pub by: Name,
    /// The number of overwritten increments.
    pub increments: u64,
    /// The count before the store.
    pub from: u32,
    /// The stored count.
    pub to: u32,
    /// The time of the store, after the start.
    pub time_ns: u64,
}

/// The first lost update.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FirstLostRecord {
    /// The lost increment.
    pub lost: Name,
    /// The survivor that had read the same store.
    pub rival: Name,
    /// The count that both had read.
    pub read: u32,
    /// The increment whose store overwrote the lost one.
    pub overwritten_by: Name,
}

/// An increment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Name {
    /// Its thread.
    pub thread: String,
    /// Its number among the increments of its thread, counted from 1.
    pub sequence: u32,
}

/// Consecutive increments of a thread with the same fate, each of which but the first read the store of the one
/// before it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Stretch {
    /// The thread.
    pub thread: String,
    /// The number of the first increment among those of its thread, counted from 1.
    pub first: u32,
    /// The number of the last one.
    pub last: u32,
    /// The count that the first one read. Each of the others read one more than the one before it.
    pub read: u32,
    /// The increment whose store the first one read; null for the initial value.
    pub read_from: Option<Name>,
    /// The count that the last one stored.
    pub stored: u32,
    /// The time of the first store, in nanoseconds after the start.
    pub time_ns: u64,
    /// The time of the last store.
    pub until_ns: u64,
    /// Whether the total contains these increments.
    pub survived: bool,
    /// The increment whose store overwrote all of them; null if they survived.
    pub overwritten_by: Option<Name>,
}

/// The fate of an increment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Fate {
    /// Its thread.
    pub thread: String,
    /// Its number among the increments of its thread, counted from 1.
    pub sequence: u32,
    /// The count that it read.
    pub read: u32,
    /// The increment whose store it read; null for the initial value.
    pub read_from: Option<Name>,
    /// The stored count.
    pub stored: u32,
    /// The time of the store, in nanoseconds after the start: no earlier than any store before it
    /// in the order that decides which store overwrote which.
    pub time_ns: u64,
    /// Whether this time was measured right after the store; otherwise it is estimated from the
    /// measurements before and after.
    pub time_measured: bool,
    /// Whether the total contains it.
    pub survived: bool,
    /// The increment whose store overwrote it; null if it survived.
    pub overwritten_by: Option<Name>,
}

impl TraceRecord {
    /// Returns the record of a trace.
    pub fn new(
        plan: &CountingPlan,
        outcome: &CountingOutcome,
        explained: Option<&Explained>,
    ) -> Self {
        let expected = plan.shape.expected();
        let fates = |explained: &Explained| {
            let fates = explained.per_thread().into_iter().enumerate();
            let fates = fates.map(|(thread, (survived, lost))| ThreadFate {
                thread: label(thread),
                survived,
                lost,
            });
            fates.collect()
        };
        let overwritten = |explained: &Explained| {
            let pairs = explained.overwritten().into_iter();
            let pairs = pairs.map(|((by, of), increments)| Overwritten {
                by: label(by as usize),
                of: label(of as usize),
                increments,
            });
            pairs.collect()
        };
        Self {
            strategy: StrategyRecord::new(&plan.strategy),
            threads: plan.shape.threads(),
            increments: plan.shape.increments(),
            expected,
            runs_requested: plan.runs,
            runs_completed: outcome.runs,
            stopped: outcome.stopped.into(),
            run: explained.map(|explained| explained.run),
            actual: explained.map(|explained| explained.lineage.actual()),
            lost: explained.map(|explained| expected - explained.lineage.actual()),
            elapsed_ns: explained.map(|explained| explained.elapsed_ns),
            per_thread: explained.map(fates),
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
                Some(FirstLostRecord {
                    lost: explained.name(first.lost),
                    rival: explained.name(first.rival),
                    read: explained.read(first.lost),
                    overwritten_by: explained.name(first.overwriter),
                })
            }),
            clock_every: explained.map(|explained| explained.log.clock_every),
            pinning_failed: plan.pinning == Pinning::Spread && !outcome.setup.pinned,
            window_added: plan.window_added,
            runs_repeated: outcome.setup.repeated,
            environment: (&outcome.setup).into(),
        }
    }
}

/// A trace: the record and the explained run.
#[derive(Clone, Debug)]
pub struct TracedRun {
    /// The record.
    pub record: TraceRecord,
    /// `None` if there is no run to explain.
    pub explained: Option<Explained>,
    /// Whether the data has the fate of every increment, rather than stretches of them.
    pub fates: bool,
}

/// The record as one JSON object.
#[derive(Serialize, JsonSchema)]
pub(super) struct TraceWhole<'a> {
    #[serde(flatten)]
    record: &'a TraceRecord,
    /// The stretches of the run: first all of thread A, then all of B, ...; null if there is no run to
    /// explain, or if the fates were asked for.
    #[schemars(with = "Option<Vec<Stretch>>")]
    stretches: Option<Stretches<'a>>,
    /// The fate of every increment, in the same order; null if there is no run to explain, or if the fates
    /// were not asked for.
    #[schemars(with = "Option<Vec<Fate>>")]
    fates: Option<Fates<'a>>,
    /// The increment with the last store of the run; null for the initial value, and if there is no run to
    /// explain.
    last: Option<Name>,
    /// The times at which each thread looked at the clock, in nanoseconds after the start; null if there is
    /// no run to explain.
    looks_ns: Option<&'a [Vec<u64>]>,
}

/// The record as it is read again.
#[derive(Deserialize)]
struct TraceRead {
    #[serde(flatten)]
    record: TraceRecord,
    stretches: Option<Vec<Stretch>>,
    fates: Option<Vec<Fate>>,
    last: Option<Name>,
    looks_ns: Option<Vec<Vec<u64>>>,
}

impl<'de> Deserialize<'de> for TracedRun {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let read = TraceRead::deserialize(from)?;
        let is_explained = read.record.run.is_some();
        let fates = read.fates.is_some();
        let recorded = match (read.stretches, read.fates) {
            (Some(stretches), None) => Some(stretches),
            (None, Some(fates)) => Some(fates.into_iter().map(Stretch::from).collect()),
            _ => None,
        };
        let recorded = recorded.filter(|_| is_explained).zip(read.looks_ns);
        let explained = recorded.map(|(stretches, looks)| {
            Explained::again(&read.record, &stretches, read.last.as_ref(), looks)
        });
        Ok(Self {
            explained: explained.transpose().map_err(D::Error::custom)?,
            record: read.record,
            fates,
        })
    }
}

impl From<Fate> for Stretch {
    fn from(fate: Fate) -> Self {
        Self {
            thread: fate.thread,
            first: fate.sequence,
            last: fate.sequence,
            read: fate.read,
            read_from: fate.read_from,
            stored: fate.stored,
            time_ns: fate.time_ns,
            until_ns: fate.time_ns,
            survived: fate.survived,
            overwritten_by: fate.overwritten_by,
        }
    }
}

/// Writes the stretches as they are computed: there may be hundreds of thousands of them.
struct Stretches<'a>(&'a Explained);

impl Serialize for Stretches<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.0.stretches())
    }
}

/// Writes the fates as they are computed: there may be millions of them.
struct Fates<'a>(&'a Explained);

impl Serialize for Fates<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.0.fates())
    }
}

impl Serialize for TracedRun {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let run = self.explained.as_ref();
        let whole = TraceWhole {
            record: &self.record,
            stretches: run.filter(|_| !self.fates).map(Stretches),
            fates: run.filter(|_| self.fates).map(Fates),
            last: run.and_then(|run| source(run.log.last).map(|last| run.name(last))),
            looks_ns: run.map(|run| &*run.log.looks),
        };
        whole.serialize(to)
    }
}

impl Record for TracedRun {
    type Line<'a> = TraceLine<'a>;

    fn columns(&self) -> &'static str {
        if self.fates {
            "thread,sequence,read,read_from.thread,read_from.sequence,stored,time_ns,time_measured,\
             survived,overwritten_by.thread,overwritten_by.sequence"
        } else {
            "thread,first,last,read,read_from.thread,read_from.sequence,stored,time_ns,until_ns,\
             survived,overwritten_by.thread,overwritten_by.sequence"
        }
    }

    fn items(&self) -> impl Iterator<Item = Self::Line<'_>> {
        let asked = |wanted| self.explained.iter().filter(move |_| self.fates == wanted);
        let stretches = asked(false).flat_map(Explained::stretches);
        let fates = asked(true).flat_map(Explained::fates);
        stretches
            .map(TraceLine::Stretch)
            .chain(fates.map(TraceLine::Increment))
    }

    fn summary(&self) -> Option<Self::Line<'_>> {
        Some(TraceLine::Summary(Versioned::new(&self.record)))
    }
}
