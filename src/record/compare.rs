//! The record of a comparison, `miscount.compare/1`, and the observer that collects it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::counting::{Environment, StopReason};
use super::data::Record;
use super::quartiles::Quartiles;
use super::schema::Versioned;
use super::subject::StrategyRecord;
use super::totals::share_of;
use crate::lab::{ComparisonOutcome, RoundRun};
use crate::plan::{Comparison, Entry, Pinning};
use crate::stats::wilson;
use crate::sync::Observer;

/// A comparison that has ended.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ComparisonRecord {
    /// The thread counts, in ascending order.
    pub threads: Vec<usize>,
    /// M, the increments of each thread in each run.
    pub increments: u64,
    /// Requested runs of each entry, one per round.
    pub runs_requested: u64,
    /// Completed rounds: runs that every entry has made.
    pub runs_completed: u64,
    /// Why there were no further rounds.
    pub stopped: StopReason,
    /// The entries, in groups of one thread count. Left out if each has a line of its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub entries: Vec<EntryRecord>,
    /// Whether the threads should have been pinned to cores but could not be.
    pub pinning_failed: bool,
    /// Runs that were repeated because their threads did not start together.
    pub runs_repeated: u64,
    /// The environment of the measurement.
    pub environment: Environment,
}

/// A line of JSON lines.
#[derive(Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum ComparisonLine {
    /// An entry.
    Entry(EntryRecord),
    /// The last line: the record without its entries.
    Summary(Versioned<ComparisonRecord>),
}

/// A strategy with a number of threads.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct EntryRecord {
    /// The measured strategy.
    #[serde(flatten)]
    pub strategy: StrategyRecord,
    /// N, the threads that count.
    pub threads: usize,
    /// M, the increments of each thread in each run.
    pub increments: u64,
    /// N x M.
    pub expected: u64,
    /// Whether every run of it must end with the expected total.
    pub correct: bool,
    /// Completed runs.
    pub runs_completed: u64,
    /// Runs that lost at least one update.
    pub runs_lost: u64,
    /// Share of runs that lost updates.
    pub runs_lost_share: Option<f64>,
    /// 95% Wilson interval of that share.
    pub runs_lost_interval: Option<[f64; 2]>,
    /// Share of all increments that were lost.
    pub lost_share: Option<f64>,
    /// Nanoseconds of a run.
    pub elapsed_ns: Option<Quartiles>,
    /// Nanoseconds of a run, divided by N x M.
    pub ns_per_increment: Option<Quartiles>,
    /// Time of a run, divided by the time of the cheapest correct entry with as many threads in the
    /// same round.
    pub ratio: Option<Quartiles>,
    /// Whether it is the cheapest correct entry with this number of threads: it lost nothing, and
    /// has the smallest median time.
    pub cheapest: bool,
}

/// The observer that collects every time of every entry, since ratios are known only at the end.
#[derive(Debug)]
pub struct ComparisonCollector {
    entries: Vec<EntryRuns>,
}

/// The runs of an entry.
#[derive(Clone, Debug, Default)]
struct EntryRuns {
    expected: u64,
    runs_lost: u64,
    /// Increments lost in all runs.
    lost: f64,
    /// Nanoseconds of each run, in the order of the rounds.
    times: Vec<u64>,
}

impl ComparisonCollector {
    /// Makes a collector for the entries of this comparison.
    pub fn new(plan: &Comparison) -> Self {
        let no_runs = |entry: &Entry| EntryRuns {
            expected: entry.shape.expected(),
            ..EntryRuns::default()
        };
        Self {
            entries: plan.entries.iter().map(no_runs).collect(),
        }
    }

