//! The record of a traced run: `miscount.trace/1`.

use schemars::JsonSchema;
use serde::{Serialize, Serializer};

use super::counting::{Environment, StopReason};
use super::data::Record;
use super::explained::{Explained, label};
use super::schema::Versioned;
use super::subject::StrategyRecord;
use crate::lab::CountingOutcome;
use crate::plan::{CountingPlan, Pinning};

/// A trace without its single increments: see [`Fate`].
#[derive(Clone, Debug, Serialize, JsonSchema)]
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
    /// Runs that were repeated because their threads were not on cores together.
    pub runs_repeated: u64,
    /// The environment of the recording.
    pub environment: Environment,
}

/// A line of JSON lines.
#[derive(Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum TraceLine<'a> {
    /// The fate of an increment.
    Increment(Fate),
    /// The last line: the record without the fates.
    Summary(Versioned<&'a TraceRecord>),
}

/// The fates of the increments of a thread.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ThreadFate {
    /// The thread.
    pub thread: String,
    /// Increments that the total contains.
    pub survived: u64,
    /// Increments that were overwritten.
    pub lost: u64,
}

/// Increments of one thread that stores of another overwrote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Overwritten {
    /// The thread that stored over them.
    pub by: String,
    /// The thread that lost them.
    pub of: String,
    /// The number of increments.
    pub increments: u64,
}

/// The increments that one store overwrote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Name {
    /// Its thread.
    pub thread: String,
    /// Its number among the increments of its thread, counted from 1.
    pub sequence: u32,
}

/// The fate of an increment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
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
            strategy: StrategyRecord::new(&*plan.strategy),
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
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct TracedRun {
    /// The record.
    #[serde(flatten)]
    pub record: TraceRecord,
    /// The fate of every increment, first all of thread A, then all of B, ...; null if there is no
    /// run to explain.
    #[serde(rename = "fates", serialize_with = "fates")]
    #[schemars(with = "Option<Vec<Fate>>")]
    pub explained: Option<Explained>,
}

/// Writes the fates as they are computed: there may be millions of them.
#[expect(clippy::ref_option, reason = "the signature is serde's")]
fn fates<S: Serializer>(run: &Option<Explained>, to: S) -> Result<S::Ok, S::Error> {
    match run {
        Some(run) => to.collect_seq(run.fates()),
        None => to.serialize_none(),
    }
}

impl Record for TracedRun {
    type Line<'a> = TraceLine<'a>;

    fn columns(&self) -> &'static str {
        "thread,sequence,read,read_from.thread,read_from.sequence,stored,time_ns,time_measured,\
         survived,overwritten_by.thread,overwritten_by.sequence"
    }

    fn items(&self) -> impl Iterator<Item = Self::Line<'_>> {
        let fates = self.explained.iter().flat_map(Explained::fates);
        fates.map(TraceLine::Increment)
    }

    fn summary(&self) -> Option<Self::Line<'_>> {
        Some(TraceLine::Summary(Versioned::new(&self.record)))
    }
}
