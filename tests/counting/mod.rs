//! Counting on real threads: correct strategies are exact whatever the shape, the others lose
//! updates, and what the readers of `rwlock` claim is true.

mod exact;
mod losing;
mod one_core;
mod readers;

use std::num::NonZeroU64;
use std::time::{Duration, Instant};

use miscount::lab::{CountingOutcome, Engine, Lab, Run, Runs, Stopped};
use miscount::plan::{CountingPlan, Pinning, StartLine};
use miscount::strategy::{self, ALL, Settings, Shape};
use miscount::sync::{Canceler, Context, Observer};

/// For what is bound to happen, but at a time that the machine chooses.
const PATIENCE: Duration = Duration::from_mins(1);

const START_LINES: [StartLine; 4] = [
    StartLine::Timebase,
    StartLine::Spin,
    StartLine::Barrier,
    StartLine::None,
];

/// An experiment, small unless something else is asked for.
#[derive(Clone, Copy, Debug)]
struct Experiment {
    strategy: &'static str,
    settings: Settings,
    threads: usize,
    increments: u64,
    runs: u64,
    start: StartLine,
    pinning: Pinning,
    stride: usize,
}

impl Experiment {
    fn of(strategy: &'static str, threads: usize, increments: u64) -> Self {
        Self {
            strategy,
            settings: Settings::default(),
            threads,
            increments,
            runs: 3,
            start: StartLine::default(),
            pinning: Pinning::default(),
            stride: 1,
        }
    }

    fn plan(self) -> CountingPlan {
        let kind = strategy::named(self.strategy).unwrap();
        CountingPlan {
            start: self.start,
            pinning: self.pinning,
            stride: self.stride,
            ..CountingPlan::new(
                kind.build(&self.settings).unwrap(),
                Shape::new(self.threads, self.increments).unwrap(),
                self.runs,
            )
        }
    }

    fn expected(self) -> u64 {
        self.threads as u64 * self.increments
    }

    /// The smallest total that any schedule leads to: a thread that has loaded the last value but
    /// one of another's loop, and stores last, leaves 2.
    fn least(self) -> u64 {
        match (self.threads, self.increments) {
            (1, _) | (_, 0) => self.expected(),
            (_, 1) => 1,
            _ => 2,
        }
    }

    /// Carries it out, and holds it to what must be true of every experiment.
    fn carry_out(self) -> Seen {
        let plan = self.plan();
        let mut record = Record::new(self.stride);
        let outcome = Lab
            .carry_out(&plan, &Context::background(), &mut record)
            .unwrap();
        assert_eq!(outcome.stopped, Stopped::Completed, "{self:?}");
        assert_eq!(record.runs.len() as u64, self.runs, "{self:?}");
        for run in &record.runs {
            assert!(
                (self.least()..=self.expected()).contains(&run.actual),
                "{self:?} ended with {run:?}"
            );
        }
        if plan.strategy.is_correct() {
            for run in &record.runs {
                assert_eq!(run.actual, self.expected(), "{self:?}, {run:?}");
            }
        }
        Seen {
            runs: record.runs,
            outcome,
            expected: self.expected(),
        }
    }

    /// Carries it out again and again until that is seen which must be seen some time.
    fn carry_out_until(self, seen: impl Fn(&Seen) -> bool) {
        let began = Instant::now();
        while !seen(&self.carry_out()) {
            assert!(began.elapsed() < PATIENCE, "not seen: {self:?}");
        }
    }
}

/// What came of an experiment.
struct Seen {
    runs: Vec<Run>,
    outcome: CountingOutcome,
    expected: u64,
}

impl Seen {
    fn lost(&self) -> bool {
        self.runs.iter().any(|run| run.actual < self.expected)
    }
}

/// The observer that writes everything down, and sees to it that events follow one another.
struct Record {
    stride: usize,
    runs: Vec<Run>,
    /// Cancelled after the first event that tells of runs.
    canceler: Option<Canceler>,
}

impl Record {
    fn new(stride: usize) -> Self {
        Self {
            stride,
            runs: Vec::new(),
            canceler: None,
        }
    }
}

impl Observer<Runs> for Record {
    fn observe(&mut self, runs: &Runs) {
        assert_eq!(runs.stride, self.stride);
        assert_eq!(
            runs.meetings_ns.len(),
            runs.actuals.len().div_ceil(self.stride)
        );
        let before = self.runs.len();
        self.runs.extend(runs.iter());
        assert_eq!(self.runs.len(), before + runs.actuals.len());
        for (place, run) in self.runs.iter().enumerate().skip(before) {
            assert_eq!(run.number, place as u64 + 1, "runs are numbered from 1");
        }
        if let Some(canceler) = &self.canceler {
            canceler.cancel();
        }
    }
}

/// Every strategy that must be exact, with the settings that make a difference.
fn correct() -> Vec<(&'static str, Settings)> {
    let default = Settings::default();
    let batch = |batch| Settings {
        batch: NonZeroU64::new(batch),
        ..default
    };
    let readers = |readers| Settings { readers, ..default };
    let mut all: Vec<_> = ALL
        .iter()
        .map(|kind| (kind.name, default))
        .filter(|(name, settings)| {
            let kind = strategy::named(name).unwrap();
            kind.build(settings).unwrap().is_correct()
        })
        .collect();
    assert_eq!(all.len(), ALL.len() - 1, "all but unsynced");
    all.extend([
        ("mutex-per-batch", batch(1)),
        ("mutex-per-batch", batch(7)),
        ("mutex-per-batch", batch(300)),
        ("mutex-per-batch", batch(u64::MAX)),
        ("rwlock", readers(0)),
        ("rwlock", readers(1)),
        ("rwlock", readers(5)),
    ]);
    all
}

fn cores() -> Option<usize> {
    Experiment::of("atomic", 1, 1)
        .carry_out()
        .outcome
        .setup
        .cores
}