    /// Returns the record of the comparison.
    pub fn finish(self, plan: &Comparison, compared: &ComparisonOutcome) -> ComparisonRecord {
        let mut threads: Vec<_> = plan.entries.iter().map(|e| e.shape.threads()).collect();
        threads.dedup();
        let cheapest = threads.iter().map(|&n| (n, self.cheapest(plan, n)));
        let cheapest: BTreeMap<_, _> = cheapest.collect();
        let entries = plan.entries.iter().enumerate();
        let entries = entries
            .map(|(place, entry)| self.record(entry, place, cheapest[&entry.shape.threads()]));
        let rounds = self.entries.iter().map(|runs| runs.times.len() as u64);
        ComparisonRecord {
            increments: plan.entries.first().map_or(0, |e| e.shape.increments()),
            runs_requested: plan.rounds,
            runs_completed: rounds.min().unwrap_or(0),
            stopped: compared.stopped.into(),
            entries: entries.collect(),
            threads,
            pinning_failed: plan.pinning == Pinning::Spread && !compared.setup.pinned,
            runs_repeated: compared.setup.repeated,
            environment: (&compared.setup).into(),
        }
    }

    /// Returns the place of the correct entry with the smallest median time.
    fn cheapest(&self, plan: &Comparison, threads: usize) -> Option<usize> {
        let correct = |&(entry, runs): &(&Entry, &EntryRuns)| {
            entry.shape.threads() == threads
                && entry.strategy.is_correct()
                && runs.runs_lost == 0
                && runs.expected > 0
        };
        let entries = plan.entries.iter().zip(&self.entries).enumerate();
        entries
            .filter(|(_, entry)| correct(entry))
            .filter_map(|(place, (_, runs))| Some((place, runs.elapsed()?.median)))
            .min_by(|one, other| one.1.total_cmp(&other.1))
            .map(|(place, _)| place)
    }

    fn record(&self, entry: &Entry, place: usize, cheapest: Option<usize>) -> EntryRecord {
        let made = &self.entries[place];
        let runs = made.times.len() as u64;
        let expected = made.expected as f64;
        let counted = runs as f64 * expected;
        let times = || made.times.iter().map(|&ns| ns as f64);
        let ratio = cheapest.and_then(|cheapest| {
            let rounds = times().zip(&self.entries[cheapest].times);
            // Without ticks of the clock during the cheapest run there is no ratio.
            let rounds = rounds.filter(|(_, least)| **least > 0);
            Quartiles::of(rounds.map(|(ns, &least)| ns / least as f64))
        });
        EntryRecord {
            strategy: StrategyRecord::new(&entry.strategy),
            threads: entry.shape.threads(),
            increments: entry.shape.increments(),
            expected: made.expected,
            correct: entry.strategy.is_correct(),
            runs_completed: runs,
            runs_lost: made.runs_lost,
            runs_lost_share: share_of(made.runs_lost as f64, runs as f64),
            runs_lost_interval: wilson(made.runs_lost, runs),
            lost_share: share_of(made.lost, counted),
            elapsed_ns: made.elapsed(),
            ns_per_increment: (counted > 0.0)
                .then(|| Quartiles::of(times().map(|ns| ns / expected)))
                .flatten(),
            ratio,
            cheapest: cheapest == Some(place),
        }
    }
}

impl EntryRuns {
    fn elapsed(&self) -> Option<Quartiles> {
        Quartiles::of(self.times.iter().map(|&ns| ns as f64))
    }
}

impl Observer<RoundRun> for ComparisonCollector {
    fn observe(&mut self, run: &RoundRun) {
        let entry = &mut self.entries[run.entry];
        let lost = entry.expected - run.actual;
        entry.runs_lost += u64::from(lost > 0);
        entry.lost += lost as f64;
        entry.times.push(run.elapsed_ns);
    }
}

impl Record for ComparisonRecord {
    type Line<'a> = ComparisonLine;

    fn columns(&self) -> &'static str {
        "strategy,flags,threads,increments,expected,correct,runs_completed,runs_lost,lost_share,\
         ns_per_increment.median,ns_per_increment.lower_quartile,\
         ns_per_increment.upper_quartile,ratio.median,ratio.lower_quartile,ratio.upper_quartile,\
         cheapest"
    }

    fn items(&self) -> impl Iterator<Item = Self::Line<'_>> {
        self.entries.iter().cloned().map(ComparisonLine::Entry)
    }

    fn summary(&self) -> Option<Self::Line<'_>> {
        Some(ComparisonLine::Summary(Versioned::new(Self {
            entries: Vec::new(),
            ..self.clone()
        })))
    }
}
