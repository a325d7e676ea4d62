//! The census finds exactly what plain enumeration finds: outcomes, counts, chances, witnesses.

use miscount::model::{
    Actor, Census, Completion, Ending, Options, Outcome, ScheduleRun, System, Verdict, census,
};

use super::enumeration::{Found, enumerate};
use super::programs::{FAMILIES, mutex_per_batch};
use super::waiting;

fn key(system: &System, outcome: &Outcome) -> Found {
    Found::of(system, outcome.end.clone())
}

/// The threads of a witness, step by step, as run by the machine.
fn steps_of(system: &System, outcome: &Outcome) -> (Vec<Actor>, Ending) {
    let witness = outcome.witness.as_ref().unwrap();
    let mut plan = ScheduleRun::new(system, witness.segments().iter(), Completion::Strict);
    let mut way = Vec::new();
    let ending = plan.finish(&mut |step, _| way.push(step.actor)).unwrap();
    (way, ending)
}

/// Compares a census with the enumeration of the same system; gives the number of schedules.
fn compare(name: &str, system: &System) -> u64 {
    let counted: Census = census(system, &Options::default()).unwrap();
    assert_eq!(counted.verdict, Verdict::Exhausted, "{name}");
    let enumerated = enumerate(system);
    assert_eq!(counted.outcomes.len(), enumerated.len(), "{name}");
    let all: u64 = enumerated.values().map(|tally| tally.schedules).sum();
    assert_eq!(counted.schedules, all.into(), "{name}");
    let as_float = |count: u64| f64::from(u32::try_from(count).unwrap());
    for outcome in &counted.outcomes {
        let end = &outcome.end;
        let tally = &enumerated[&key(system, outcome)];
        assert_eq!(outcome.schedules, tally.schedules.into(), "{name} {end:?}");
        let share = as_float(tally.schedules) / as_float(all);
        assert!(
            (outcome.share.unwrap() - share).abs() < 1e-12,
            "{name} {end:?}"
        );
        let fair = outcome.fair_share.unwrap();
        assert!((fair - tally.chance).abs() < 1e-9, "{name} {end:?}");

        let (way, ending) = steps_of(system, outcome);
        let (switches, first) = &tally.best;
        assert_eq!(&way, first, "{name} {end:?}");
        assert_eq!(outcome.switches, Some(*switches as u64), "{name} {end:?}");
        assert_eq!(outcome.witness.as_ref().unwrap().switches(), *switches);
        assert_eq!(end, &ending, "{name}");
    }
    all
}

#[test]
fn every_strategy_at_small_sizes() {
    for (name, family) in FAMILIES {
        for (threads, increments) in [
            (1, 0),
            (1, 1),
            (1, 4),
            (2, 0),
            (2, 1),
            (2, 2),
            (2, 3),
            (3, 0),
            (3, 1),
        ] {
            let system = family(threads, increments).unwrap();
            compare(&format!("{name} {threads} x {increments}"), &system);
        }
    }
}

#[test]
fn larger_sizes_where_enumeration_still_can() {
    for (index, threads, increments, schedules) in [
        (0, 2, 4, 12_870),
        (0, 3, 2, 34_650),
        (0, 4, 1, 2_520),
        (1, 2, 4, 12_870),
        // A correct lock leaves only the order of the increments: (NM)!/(M!)^N.
        (3, 3, 2, 90),
        (3, 4, 1, 24),
        (6, 3, 2, 90),
        (8, 3, 3, 1_680),
        (8, 4, 2, 2_520),
        (10, 3, 2, 90),
        (11, 3, 2, 34_650),
    ] {
        let (name, family) = FAMILIES[index];
        let system = family(threads, increments).unwrap();
        let name = format!("{name} {threads} x {increments}");
        assert_eq!(compare(&name, &system), schedules, "{name}");
    }
}

#[test]
fn batches_of_every_size() {
    for batch in 1..=4 {
        for increments in 0..=4 {
            let system = mutex_per_batch(2, increments, batch).unwrap();
            let name = format!("batch {batch}, {increments}");
            // The batches of two threads in any order.
            let batches = increments.div_ceil(batch);
            let orders = (1..=batches).fold(1, |c, k| c * (batches + k) / k);
            assert_eq!(compare(&name, &system), orders, "{name}");
        }
    }
}

#[test]
fn systems_that_wait_and_deadlock() {
    for (name, system) in waiting::systems() {
        compare(name, &system);
    }
}
