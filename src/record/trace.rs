//! The record of a traced run: `miscount.trace/1`.

use schemars::JsonSchema;
use serde::{Serialize, Serializer};

use super::counting::Environment;
use super::data::Record;
use super::explained::{Explained, label};
use super::schema::Versioned;
use super::subject::StrategyRecord;
use crate::lab::{CountingOutcome, StopReason};
use crate::plan::{CountingPlan, Pinning};

/// Everything that is known of a trace, but for the increments one by one: see [`Fate`].
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct TraceRecord {
    /// What was traced.
    #[serde(flatten)]
    pub strategy: StrategyRecord,
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
    pub first_lost: Option<FirstLostRecord>,
    /// Each thread looked at the clock every so many increments, and after its last.
    pub clock_every: Option<u32>,
    /// Whether threads were to be pinned and could not be.
    pub pinning_failed: bool,
    /// Where it was recorded.
    pub environment: Environment,
}

/// A line of JSON lines.
#[derive(Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum TraceLine<'a> {
    /// What became of one increment.
    Increment(Fate),
    /// All but the fates; the last line.
    Summary(Versioned<&'a TraceRecord>),
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
pub struct FirstLostRecord {
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
    /// When it was stored, in nanoseconds after the start line: no earlier than any store before it
    /// in the order that decides who overwrote whom.
    pub time_ns: u64,
    /// Whether the clock said so right after the store; else it is an estimate, between what the
    /// clock said before and after.
    pub time_measured: bool,
    /// Whether the total contains it.
    pub survived: bool,
    /// The increment whose store overwrote it; null if it survived.
    pub overwritten_by: Option<Name>,
}

impl TraceRecord {
    /// The record of a trace.
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
            stopped: outcome.stopped,
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
            environment: (&outcome.setup).into(),
        }
    }
}

/// A trace: the record, and the run behind it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct TracedRun {
    /// The record.
    #[serde(flatten)]
    pub record: TraceRecord,
    /// What became of every increment, first all of thread A, then all of B, ...; null where there
    /// is no run to explain.
    #[serde(rename = "fates", serialize_with = "fates")]
    #[schemars(with = "Option<Vec<Fate>>")]
    pub explained: Option<Explained>,
}

/// The fates are made as they are written: there may be millions of them.
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
