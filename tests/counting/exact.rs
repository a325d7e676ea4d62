//! Correct strategies are exact whatever the shape, and no run is lost.

use miscount::lab::{Engine, Lab, Stopped};
use miscount::plan::{Pinning, StartLine};
use miscount::sync::Context;

use super::{Experiment, Record, START_LINES, correct};

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
