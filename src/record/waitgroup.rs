//! The record of waiting for a wait group: `miscount.waitgroup/1`.

use std::borrow::Cow;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::counting::{Distinct, Environment, Spread, StopReason};
use super::data::Record;
use super::schema::Versioned;
use super::totals::{Times, Totals, per_second};
use crate::lab::{WaitGroupOutcome, WaitGroupRun};
use crate::plan::{WaitGroupPlan, typed_name};
use crate::sync::Observer;

/// An experiment with a wait group that has ended.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct WaitGroupRecord {
    /// `add-inside`, `forget-done`, `done-twice`, `add-late`, or null without a mistake.
    pub mistake: Option<Cow<'static, str>>,
    /// N, the threads that are started for each run.
    pub threads: usize,
    /// M, the increments of each thread.
    pub increments: u64,
    /// N x M.
    pub expected: u64,
    /// Requested runs; null if a time was requested instead.
    pub runs_requested: Option<u64>,
    /// Completed runs.
    pub runs_completed: u64,
    /// Why there were no further runs.
    pub stopped: StopReason,
    /// The runs one by one, if there are at most 100,000.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub runs: Option<Vec<WaitGroupRunRecord>>,
    /// True if there are too many runs to list, or if they have been listed line by line.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub runs_omitted: bool,
    /// The totals read as soon as all threads had been started.
    pub without_waiting: ReadRecord,
    /// The totals read when the wait had returned.
    pub after_waiting: ReadRecord,
    /// Runs in which the group itself showed that it was used wrongly, where Go panics: its count would have
    /// become negative (`done-twice`), or was raised again before the wait for it had returned (`add-late`);
    /// left out if there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub runs_misused: Option<u64>,
    /// Nanoseconds of a run: from before the first thread was started until the wait had returned.
    pub elapsed_ns: Spread,
    /// Runs in a second of the whole experiment.
    pub runs_per_second: Option<f64>,
    /// The wait that was given up; null if there is none.
    pub unfinished: Option<UnfinishedRecord>,
    /// The environment of the measurement.
    pub environment: Environment,
}

impl WaitGroupRecord {
    /// The header of CSV.
    pub const COLUMNS: &'static str = "run,mistake,threads,increments,expected,without_waiting,\
         missing_without_waiting,after_waiting,missing_after_waiting,elapsed_ns";
}

/// A line of JSON lines: a run as soon as it is known, and at the end the rest.
#[derive(Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum WaitGroupLine<'a> {
    /// A run.
    Run(WaitGroupRunRecord),
    /// The record, without its runs.
    Summary(Versioned<&'a WaitGroupRecord>),
}

/// One run.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
pub struct WaitGroupRunRecord {
    /// Its number, counted from 1.
    pub run: u64,
    /// The total when all threads had been started.
    pub without_waiting: u64,
    /// The expected total minus this one: increments made after the reading.
    pub missing_without_waiting: u64,
    /// The total when the wait had returned.
    pub after_waiting: u64,
    /// The expected total minus this one.
    pub missing_after_waiting: u64,
    /// Nanoseconds from before the first thread was started until the wait had returned.
    pub elapsed_ns: u64,
}

impl WaitGroupRunRecord {
    /// Returns the record of a run that should have ended with `expected`.
    pub fn new(run: WaitGroupRun, expected: u64) -> Self {
        Self {
            run: run.number,
            without_waiting: run.without_waiting,
            missing_without_waiting: expected - run.without_waiting,
            after_waiting: run.after_waiting,
            missing_after_waiting: expected - run.after_waiting,
            elapsed_ns: run.elapsed_ns,
        }
    }
}

/// The readings at one of the two moments, over all runs; unknown numbers are null.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ReadRecord {
    /// Runs that were read too early, with increments missing.
    pub runs_early: u64,
    /// Share of runs that were read too early.
    pub runs_early_share: Option<f64>,
    /// 95% Wilson interval of that share.
    pub runs_early_interval: Option<[f64; 2]>,
    /// Totals.
    pub actual: Spread,
    /// Missing increments.
    pub missing: Spread,
    /// Share of all increments that were missing.
    pub missing_share: Option<f64>,
    /// The number of runs with each total.
    pub distribution: Vec<Distinct>,
}

