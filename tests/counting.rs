//! Counting on real threads: correct strategies are exact whatever the shape, the others lose
//! updates, and what the readers of `rwlock` claim is true.

use std::num::NonZeroU64;
use std::time::{Duration, Instant};

use miscount::error::Error;
use miscount::lab::{Engine, Event, Lab, Observer, Outcome, Run, Stopped};
use miscount::plan::{Pinning, Plan, StartLine};
use miscount::strategy::{self, ALL, Access, Settings, Shape, Window};
use miscount::sync::{Canceler, Context};

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

    fn plan(self) -> Plan {
        let kind = strategy::named(self.strategy).unwrap();
        Plan {
            start: self.start,
            pinning: self.pinning,
            stride: self.stride,
            ..Plan::new(
                (kind.build)(&self.settings).unwrap(),
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
    outcome: Outcome,
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

impl Observer for Record {
    fn observe(&mut self, event: Event<'_>) {
        let Event::Runs(runs) = event else {
            return;
        };
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
            (kind.build)(settings).unwrap().is_correct()
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

#[test]
fn correct_strategies_are_exact_whatever_the_shape() {
    // One thread, nothing to count, one increment, more threads than most machines have cores,
    // and increments on both sides of the slices in which kernels count.
    let shapes = [
        (1, 0),
        (1, 1),
        (1, 1000),
        (2, 1),
        (3, 0),
        (3, 500),
        (2, 255),
        (2, 256),
        (2, 257),
        (2, 1025),
        (17, 40),
    ];
    for (strategy, settings) in correct() {
        for (threads, increments) in shapes {
            Experiment {
                settings,
                ..Experiment::of(strategy, threads, increments)
            }
            .carry_out();
        }
    }
}

#[test]
fn correct_strategies_are_exact_at_every_start_line_pinned_or_not() {
    for (strategy, settings) in correct() {
        for start in START_LINES {
            for pinning in [Pinning::Spread, Pinning::None] {
                let seen = Experiment {
                    settings,
                    start,
                    pinning,
                    ..Experiment::of(strategy, 3, 100)
                }
                .carry_out();
                assert_eq!(seen.outcome.setup.start, start);
                if pinning == Pinning::None {
                    assert!(!seen.outcome.setup.pinned);
                }
            }
        }
    }
}

#[test]
fn strides_are_exact_also_where_they_do_not_divide_the_runs() {
    for (strategy, settings) in correct() {
        for (stride, runs, start) in [
            (2, 7, StartLine::Timebase),
            (7, 7, StartLine::Spin),
            (8, 7, StartLine::Barrier),
            (64, 200, StartLine::Timebase),
            (3, 8, StartLine::None),
        ] {
            Experiment {
                settings,
                runs,
                start,
                stride,
                ..Experiment::of(strategy, 2, 9)
            }
            .carry_out();
        }
    }
}

#[test]
fn experiments_of_many_chunks_lose_no_run() {
    // More runs than a chunk has room for, which is far more than a quarter of a million.
    Experiment {
        runs: 300_001,
        stride: 1000,
        ..Experiment::of("sharded", 1, 1)
    }
    .carry_out();
    // Without a start line each run is a chunk of its own.
    Experiment {
        runs: 200,
        start: StartLine::None,
        ..Experiment::of("atomic", 2, 3)
    }
    .carry_out();
}

#[test]
fn as_many_threads_as_there_may_be_are_exact() {
    Experiment {
        runs: 2,
        ..Experiment::of("mutex-per-op", miscount::plan::MOST_THREADS, 3)
    }
    .carry_out();
}

#[test]
fn a_window_loses_updates_on_any_machine() {
    for (window, increments) in [
        (Window::Yield, 2000),
        (Window::Spin(1000), 1000),
        (Window::Sleep(Duration::from_millis(2)), 20),
    ] {
        let settings = Settings {
            window,
            ..Settings::default()
        };
        for start in START_LINES {
            Experiment {
                settings,
                start,
                ..Experiment::of("unsynced", 3, increments)
            }
            .carry_out_until(Seen::lost);
        }
    }
}

#[test]
fn unsynced_loses_updates_without_help() {
    for (pinning, stride) in [
        (Pinning::Spread, 1),
        (Pinning::None, 1),
        (Pinning::Spread, 4),
    ] {
        Experiment {
            pinning,
            stride,
            ..Experiment::of("unsynced", 3, 100_000)
        }
        .carry_out_until(Seen::lost);
    }
}

#[test]
fn one_increment_each_is_enough_to_lose_one() {
    let settings = Settings {
        window: Window::Sleep(Duration::from_millis(2)),
        ..Settings::default()
    };
    Experiment {
        settings,
        ..Experiment::of("unsynced", 4, 1)
    }
    .carry_out_until(Seen::lost);
}

#[test]
fn a_single_thread_has_nobody_to_race_with() {
    let split = Settings {
        split: true,
        ..Settings::default()
    };
    for (strategy, settings) in [("unsynced", Settings::default()), ("rwlock", split)] {
        for increments in [0, 1, 700] {
            // What `least` says is held by `carry_out`.
            let alone = Experiment {
                settings,
                ..Experiment::of(strategy, 1, increments)
            };
            assert!(!alone.carry_out().lost());
        }
        let nothing = Experiment {
            settings,
            ..Experiment::of(strategy, 5, 0)
        };
        assert!(!nothing.carry_out().lost());
    }
}

#[test]
fn locking_every_access_separately_loses_updates() {
    for readers in [0, 2] {
        let settings = Settings {
            split: true,
            readers,
            ..Settings::default()
        };
        Experiment {
            settings,
            ..Experiment::of("rwlock", 3, 10_000)
        }
        .carry_out_until(Seen::lost);
    }
}

#[test]
#[cfg(target_arch = "x86_64")]
fn a_single_instruction_loses_updates_where_two_cores_can_meet() {
    let settings = Settings {
        access: Access::SingleInstruction,
        ..Settings::default()
    };
    let experiment = Experiment {
        settings,
        ..Experiment::of("unsynced", 2, 100_000)
    };
    if cores() == Some(1) {
        // An interruption comes before or after an instruction, never inside.
        assert!(!experiment.carry_out().lost());
    } else {
        experiment.carry_out_until(Seen::lost);
    }
}

#[test]
#[cfg(not(target_arch = "x86_64"))]
fn a_single_instruction_is_refused_where_there_is_none() {
    let settings = Settings {
        access: Access::SingleInstruction,
        ..Settings::default()
    };
    let error = (strategy::named("unsynced").unwrap().build)(&settings).unwrap_err();
    assert!(matches!(error, Error::Machine(sentence) if sentence.contains("--access")));
}

#[test]
fn a_window_has_no_place_in_a_single_instruction() {
    let settings = Settings {
        access: Access::SingleInstruction,
        window: Window::Yield,
        ..Settings::default()
    };
    let error = (strategy::named("unsynced").unwrap().build)(&settings).unwrap_err();
    assert!(matches!(error, Error::Usage(_) | Error::Machine(_)));
}

#[test]
fn readers_are_never_inside_with_a_writer_and_never_see_the_counter_go_backwards() {
    for readers in [1, 2, 5] {
        for start in START_LINES {
            let settings = Settings {
                readers,
                ..Settings::default()
            };
            let experiment = Experiment {
                settings,
                start,
                ..Experiment::of("rwlock", 2, 1000)
            };
            // On a busy machine the writers may be done before a reader has woken.
            experiment.carry_out_until(|seen| {
                let seen = seen.outcome.readings.as_ref().unwrap();
                assert_eq!(seen.with_writer, 0, "{experiment:?}");
                assert_eq!(seen.backwards, 0, "{experiment:?}");
                assert!(seen.most_inside <= readers as u64, "{experiment:?}");
                assert_eq!(seen.most_inside > 0, seen.reads > 0, "{experiment:?}");
                seen.reads > 0
            });
        }
    }
}

#[test]
fn readers_share_the_lock() {
    let settings = Settings {
        readers: 3,
        ..Settings::default()
    };
    // On one core it takes a reader that is interrupted inside.
    Experiment {
        settings,
        ..Experiment::of("rwlock", 1, 20_000)
    }
    .carry_out_until(|seen| seen.outcome.readings.as_ref().unwrap().most_inside > 1);
}

#[test]
fn splitting_the_lock_still_keeps_readers_and_writers_apart() {
    let settings = Settings {
        split: true,
        ..Settings::default()
    };
    let experiment = Experiment {
        settings,
        stride: 2,
        ..Experiment::of("rwlock", 2, 1000)
    };
    experiment.carry_out_until(|seen| {
        let seen = seen.outcome.readings.as_ref().unwrap();
        assert_eq!(seen.with_writer, 0);
        assert!(seen.most_inside <= 2);
        seen.reads > 0
    });
}

#[test]
fn without_readers_there_are_no_readings() {
    for split in [false, true] {
        let settings = Settings {
            readers: 0,
            split,
            ..Settings::default()
        };
        let seen = Experiment {
            settings,
            ..Experiment::of("rwlock", 2, 10)
        }
        .carry_out();
        assert_eq!(seen.outcome.readings, None);
    }
    assert_eq!(
        Experiment::of("atomic", 2, 10).carry_out().outcome.readings,
        None
    );
}

#[test]
fn a_context_that_is_done_makes_no_run() {
    let (context, canceler) = Context::background().with_cancel();
    canceler.cancel();
    for (strategy, settings) in correct() {
        let experiment = Experiment {
            settings,
            ..Experiment::of(strategy, 3, 10)
        };
        let mut record = Record::new(1);
        let outcome = Lab
            .carry_out(&experiment.plan(), &context, &mut record)
            .unwrap();
        assert_eq!(outcome.stopped, Stopped::Interrupted);
        assert!(record.runs.is_empty());
    }
}

#[test]
fn runs_finished_before_an_interruption_are_told_of() {
    let (context, canceler) = Context::background().with_cancel();
    let experiment = Experiment {
        runs: u64::MAX,
        ..Experiment::of("atomic", 2, 100)
    };
    let mut record = Record {
        canceler: Some(canceler),
        ..Record::new(1)
    };
    let outcome = Lab
        .carry_out(&experiment.plan(), &context, &mut record)
        .unwrap();
    assert_eq!(outcome.stopped, Stopped::Interrupted);
    assert!(!record.runs.is_empty());
    assert!(record.runs.iter().all(|run| run.actual == 200));
}

#[test]
fn threads_go_round_the_cores() {
    let setup = |pinning| {
        let experiment = Experiment {
            pinning,
            ..Experiment::of("atomic", 5, 10)
        };
        experiment.carry_out().outcome.setup
    };
    let (spread, none) = (setup(Pinning::Spread), setup(Pinning::None));
    assert_eq!(spread.cores, none.cores);
    assert_ne!(spread.cores, Some(0));
    assert!(!none.pinned);
}
