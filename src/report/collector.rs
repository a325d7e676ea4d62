//! Gathers what an experiment tells into one record, in memory that does not grow with its runs.

use std::time::Duration;

use hdrhistogram::Histogram;

use super::counting::{Counting, Distinct, ReadersRecord, RunRecord, Spread, Summary};
use crate::lab::{Event, Observer, Outcome, Runs};
use crate::plan::{Pinning, Plan};
use crate::stats::{Distribution, Moments, wilson};

/// Totals beyond this many different ones are given in so many ranges.
const RANGES: u64 = 100;

/// The observer that remembers.
#[derive(Debug)]
pub struct Collector {
    expected: u64,
    runs_lost: u64,
    actuals: Distribution,
    totals: Moments,
    times: Moments,
    /// For the median: to three significant digits, in a few kilobytes.
    time_histogram: Histogram<u64>,
    /// The runs one by one, until they are too many.
    kept: Option<Vec<RunRecord>>,
    keep: usize,
}

impl Collector {
    /// A collector that keeps the runs one by one as long as there are at most `keep` of them.
    pub fn new(plan: &Plan, keep: usize) -> Self {
        let expected = plan.shape.expected();
        Self {
            expected,
            runs_lost: 0,
            actuals: Distribution::up_to(expected),
            totals: Moments::default(),
            times: Moments::default(),
            #[expect(clippy::expect_used, reason = "it fails only beyond 5 digits")]
            time_histogram: Histogram::new(3).expect("3 digits are allowed"),
            kept: (keep > 0).then(Vec::new),
            keep,
        }
    }

    /// How many runs lost updates so far.
    pub fn runs_lost(&self) -> u64 {
        self.runs_lost
    }

    /// The record of the experiment, which took so long in all.
    pub fn finish(self, plan: &Plan, outcome: &Outcome, took: Duration) -> Counting {
        let runs = self.totals.count();
        let share_of = |part: f64, whole: f64| (whole > 0.0).then(|| part / whole);
        let mean = self.totals.mean();
        let increments = runs as f64 * self.expected as f64;
        let total_ns = self.times.mean().unwrap_or(0.0) * runs as f64;
        let actual = spread(&self.totals, self.actuals.median());
        let expected = self.expected as f64;
        Counting {
            schema: "miscount.counting/1",
            strategy: plan.strategy.kind().name,
            flags: plan.strategy.flags(),
            threads: plan.shape.threads(),
            increments: plan.shape.increments(),
            expected: self.expected,
            runs_requested: plan.budget.is_none().then_some(plan.runs),
            runs_completed: runs,
            stopped: outcome.stopped.into(),
            distribution: self.distribution(),
            summary: Summary {
                runs_lost: self.runs_lost,
                runs_correct: runs - self.runs_lost,
                runs_lost_share: share_of(self.runs_lost as f64, runs as f64),
                runs_lost_interval: wilson(self.runs_lost, runs)
                    .map(|interval| [interval.low, interval.high]),
                actual,
                lost: Spread {
                    min: actual.max.map(|max| self.expected - max),
                    median: actual.median.map(|median| expected - median),
                    mean: mean.map(|mean| expected - mean),
                    max: actual.min.map(|min| self.expected - min),
                    stddev: actual.stddev,
                },
                lost_share: mean.and_then(|mean| share_of(expected - mean, expected)),
                elapsed_ns: spread(
                    &self.times,
                    (runs > 0).then(|| self.time_histogram.value_at_quantile(0.5) as f64),
                ),
                ns_per_increment: share_of(total_ns, increments),
                runs_per_second: (runs > 0)
                    .then(|| share_of(runs as f64, took.as_secs_f64()))
                    .flatten(),
            },
            runs_omitted: self.kept.is_none(),
            runs: self.kept,
            readers: outcome.readings.map(|seen| ReadersRecord {
                threads: plan.strategy.readers(),
                reads: seen.reads,
                most_inside: seen.most_inside,
                with_writer: seen.with_writer,
                backwards: seen.backwards,
            }),
            pinning_failed: plan.pinning == Pinning::Spread && !outcome.setup.pinned,
            environment: (&outcome.setup).into(),
        }
    }

    fn distribution(&self) -> Vec<Distinct> {
        match self.actuals.exact() {
            Some(exact) => exact
                .into_iter()
                .map(|(actual, runs)| Distinct::Exact { actual, runs })
                .collect(),
            None => self
                .actuals
                .buckets(RANGES)
                .into_iter()
                .map(|bucket| Distinct::Binned {
                    from: bucket.from,
                    to: bucket.to,
                    runs: bucket.count,
                })
                .collect(),
        }
    }

    fn take(&mut self, runs: Runs<'_>) {
        let lost = runs
            .actuals
            .iter()
            .filter(|&&actual| actual != self.expected);
        self.runs_lost += lost.count() as u64;
        self.actuals.add(runs.actuals);
        self.totals.add(runs.actuals);
        for (actuals, elapsed_ns) in runs.meetings() {
            let times = actuals.len() as u64;
            self.times.add_repeated(elapsed_ns, times);
            // It resizes itself, so any number of nanoseconds has its place.
            let _ = self.time_histogram.record_n(elapsed_ns, times);
        }
        self.keep_runs(runs);
    }

    fn keep_runs(&mut self, runs: Runs<'_>) {
        let Some(kept) = &mut self.kept else { return };
        if kept.len() + runs.actuals.len() > self.keep {
            self.kept = None;
            return;
        }
        kept.extend(runs.iter().map(|run| RunRecord::new(run, self.expected)));
    }
}

impl Observer for Collector {
    fn observe(&mut self, event: Event<'_>) {
        match event {
            Event::Runs(runs) => self.take(runs),
            Event::Waiting => {}
        }
    }
}

fn spread(moments: &Moments, median: Option<f64>) -> Spread {
    Spread {
        min: moments.min(),
        median,
        mean: moments.mean(),
        max: moments.max(),
        stddev: moments.stddev(),
    }
}
