//! The record of a counting experiment: `miscount.counting/1`.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::data::Record;
use super::schema::Versioned;
use super::subject::StrategyRecord;
use crate::lab::{Run, Setup, Stopped};
use crate::plan::typed_name;
use crate::stats::Bucket;
use crate::strategy::{AwaitStats, ReaderStats, WaitStats};

/// A counting experiment that has ended.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct CountingRecord {
    /// The strategy that counted.
    #[serde(flatten)]
    pub strategy: StrategyRecord,
    /// N, the threads that count.
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
    pub runs: Option<Vec<RunRecord>>,
    /// True if there are too many runs to list, or if they have been listed line by line.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub runs_omitted: bool,
    /// All runs in a few numbers.
    pub summary: Summary,
    /// The number of runs that ended with each total.
    pub distribution: Vec<Distinct>,
    /// What the readers of `rwlock` saw.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub readers: Option<ReadersRecord>,
    /// Whether the threads should have been pinned to cores but could not be.
    pub pinning_failed: bool,
    /// Whether `--window yield` is among the flags only because there is only one core.
    pub window_added: bool,
    /// Runs that were repeated because their threads did not start together.
    pub runs_repeated: u64,
    /// The environment of the measurement.
    pub environment: Environment,
}

impl CountingRecord {
    /// The header of CSV.
    pub const COLUMNS: &'static str =
        "run,strategy,threads,increments,expected,actual,lost,elapsed_ns";
}

/// A line of JSON lines: a run as soon as it is known, and at the end the rest.
#[derive(Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum CountingLine<'a> {
    /// A run.
    Run(RunRecord),
    /// The record of the experiment, without its runs.
    Summary(Versioned<&'a CountingRecord>),
}

/// Why an experiment made no further runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum StopReason {
    /// All requested runs are done.
    Completed,
    /// The run that `--until` asks for has occurred.
    Found,
    /// The time of `--for` is used up.
    Budget,
    /// `--timeout` has passed.
    Timeout,
    /// A signal interrupted the experiment.
    Interrupted,
}

impl From<Stopped> for StopReason {
    fn from(stopped: Stopped) -> Self {
        match stopped {
            Stopped::Completed => Self::Completed,
            Stopped::Found => Self::Found,
            Stopped::Budget => Self::Budget,
            Stopped::Timeout => Self::Timeout,
            Stopped::Interrupted => Self::Interrupted,
        }
    }
}

/// One run.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
pub struct RunRecord {
    /// Its number, counted from 1.
    pub run: u64,
    /// The total at the end.
    pub actual: u64,
    /// The expected total minus the actual one.
    pub lost: u64,
    /// Nanoseconds from the start until the last thread was done.
    pub elapsed_ns: u64,
}

impl RunRecord {
    /// Returns the record of a run that should have ended with `expected`.
    pub fn new(run: Run, expected: u64) -> Self {
        Self {
            run: run.number,
            actual: run.actual,
            lost: expected - run.actual,
            elapsed_ns: run.elapsed_ns,
        }
    }
}

/// All runs in a few numbers; unknown ones are null.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Summary {
    /// Runs that lost at least one update.
    pub runs_lost: u64,
    /// Runs that ended with the expected total.
    pub runs_correct: u64,
    /// Share of runs that lost updates.
    pub runs_lost_share: Option<f64>,
    /// 95% Wilson interval of that share.
    pub runs_lost_interval: Option<[f64; 2]>,
    /// Totals.
    pub actual: Spread,
    /// Lost updates of a run.
    pub lost: Spread,
    /// Share of all increments that were lost.
    pub lost_share: Option<f64>,
    /// Nanoseconds of a run.
    pub elapsed_ns: Spread,
    /// Nanoseconds of all runs together, divided by their increments.
    pub ns_per_increment: Option<f64>,
    /// Runs in a second of the whole experiment, start-up included.
    pub runs_per_second: Option<f64>,
}

/// The spread of a quantity over the runs.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Spread {
    /// The smallest value.
    pub min: Option<u64>,
    /// The median.
    pub median: Option<f64>,
    /// The mean.
    pub mean: Option<f64>,
    /// The greatest value.
    pub max: Option<u64>,
    /// The standard deviation of the sample.
    pub stddev: Option<f64>,
}

/// A total, or a range of totals if there are too many, with the number of runs that ended there.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Distinct {
    /// One total.
    Exact {
        /// The total.
        actual: u64,
        /// The number of runs that ended with it.
        runs: u64,
    },
    /// A range of totals.
    Binned {
        /// The smallest total of the range.
        from: u64,
        /// The greatest total of the range.
        to: u64,
        /// The number of runs that ended in the range.
        runs: u64,
    },
}

impl Distinct {
    /// Returns a range of totals.
    pub(super) fn binned(Bucket { from, to, count }: Bucket) -> Self {
        let runs = count;
        Self::Binned { from, to, runs }
    }

    /// Returns its smallest total.
    pub fn from(self) -> u64 {
        match self {
            Self::Exact { actual, .. } => actual,
            Self::Binned { from, .. } => from,
        }
    }

