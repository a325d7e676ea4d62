//! The named schedules exist for every system, and `worst` is the worst.

use miscount::model::{
    Completion, Ending, Lockstep, Named, Options, ProgramBuilder, Proof, Random, Schedule,
    ScheduleRun, Scheduler, Serial, System, by_rule, census, replay, to_total, worst,
};

use super::programs::{FAMILIES, compare_exchange, mutex_per_op, rwlock_split, spinlock, unsynced};
use super::waiting;

const SIZES: [(usize, u64); 12] = [
    (1, 0),
    (1, 1),
    (1, 3),
    (2, 0),
    (2, 1),
    (2, 2),
    (2, 4),
    (3, 0),
    (3, 1),
    (3, 2),
    (4, 2),
    (5, 1),
];

fn run(system: &System, source: impl Scheduler) -> (Schedule, Ending) {
    let mut plan = ScheduleRun::new(system, source, Completion::Strict);
    let schedule = plan.collect_schedule(usize::MAX).unwrap().unwrap();
    (schedule, plan.machine().ending().unwrap())
}

#[test]
fn the_worst_is_the_smallest_total_of_the_census() {
    for (name, family) in FAMILIES {
        for (threads, increments) in SIZES {
            let system = family(threads, increments).unwrap();
            let found = census(&system, &Options::default()).unwrap();
            let worst = worst(&system);
            let name = format!("{name} {threads} x {increments}");
            assert_eq!(worst.total, found.totals().next(), "{name}");
            assert_ne!(worst.proof, Proof::Tried, "{name}");
            let ending = replay(&system, &worst.schedule, Completion::Strict);
            assert_eq!(ending, Ok(Ending::Total(worst.total.unwrap())), "{name}");
        }
    }
}

#[test]
fn the_worst_of_any_size_is_a_handful_of_segments() {
    for (threads, increments) in [(2, 2), (2, 5_000), (3, 5_000), (3, 200_000), (40, 100)] {
        for family in [unsynced, rwlock_split] {
            let system = family(threads, increments).unwrap();
            let worst = worst(&system);
            assert_eq!((worst.total, worst.proof), (Some(2), Proof::Constructed));
            assert!(
                worst.schedule.segments().len() <= threads + 4,
                "{}",
                worst.schedule
            );
        }
    }
    let worst_of = |increments| {
        worst(&unsynced(2, increments).unwrap())
            .schedule
            .to_string()
    };
    assert_eq!(worst_of(5_000), "A,B9998,A,B,A-,B-");
    let split = worst(&rwlock_split(2, 10).unwrap()).schedule;
    assert_eq!(split.to_string(), "A3,B54,A3,B3,A-,B-");
}

#[test]
fn what_the_others_do_beyond_any_search() {
    // Under one lock, every schedule gives the same.
    let guarded = worst(&mutex_per_op(3, 5_000).unwrap());
    assert_eq!((guarded.total, guarded.proof), (Some(15_000), Proof::Same));
    assert_eq!(guarded.schedule.to_string(), "A-,B-,C-");
    // Nothing is claimed where nothing is known.
    for family in [compare_exchange, spinlock] {
        let tried = worst(&family(3, 2_000).unwrap());
        assert_eq!((tried.total, tried.proof), (Some(6_000), Proof::Tried));
    }
}

#[test]
fn threads_that_only_look_are_no_obstacle() {
    let mut system = System::builder();
    let counter = system.variable("counter", 0);
    let lock = system.rwlock("lock");
    let mut reader = ProgramBuilder::new("reader");
    let seen = reader.register("seen");
    reader
        .read_lock(lock)
        .load(seen, counter)
        .load(seen, counter)
        .read_unlock(lock);
    let mut writer = ProgramBuilder::new("writer");
    let (left, seen) = (writer.register("left"), writer.register("seen"));
    writer.repeat(left, 1_000, |body| {
        body.lock(lock).load(seen, counter);
        body.add(seen, seen, 1).store(counter, seen).unlock(lock);
    });
    let (reader, writer) = (reader.build().unwrap(), writer.build().unwrap());
    system.thread(&reader).thread(&writer).thread(&writer);
    system.total(counter);
    let worst = worst(&system.build().unwrap());
    assert_eq!((worst.total, worst.proof), (Some(2_000), Proof::Same));
}

#[test]
fn every_total_within_reach_is_put_together() {
    for (threads, increments) in [
        (2, 1),
        (2, 2),
        (2, 5),
        (3, 1),
        (3, 4),
        (4, 3),
        (1, 4),
        (2, 0),
    ] {
        for family in [unsynced, rwlock_split] {
            let system = family(threads, increments).unwrap();
            let found = census(&system, &Options::default()).unwrap();
            let rule = by_rule(&system).unwrap();
            assert_eq!(rule.most, found.totals().last(), "{threads} x {increments}");
            for total in 0..=threads as u64 * increments + 2 {
                let schedule = to_total(&system, total);
                assert_eq!(
                    schedule.is_some(),
                    found.total(total).is_some(),
                    "{threads} x {increments} to {total}"
                );
                if let Some(schedule) = schedule {
                    let ending = replay(&system, &schedule, Completion::Strict);
                    assert_eq!(ending, Ok(Ending::Total(total)));
                }
            }
        }
    }
    assert_eq!(to_total(&mutex_per_op(2, 2).unwrap(), 2), None);
    let beyond_search = to_total(&unsynced(3, 5_000).unwrap(), 7_777).unwrap();
    assert!(beyond_search.segments().len() < 12);
}

