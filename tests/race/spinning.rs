//! Programs whose threads can spin: chances that can be worked out by hand, and circles.

use miscount::model::{
    Census, Completion, Ending, Machine, Named, Options, ScheduleRun, Steps, census,
};

use super::race;

fn counted(text: &str) -> Census {
    let counted = census(&race(text).system, &Options::default()).unwrap();
    assert!(counted.is_endless, "{text}");
    assert!(counted.peak_bytes > 0, "{text}");
    counted
}

fn chances(text: &str) -> Vec<(Ending, f64)> {
    let outcomes = counted(text).outcomes.into_iter();
    outcomes
        .map(|outcome| (outcome.end, outcome.fair_share.unwrap()))
        .collect()
}

fn values(values: &[i64]) -> Ending {
    Ending::Values(values.iter().map(|value| value.cast_unsigned()).collect())
}

#[test]
fn a_flag_that_comes_ends_the_spinning_with_certainty() {
    let text = "shared flag, x\nthread { while flag == 0 { }; x = 1 }\nthread { flag = 1 }";
    assert_eq!(chances(text), [(values(&[1, 1]), 1.0)]);
}

#[test]
fn chances_are_those_of_the_markov_chain() {
    // B stores 1, then 2, while A looks. A leaves with what it sees first: 1 with a chance of 1/2.
    let text = "shared flag, seen\nthread { local r; while r == 0 { r = flag }; seen = r }\n\
                thread { flag = 1; flag = 2 }\nshow seen";
    let found = chances(text);
    assert_eq!(found[0].0, values(&[1]));
    assert!((found[0].1 - 0.5).abs() < 1e-11, "{found:?}");
    assert!((found[1].1 - 0.5).abs() < 1e-11, "{found:?}");
    // A round takes A two steps (a load, a store): worked out with fractions by hand. From the
    // state before the load B moves with 1/2; between the load and the store with 1/2, too.
    let two = "shared x, y\nthread { while x == 0 { y = 1 }; y = 2 }\nthread { x = 1 }\nshow y";
    assert_eq!(chances(two), [(values(&[2]), 1.0)]);
}

#[test]
fn spinning_on_what_never_comes_is_a_livelock() {
    let text = "shared flag, x\nthread { while flag == 0 { }; x = 1 }\nthread { x = 2 }";
    let found = counted(text);
    assert_eq!(found.outcomes.len(), 1);
    assert_eq!(found.outcomes[0].end, Ending::Livelock);
    let circle = found.circle.unwrap();
    assert!(circle.is_certain);
    assert_eq!(circle.threads, [0]);
}

/// At each moment one thread or another is in the queue, so that it is never empty.
#[test]
fn going_round_through_a_barrier_or_a_condition_is_a_livelock() {
    for text in [
        "shared x\nbarrier b = 2\nthreads 2 { while x == 0 { arrive b } }",
        "shared x\nmutex m\ncondition c on m\n\
         threads 2 { while x == 0 { lock m { notify c; wait c } } }",
    ] {
        let found = chances(text);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].0, Ending::Livelock);
        assert!((found[0].1 - 1.0).abs() < 1e-11, "{found:?}");
        goes_round(text);
        follows_it_for_ever(text);
    }
    // The chances are those of an independent enumeration with 164 states.
    let nine = "shared x\nbarrier b = 2\nthreads 3 { while x < 9 { arrive b } }\nthread { x = 9 }";
    let found = chances(nine);
    let chance = |wanted: fn(&Ending) -> bool| {
        let outcome = found.iter().find(|(end, _)| wanted(end)).unwrap();
        outcome.1
    };
    let (ends, hangs) = (
        chance(|end| matches!(end, Ending::Values(_))),
        chance(|end| matches!(end, Ending::Deadlock(_))),
    );
    assert!((ends - 0.554_085_528_412).abs() < 1e-11, "{found:?}");
    assert!((hangs - 0.445_914_471_588).abs() < 1e-11, "{found:?}");
}

/// A schedule made by rule is known to have no end as soon as it is where it was, not after a million
/// moves.
fn follows_it_for_ever(text: &str) {
    let race = race(text);
    for named in [Named::Serial, Named::Lockstep] {
        let source = named.source(&race.system);
        let mut run = ScheduleRun::new(&race.system, source, Completion::Serial);
        let error = run.end().unwrap_err().to_string();
        assert!(error.contains("the threads go round for ever"), "{error}");
        assert!(run.steps() < 100, "{named}: {} steps", run.steps());
    }
}

/// Walks the way in and three rounds; the machine is then where it was after the first.
pub(super) fn goes_round(text: &str) {
    let race = race(text);
    let found = census(&race.system, &Options::default()).unwrap();
    let circle = found.circle.unwrap_or_else(|| panic!("{text}"));
    let mut machine = Machine::new(&race.system);
    let walk = |machine: &mut Machine<'_>, schedule: &miscount::model::Schedule| {
        for segment in schedule.segments() {
            let Steps::Count(count) = segment.steps else {
                panic!("{schedule}")
            };
            for _ in 0..count {
                machine.step(segment.actor).unwrap();
            }
        }
    };
    walk(&mut machine, &circle.lead);
    let there = machine.clone();
    for _ in 0..3 {
        walk(&mut machine, &circle.round);
        assert!(machine == there, "{text}");
    }
}

#[test]
fn polite_threads_can_give_way_to_one_another_for_ever() {
    let text = "shared flag[2], inside\nthreads 2 {\n  flag[self] = 1\n  \
                while flag[1 - self] == 1 { flag[self] = 0; flag[self] = 1 }\n  \
                inside += 1\n  flag[self] = 0\n}\nshow inside";
    let found = counted(text);
    let circle = found.circle.as_ref().unwrap();
    assert!(!circle.is_certain);
    assert_eq!(circle.threads, [0, 1]);
    // A fair scheduler breaks the tie some time.
    assert_eq!(found.outcomes.len(), 1);
    assert_eq!(found.outcomes[0].end, values(&[2]));
    goes_round(text);
}

#[test]
fn both_flags_raised_and_both_waiting_is_certain() {
    let text = "shared flag[2], inside\nthreads 2 {\n  flag[self] = 1\n  \
                while flag[1 - self] == 1 { }\n  inside += 1\n  flag[self] = 0\n}\nshow inside";
    let found = counted(text);
    let ends: Vec<_> = found.outcomes.iter().map(|outcome| &outcome.end).collect();
    assert_eq!(ends, [&values(&[2]), &Ending::Livelock]);
    goes_round(text);
}

/// Readers that overlap keep a writer out for ever, unless a waiting writer goes first.
#[test]
fn a_writer_starves_where_readers_go_first() {
    let text = include_str!("../../programs/writer-starvation.race");
    let circle = counted(text).circle.unwrap();
    assert!(!circle.is_certain);
    assert_eq!(circle.threads, [0, 1]);
    goes_round(text);
    let fixed = include_str!("../../programs/writer-starvation-fixed.race");
    assert_eq!(counted(fixed).circle, None);
}

#[test]
fn waiting_for_a_turn_is_no_livelock() {
    // While one thread spins, the other is ready and would let it go on.
    let text =
        "shared busy, x\nthreads 2 { while cas(busy, 0, 1) == 0 { }; x += 1; busy = 0 }\nshow x";
    let found = counted(text);
    assert_eq!(found.circle, None);
    assert_eq!(found.outcomes[0].end, values(&[2]));
}
