//! What has been found out so far while `live` races: a collector that can be read at any time.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::race::{Models, RaceCollector, RaceRecord};
use super::totals::per_second;
use crate::lab::{FreeOutcome, FreeRuns, Runs, Setup, Stopped};
use crate::model::System;
use crate::plan::{CountingPlan, RacePlan};
use crate::stats::{Bucket, Distribution};
use crate::sync::Observer;

/// The last runs that are kept one by one.
const LAST: usize = 400;

/// The most groups of totals in a reading.
const MOST_GROUPS: u64 = 240;

/// What has been found out so far.
#[derive(Clone, Debug, Default)]
pub enum LiveReading {
    /// Nothing.
    #[default]
    Nothing,
    /// Of a strategy.
    Counting(CountingReading),
    /// Of a race program.
    Race(Box<RaceRecord>),
    /// Why it does not race.
    Failed(String),
}

/// What has been found out about a strategy so far.
#[derive(Clone, Debug, Default)]
pub struct CountingReading {
    /// The total of a run that loses nothing.
    pub expected: u64,
    /// Completed runs.
    pub runs: u64,
    /// Runs that lost updates.
    pub lost: u64,
    /// All updates that were lost.
    pub lost_updates: u128,
    /// The totals that have occurred, in order; the expected total is alone.
    pub totals: Vec<Bucket>,
    /// The totals of the last runs, the newest last.
    pub last: Vec<u64>,
    /// The number and the total of the last run that lost updates.
    pub last_lost: Option<(u64, u64)>,
    /// Nanoseconds that an increment takes; `None` without increments.
    pub ns_per_increment: Option<f64>,
    /// Runs in a second of all that it takes.
    pub runs_per_second: Option<f64>,
}

/// The observer that counts while a strategy races.
#[derive(Debug)]
pub struct LiveCollector {
    /// What is only counted.
    so_far: CountingReading,
    totals: Distribution,
    last: VecDeque<u64>,
    run_ns: u64,
    time: Stopwatch,
}

/// The time in which runs are made, without pauses.
#[derive(Clone, Copy, Debug)]
struct Stopwatch {
    all: Duration,
    since: Instant,
}

impl Stopwatch {
    fn start() -> Self {
        Self {
            all: Duration::ZERO,
            since: Instant::now(),
        }
    }

    /// Adds the time since it was last looked at.
    fn lap(&mut self) {
        let now = Instant::now();
        self.all += now - self.since;
        self.since = now;
    }
}

impl LiveCollector {
    /// Begins to count the runs of a plan.
    pub fn new(plan: &CountingPlan) -> Self {
        let expected = plan.shape.expected();
        Self {
            so_far: CountingReading {
                expected,
                ..CountingReading::default()
            },
            totals: Distribution::up_to(expected),
            last: VecDeque::with_capacity(LAST),
            run_ns: 0,
            time: Stopwatch::start(),
        }
    }

    /// Leaves out the time since the last runs: the race was paused.
    pub fn resume(&mut self) {
        self.time.since = Instant::now();
    }

    /// Returns what has been found out so far.
    pub fn reading(&self) -> CountingReading {
        let CountingReading { runs, expected, .. } = self.so_far;
        let increments = runs as f64 * expected as f64;
        CountingReading {
            totals: self.groups(),
            last: self.last.iter().copied().collect(),
            ns_per_increment: (increments > 0.0).then(|| self.run_ns as f64 / increments),
            runs_per_second: per_second(runs, self.time.all),
            ..self.so_far.clone()
        }
    }

    /// Returns the totals in groups, of which the expected total is one.
    fn groups(&self) -> Vec<Bucket> {
        let so_far = &self.so_far;
        let (expected, correct) = (so_far.expected, so_far.runs - so_far.lost);
        let alone = Bucket {
            from: expected,
            to: expected,
            count: correct,
        };
        let mut groups = self.totals.buckets(MOST_GROUPS);
        groups.retain_mut(|group| {
            if (group.from..=group.to).contains(&expected) {
                group.count -= correct;
                // Nothing is counted twice, so no total is greater.
                group.to = group.to.min(expected.saturating_sub(1));
            }
            group.count > 0
        });
        groups.push(alone);
        groups
    }
}