#[test]
fn serial_loses_nothing_and_switches_least() {
    for (name, family) in FAMILIES {
        for (threads, increments) in SIZES {
            let system = family(threads, increments).unwrap();
            let (schedule, ending) = run(&system, Serial);
            assert_eq!(ending, Ending::Total(threads as u64 * increments), "{name}");
            let segments = if increments == 0 { 0 } else { threads };
            assert_eq!(schedule.segments().len(), segments, "{name}");
        }
    }
}

#[test]
fn lockstep_lets_each_thread_step_in_turn() {
    for (threads, increments) in SIZES {
        let system = unsynced(threads, increments).unwrap();
        let mut order = Vec::new();
        let mut plan = ScheduleRun::new(&system, Lockstep::default(), Completion::Strict);
        let ending = plan
            .finish(&mut |step, _| order.push(step.actor.thread()))
            .unwrap();
        // All load the same value, and all but one of their stores are lost.
        assert_eq!(ending, Ending::Total(increments));
        let steps = threads * usize::try_from(2 * increments).unwrap();
        assert_eq!(
            order,
            (0..steps).map(|step| step % threads).collect::<Vec<_>>()
        );
    }
    // Blocked threads are passed over: A takes the lock and B and C wait until it is free.
    let (schedule, _) = run(&mutex_per_op(3, 1).unwrap(), Lockstep::default());
    assert_eq!(schedule.to_string(), "A-,B-,C-");
    let (schedule, _) = run(&unsynced(3, 1).unwrap(), Lockstep::default());
    assert_eq!(schedule.to_string(), "A,B,C,A-,B-,C-");
}

#[test]
fn random_is_the_same_for_the_same_seed() {
    for (name, family) in FAMILIES {
        for (threads, increments) in SIZES {
            let system = family(threads, increments).unwrap();
            let (schedule, ending) = run(&system, Random::new(7));
            assert_eq!(
                (schedule.clone(), ending.clone()),
                run(&system, Random::new(7)),
                "{name}"
            );
            // The schedule as a token leads to the same end.
            let token: Schedule = schedule.to_string().parse().unwrap();
            assert_eq!(
                replay(&system, &token, Completion::Strict),
                Ok(ending),
                "{name}"
            );
        }
    }
    let system = unsynced(2, 50).unwrap();
    let (one, other) = (run(&system, Random::new(1)), run(&system, Random::new(2)));
    assert_ne!(one, other);
}

#[test]
fn random_draws_evenly() {
    // 3 x 1 has 90 schedules; under a fair scheduler all first steps are alike.
    let system = unsynced(3, 1).unwrap();
    let mut first = [0_u32; 3];
    for seed in 0..3_000 {
        let (schedule, _) = run(&system, Random::new(seed));
        first[schedule.segments()[0].actor.thread()] += 1;
    }
    // 1000 each, with a standard deviation of 26; the seeds are fixed, so this never wavers.
    assert!(
        first.iter().all(|count| (900..1_100).contains(count)),
        "{first:?}"
    );
    // And the smallest total comes as often as the census says.
    let found = census(&system, &Options::default()).unwrap();
    let smallest = &found.outcomes[0];
    let ends = |seed: &u64| {
        let (_, ending) = run(&system, Random::new(*seed));
        Some(ending) == found.totals().next().map(Ending::Total)
    };
    let count = u32::try_from((0..3_000).filter(ends).count()).unwrap();
    let share = f64::from(count) / 3_000.0;
    assert!((share - smallest.fair_share.unwrap()).abs() < 0.03);
}

#[test]
fn a_name_is_all_it_takes() {
    let system = unsynced(3, 4).unwrap();
    for (name, total) in [("worst", 2), ("lockstep", 4), ("serial", 12)] {
        let named: Named = name.parse().unwrap();
        let (_, ending) = run(&system, named.source(&system));
        assert_eq!(ending, Ending::Total(total), "{name}");
    }
    let seeded = run(&system, Named::Random(5).source(&system));
    assert_eq!(seeded, run(&system, Random::new(5)));
}

#[test]
fn named_schedules_end_in_systems_that_wait() {
    for (name, system) in waiting::systems() {
        let found = census(&system, &Options::default()).unwrap();
        let worst = worst(&system);
        assert_eq!(worst.total, found.totals().next(), "{name}");
        for ending in [
            run(&system, Serial).1,
            run(&system, Lockstep::default()).1,
            run(&system, Random::new(3)).1,
        ] {
            if let Ending::Total(total) = ending {
                assert!(found.total(total).is_some(), "{name}");
            }
        }
    }
}