impl From<&Totals> for ReadRecord {
    fn from(totals: &Totals) -> Self {
        let (runs_early_share, runs_early_interval) = totals.share_short();
        Self {
            runs_early: totals.short(),
            runs_early_share,
            runs_early_interval,
            actual: totals.spread(),
            missing: totals.missing(),
            missing_share: totals.missing_share(),
            distribution: totals.distribution(),
        }
    }
}

/// A wait that was given up.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct UnfinishedRecord {
    /// The threads that had been added and had not signalled that they were done.
    pub missing: Vec<String>,
    /// The total at that moment.
    pub actual: u64,
    /// Nanoseconds from before the first thread was started.
    pub elapsed_ns: u64,
}

/// The observer that collects the runs into one record, in memory that does not grow with their
/// number.
#[derive(Debug)]
pub struct WaitGroupCollector {
    expected: u64,
    without_waiting: Totals,
    after_waiting: Totals,
    misused: u64,
    times: Times,
    /// The single runs, until there are too many of them.
    kept: Option<Vec<WaitGroupRunRecord>>,
    keep: usize,
}

impl WaitGroupCollector {
    /// Returns a collector that keeps single runs as long as there are at most `keep` of them.
    pub fn new(plan: &WaitGroupPlan, keep: usize) -> Self {
        let expected = plan.shape.expected();
        Self {
            expected,
            without_waiting: Totals::new(expected),
            after_waiting: Totals::new(expected),
            misused: 0,
            times: Times::new(),
            kept: (keep > 0).then(Vec::new),
            keep,
        }
    }

    /// Returns the record of the runs, which took this time in all.
    pub fn finish(
        self,
        plan: &WaitGroupPlan,
        outcome: &WaitGroupOutcome,
        took: Duration,
    ) -> WaitGroupRecord {
        let runs = self.after_waiting.runs();
        WaitGroupRecord {
            mistake: plan.mistake.map(|mistake| typed_name(&mistake).into()),
            threads: plan.shape.threads(),
            increments: plan.shape.increments(),
            expected: self.expected,
            runs_requested: plan.budget.is_none().then_some(plan.runs),
            runs_completed: runs,
            stopped: outcome.stopped.into(),
            runs_omitted: self.kept.is_none(),
            runs: self.kept,
            without_waiting: (&self.without_waiting).into(),
            after_waiting: (&self.after_waiting).into(),
            runs_misused: (self.misused > 0).then_some(self.misused),
            elapsed_ns: self.times.spread(),
            runs_per_second: per_second(runs, took),
            unfinished: outcome.unfinished.as_ref().map(|left| UnfinishedRecord {
                missing: left.missing.clone(),
                actual: left.total,
                elapsed_ns: left.elapsed_ns,
            }),
            environment: (&outcome.setup).into(),
        }
    }
}

impl Observer<WaitGroupRun> for WaitGroupCollector {
    fn observe(&mut self, run: &WaitGroupRun) {
        self.without_waiting.add(&[run.without_waiting]);
        self.after_waiting.add(&[run.after_waiting]);
        self.misused += u64::from(run.misused);
        self.times.add(run.elapsed_ns, 1);
        match &mut self.kept {
            Some(kept) if kept.len() < self.keep => {
                kept.push(WaitGroupRunRecord::new(*run, self.expected));
            }
            _ => self.kept = None,
        }
    }
}

impl Record for WaitGroupRecord {
    type Line<'a> = WaitGroupLine<'a>;

    fn columns(&self) -> &'static str {
        Self::COLUMNS
    }

    fn items(&self) -> impl Iterator<Item = Self::Line<'_>> {
        self.runs.iter().flatten().copied().map(WaitGroupLine::Run)
    }

    fn summary(&self) -> Option<Self::Line<'_>> {
        Some(WaitGroupLine::Summary(Versioned::new(self)))
    }
}
