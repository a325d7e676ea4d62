//! The observer that collects the runs of a counting experiment.

use std::time::Duration;

use super::counting::{CountingRecord, ReadersRecord, RunRecord, Summary};
use super::subject::StrategyRecord;
use super::totals::{Times, Totals, per_second, share_of};
use crate::lab::{CountingOutcome, Runs};
use crate::plan::{CountingPlan, Pinning};
use crate::sync::Observer;

/// The observer that collects runs into one record, in memory that does not grow with their number.
#[derive(Debug)]
pub struct CountingCollector {
    expected: u64,
    totals: Totals,
    times: Times,
    /// The single runs, until there are too many of them.
    kept: Option<Vec<RunRecord>>,
    keep: usize,
}

impl CountingCollector {
    /// Returns a collector that keeps single runs as long as there are at most `keep` of them.
    pub fn new(plan: &CountingPlan, keep: usize) -> Self {
        let expected = plan.shape.expected();
        Self {
            expected,
            totals: Totals::new(expected),
            times: Times::new(),
            kept: (keep > 0).then(Vec::new),
            keep,
        }
    }

    /// Returns the record of the experiment, which took this time in all.
    pub fn finish(
        self,
        plan: &CountingPlan,
        outcome: &CountingOutcome,
        took: Duration,
    ) -> CountingRecord {
        let (runs, runs_lost) = (self.totals.runs(), self.totals.short());
        let (runs_lost_share, runs_lost_interval) = self.totals.share_short();
        let increments = runs as f64 * self.expected as f64;
        let total_ns = self.times.mean().unwrap_or(0.0) * runs as f64;
        CountingRecord {
            strategy: StrategyRecord::new(&plan.strategy),
            threads: plan.shape.threads(),
            increments: plan.shape.increments(),
            expected: self.expected,
            runs_requested: plan.budget.is_none().then_some(plan.runs),
            runs_completed: runs,
            stopped: outcome.stopped.into(),
            distribution: self.totals.distribution(),
            summary: Summary {
                runs_lost,
                runs_correct: runs - runs_lost,
                runs_lost_share,
                runs_lost_interval,
                actual: self.totals.spread(),
                lost: self.totals.missing(),
                lost_share: self.totals.missing_share(),
                elapsed_ns: self.times.spread(),
                ns_per_increment: share_of(total_ns, increments),
                runs_per_second: per_second(runs, took),
            },
            runs_omitted: self.kept.is_none(),
            runs: self.kept,
            readers: outcome
                .readings
                .as_ref()
                .map(|seen| ReadersRecord::new(plan.strategy.readers(), seen)),
            pinning_failed: plan.pinning == Pinning::Spread && !outcome.setup.pinned,
            window_added: plan.window_added,
            runs_repeated: outcome.setup.repeated,
            environment: (&outcome.setup).into(),
        }
    }

    fn keep_runs(&mut self, runs: &Runs) {
        let Some(kept) = &mut self.kept else { return };
        if kept.len() + runs.actuals.len() > self.keep {
            self.kept = None;
            return;
        }
        kept.extend(runs.iter().map(|run| RunRecord::new(run, self.expected)));
    }
}

impl Observer<Runs> for CountingCollector {
    fn observe(&mut self, runs: &Runs) {
        self.totals.add(&runs.actuals);
        for (actuals, elapsed_ns) in runs.meetings() {
            self.times.add(elapsed_ns, actuals.len() as u64);
        }
        self.keep_runs(runs);
    }
}