    /// Returns its greatest total.
    pub fn to(self) -> u64 {
        match self {
            Self::Exact { actual, .. } => actual,
            Self::Binned { to, .. } => to,
        }
    }

    /// Returns the number of runs that ended there.
    pub fn runs(self) -> u64 {
        match self {
            Self::Exact { runs, .. } | Self::Binned { runs, .. } => runs,
        }
    }
}

/// What the readers of `rwlock` saw, over all runs.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ReadersRecord {
    /// The number of threads that only read.
    pub threads: usize,
    /// How often they read the counter.
    pub reads: u64,
    /// The most readers inside the lock at the same moment.
    pub most_inside: u64,
    /// How often a writer found a reader inside.
    pub with_writer: u64,
    /// How often a reader saw the counter go backwards.
    pub backwards: u64,
    /// How they waited for a total, with `--await`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub awaited: Option<AwaitedRecord>,
}

/// How the readers waited until the counter had reached a total, over all runs that count.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct AwaitedRecord {
    /// The total.
    pub total: u64,
    /// Runs in which the counter reached it.
    pub runs_reached: u64,
    /// Runs in which it did not, although all writers were done.
    pub runs_never_reached: u64,
    /// The largest number of readers that read at the same moment once it was reached, in the run
    /// in which this number was smallest; null if no run reached it.
    pub inside_together: Option<u64>,
    /// How many readers were still waiting when a run was cut short.
    pub still_waiting: u64,
    /// The waits of each reader.
    pub readers: Vec<WaitedRecord>,
}

/// How one reader waited, over all runs.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
pub struct WaitedRecord {
    /// Its number, counted from 1.
    pub reader: usize,
    /// Runs in which it had to wait.
    pub waits: u64,
    /// How often it was woken.
    pub wake_ups: u64,
    /// How often it was woken while the counter was still below the total.
    pub in_vain: u64,
    /// Nanoseconds of a wait; the median and the standard deviation are not known.
    pub waited_ns: Spread,
}

impl ReadersRecord {
    /// Returns what this number of readers saw.
    pub fn new(threads: usize, seen: &ReaderStats) -> Self {
        Self {
            threads,
            reads: seen.reads,
            most_inside: seen.most_inside,
            with_writer: seen.with_writer,
            backwards: seen.backwards,
            awaited: seen.awaited.as_ref().map(Into::into),
        }
    }
}

impl From<&AwaitStats> for AwaitedRecord {
    fn from(awaited: &AwaitStats) -> Self {
        let reader = |(reader, waited): (usize, &WaitStats)| {
            let known = waited.waits > 0;
            WaitedRecord {
                reader,
                waits: waited.waits,
                wake_ups: waited.wake_ups,
                in_vain: waited.spurious_wake_ups,
                waited_ns: Spread {
                    min: known.then_some(waited.least_ns),
                    mean: known.then(|| waited.all_ns as f64 / waited.waits as f64),
                    max: known.then_some(waited.most_ns),
                    ..Spread::default()
                },
            }
        };
        Self {
            total: awaited.total,
            runs_reached: awaited.runs_reached,
            runs_never_reached: awaited.runs_never_reached,
            inside_together: awaited.together,
            still_waiting: awaited.readers.iter().filter(|r| r.still_waiting).count() as u64,
            readers: (1..).zip(&awaited.readers).map(reader).collect(),
        }
    }
}

/// The environment of an experiment.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Environment {
    /// The version of miscount.
    pub version: Cow<'static, str>,
    /// The operating system.
    pub os: Cow<'static, str>,
    /// The processor's architecture.
    pub arch: Cow<'static, str>,
    /// The processor's name, if the system provides it.
    pub cpu: Option<String>,
    /// Cores that the threads may use.
    pub cores: Option<usize>,
    /// Whether each thread was pinned to a core.
    pub pinned: bool,
    /// The start line.
    pub start_line: Cow<'static, str>,
    /// The command line, as it was typed; null if there was none.
    pub command: Option<String>,
    /// When the command ended, with the offset of the time zone (RFC 3339).
    pub date: Option<String>,
}

impl From<&Setup> for Environment {
    fn from(setup: &Setup) -> Self {
        Self {
            version: env!("CARGO_PKG_VERSION").into(),
            os: std::env::consts::OS.into(),
            arch: std::env::consts::ARCH.into(),
            cpu: setup.cpu.clone(),
            cores: setup.cores,
            pinned: setup.pinned,
            start_line: typed_name(&setup.start).into(),
            command: None,
            date: None,
        }
    }
}

impl Record for CountingRecord {
    type Line<'a> = CountingLine<'a>;

    fn columns(&self) -> &'static str {
        Self::COLUMNS
    }

    fn items(&self) -> impl Iterator<Item = Self::Line<'_>> {
        self.runs.iter().flatten().copied().map(CountingLine::Run)
    }

    fn summary(&self) -> Option<Self::Line<'_>> {
        Some(CountingLine::Summary(Versioned::new(self)))
    }
}
