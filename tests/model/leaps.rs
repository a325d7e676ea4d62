//! Stretches of one thread taken at once end as the same steps taken one by one.

use miscount::model::{
    Completion, Move, Random, Schedule, ScheduleRun, Scheduler, Segment, Serial, Steps, System,
    by_rule, to_total,
};
use miscount::strategy::{self, Settings, Shape};

use super::programs::{FAMILIES, mutex_per_batch, unsynced};
use super::waiting;

/// Runs a schedule observed, which takes every step by itself, and unobserved; compares all moves
/// and the machines after them.
fn compare<S: Scheduler>(name: &str, system: &System, source: impl Fn() -> S) {
    let mut walked = ScheduleRun::new(system, source(), Completion::Serial);
    let mut leapt = ScheduleRun::new(system, source(), Completion::Serial);
    loop {
        let by_steps: Option<Result<Move, _>> = walked.next_move(&mut |_, _| {});
        assert_eq!(leapt.next(), by_steps, "{name}");
        assert!(leapt.machine() == walked.machine(), "{name}");
        assert_eq!(leapt.steps(), walked.steps(), "{name}");
        if by_steps.is_none() {
            break;
        }
    }
    assert_eq!(leapt.switches(), walked.switches(), "{name}");
    assert_eq!(leapt.completed_steps(), walked.completed_steps(), "{name}");
}

/// Draws a schedule of long stretches, possible or not.
fn stretches(system: &System, seed: u64) -> Vec<Segment> {
    let mut state = seed;
    let mut draw = |below: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 33) % below
    };
    (0..12)
        .map(|_| Segment {
            actor: usize::try_from(draw(system.threads() as u64))
                .unwrap()
                .into(),
            steps: if draw(6) == 0 {
                Steps::ToEnd
            } else {
                Steps::Count(1 + draw(120))
            },
        })
        .collect()
}

#[test]
fn every_strategy_leaps_as_it_walks() {
    for (name, family) in FAMILIES {
        for (threads, increments) in [(1, 300), (2, 97), (3, 60)] {
            let system = family(threads, increments).unwrap();
            compare(name, &system, || Serial);
            for seed in 0..60 {
                let segments = stretches(&system, seed);
                let name = format!("{name} {threads} x {increments}: {segments:?}");
                compare(&name, &system, || segments.clone().into_iter());
            }
        }
    }
}

#[test]
fn batches_waits_and_deadlocks_leap_as_they_walk() {
    for batch in [1, 2, 7, 40, 200] {
        let system = mutex_per_batch(2, 150, batch).unwrap();
        for seed in 0..40 {
            let segments = stretches(&system, seed);
            compare(&format!("batches of {batch}"), &system, || {
                segments.clone().into_iter()
            });
        }
    }
    for (name, system) in waiting::systems() {
        compare(name, &system, || Serial);
        compare(name, &system, || Random::new(3));
        for seed in 0..40 {
            let segments = stretches(&system, seed);
            compare(name, &system, || segments.clone().into_iter());
        }
    }
}

/// Runs a schedule step by step to the end.
fn total(system: &System, schedule: &Schedule) -> u64 {
    let segments = schedule.segments().iter();
    let mut walked = ScheduleRun::new(system, segments, Completion::Strict);
    let ending = walked.finish(&mut |_, _| {}).unwrap();
    ending.total().unwrap()
}

#[test]
fn schedules_by_rule_for_long_threads_are_exact() {
    for (name, family) in FAMILIES {
        for (threads, increments) in [(2, 500), (3, 333)] {
            let system = family(threads, increments).unwrap();
            if let Some(worst) = by_rule(&system) {
                assert_eq!(Some(total(&system, &worst.schedule)), worst.total, "{name}");
            }
            let all = threads as u64 * increments;
            for aim in [2, 3, 4, 17, increments, increments + 1, all - 1, all] {
                if let Some(schedule) = to_total(&system, aim) {
                    assert_eq!(total(&system, &schedule), aim, "{name}");
                }
            }
        }
    }
    let system = unsynced(3, 400).unwrap();
    assert!((2..=1_200).all(|aim| to_total(&system, aim).is_some()));
}

#[test]
fn a_thousand_million_increments_are_no_more_work_than_a_thousand() {
    for kind in strategy::ALL {
        let shape = Shape::new(3, 1_000_000_000).unwrap();
        let built = kind.build(&Settings::default()).unwrap();
        let Ok(system) = built.system(shape) else {
            continue;
        };
        let mut serial = ScheduleRun::new(&system, Serial, Completion::Serial);
        let ending = serial.end().unwrap();
        assert_eq!(ending.total(), Some(3_000_000_000), "{}", kind.name);
        // One by one, the steps would take hours.
        by_rule(&system);
    }
}