impl Observer<Runs> for LiveCollector {
    fn observe(&mut self, runs: &Runs) {
        self.totals.add(&runs.actuals);
        let so_far = &mut self.so_far;
        so_far.runs += runs.count();
        for &actual in &runs.actuals {
            so_far.lost += u64::from(actual != so_far.expected);
            so_far.lost_updates += u128::from(so_far.expected.saturating_sub(actual));
        }
        let newest = &runs.actuals[runs.actuals.len().saturating_sub(LAST)..];
        let too_many = (self.last.len() + newest.len()).saturating_sub(LAST);
        self.last.drain(..too_many);
        self.last.extend(newest);
        let lost = |actual: &u64| *actual != so_far.expected;
        if let Some(place) = runs.actuals.iter().rposition(lost) {
            so_far.last_lost = Some((runs.first + place as u64, runs.actuals[place]));
        }
        self.run_ns += runs.meetings_ns.iter().sum::<u64>();
        self.time.lap();
    }
}

/// The observer that counts while a race program races.
#[derive(Debug)]
pub struct LiveRaceCollector {
    collector: RaceCollector,
    outcome: FreeOutcome,
    time: Stopwatch,
}

impl LiveRaceCollector {
    /// Begins to count the runs of a plan.
    pub fn new(plan: &RacePlan) -> Self {
        Self {
            collector: RaceCollector::default(),
            outcome: FreeOutcome {
                runs: 0,
                stopped: Stopped::Budget,
                stride: 1,
                setup: Setup::of(true, plan.start, 0),
            },
            time: Stopwatch::start(),
        }
    }

    /// Leaves out the time since the last runs: the race was paused.
    pub fn resume(&mut self) {
        self.time.since = Instant::now();
    }

    /// Returns what has been found out so far, beside what the models say.
    pub fn reading(&self, plan: &RacePlan, system: &System, models: &Models) -> RaceRecord {
        let collector = self.collector.clone();
        collector.finish(plan, system, &self.outcome, self.time.all, models)
    }
}

impl Observer<FreeRuns> for LiveRaceCollector {
    fn observe(&mut self, event: &FreeRuns) {
        self.collector.observe(event);
        self.outcome.runs += event.runs.count();
        self.outcome.stride = event.runs.stride;
        self.time.lap();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strategy::{Settings, Shape, named};

    #[test]
    fn the_expected_total_is_alone_and_nothing_is_missing() {
        let kind = named("unsynced").unwrap();
        let shape = Shape::new(2, 1_000_000).unwrap();
        let strategy = kind.build(&Settings::default()).unwrap();
        let mut collector = LiveCollector::new(&CountingPlan::new(strategy, shape, 1));
        let mut runs = Runs::new(1);
        // More different totals than are kept one by one, the expected one among its neighbours.
        runs.actuals = (1_997_000..=2_000_000).chain([2_000_000, 7]).collect();
        runs.meetings_ns = vec![10; runs.actuals.len()];
        collector.observe(&runs);
        let reading = collector.reading();
        assert_eq!((reading.runs, reading.lost), (3003, 3001));
        assert_eq!(reading.lost_updates, (0..=3000).sum::<u128>() + 1_999_993);
        assert_eq!(reading.last_lost, Some((3003, 7)));
        assert_eq!(reading.last.len(), LAST);
        let last = reading.totals.last().unwrap();
        assert_eq!((last.from, last.to, last.count), (2_000_000, 2_000_000, 2));
        let all: u64 = reading.totals.iter().map(|group| group.count).sum();
        assert_eq!(all, reading.runs);
        assert!(reading.totals.is_sorted_by(|a, b| a.to < b.from));
        // Nothing is left out when the next chunk comes.
        collector.observe(&runs);
        assert_eq!(collector.reading().runs, 6006);
    }
}
