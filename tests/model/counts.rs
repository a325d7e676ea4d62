//! Exact counts known from elsewhere: the literature of lost updates, and combinatorics.

use miscount::model::{Options, Reach, Verdict, census};
use num_bigint::BigUint;

use super::programs::{FAMILIES, atomic, unsynced};

fn factorial(n: u64) -> BigUint {
    (1..=n).product()
}

#[test]
fn two_threads_of_five_increments() {
    let found = census(&unsynced(2, 5).unwrap(), &Options::default()).unwrap();
    assert_eq!(found.schedules, 184_756_u32.into());
    assert_eq!(found.total(2).unwrap().schedules, 8_u8.into());
    assert_eq!(found.total(10).unwrap().schedules, 252_u8.into());
    assert_eq!(
        found.totals().collect::<Vec<_>>(),
        (2..=10).collect::<Vec<_>>()
    );
    let worst = found.total(2).unwrap();
    assert_eq!(
        worst.witness.as_ref().unwrap().to_string(),
        "A,B8,A2,B,A-,B-"
    );
    assert_eq!(worst.switches, Some(5));
    let share = worst.share.unwrap();
    assert!((share - 8.0 / 184_756.0).abs() < 1e-15);
    // The eight schedules: the first thread's store must be its first, the second's last load
    // comes right after it, and so on: their chance is a sum of powers of two.
    let fair: f64 = found.outcomes.iter().map(|o| o.fair_share.unwrap()).sum();
    assert!((fair - 1.0).abs() < 1e-12);
}

#[test]
fn two_threads_of_ten_increments() {
    let found = census(&unsynced(2, 10).unwrap(), &Options::default()).unwrap();
    assert_eq!(found.schedules, 137_846_528_820_u64.into());
    assert_eq!(found.verdict, Verdict::Exhausted);
}

#[test]
fn all_schedules_and_the_correct_ones_are_multinomial() {
    for (threads, increments) in [
        (3, 3),
        (3, 5),
        (4, 3),
        (2, 20),
        (2, 33),
        (5, 2),
        (1, 9),
        (3, 0),
    ] {
        let system = unsynced(threads, increments).unwrap();
        let options = Options {
            witnesses: false,
            ..Options::default()
        };
        let found = census(&system, &options).unwrap();
        let n = threads as u64;
        let power = u32::try_from(threads).unwrap();
        // All interleavings of N threads of 2M steps.
        let all = factorial(2 * n * increments) / factorial(2 * increments).pow(power);
        assert_eq!(found.schedules, all, "{threads} x {increments}");
        // Nothing is lost exactly when no increment is interrupted.
        let correct = factorial(n * increments) / factorial(increments).pow(power);
        let total = found.total(n * increments).unwrap();
        assert_eq!(total.schedules, correct, "{threads} x {increments}");
    }
}

#[test]
fn counts_beyond_128_bits_are_exact() {
    // 400 steps: about 2^396 schedules over few states.
    let found = census(&atomic(2, 200).unwrap(), &Options::default()).unwrap();
    assert_eq!(found.schedules, factorial(400) / factorial(200).pow(2));
    assert!(found.schedules.bits() > 390);
    // Ten times as many threads' worth of symmetry: 40 threads of one step.
    let found = census(&atomic(40, 1).unwrap(), &Options::default()).unwrap();
    assert_eq!(found.schedules, factorial(40));
    assert_eq!(found.states, 41);
}

#[test]
fn correct_strategies_have_one_outcome() {
    for (name, family) in FAMILIES {
        let wrong = name.starts_with("unsynced") || name.contains("split");
        let found = census(&family(3, 3).unwrap(), &Options::default()).unwrap();
        assert_eq!(found.verdict, Verdict::Exhausted);
        assert_eq!(found.outcomes.len() == 1, !wrong, "{name}");
        assert!(found.total(9).is_some(), "{name}");
        let share: f64 = found.outcomes.iter().map(|o| o.share.unwrap()).sum();
        let fair: f64 = found.outcomes.iter().map(|o| o.fair_share.unwrap()).sum();
        assert!(
            (share - 1.0).abs() < 1e-9 && (fair - 1.0).abs() < 1e-9,
            "{name}"
        );
    }
}

#[test]
fn the_answer_does_not_depend_on_the_number_of_cores() {
    // Wide enough for its layers to be split.
    let system = unsynced(2, 20).unwrap();
    let on = |cores| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(cores).build();
        pool.unwrap()
            .install(|| census(&system, &Options::default()).unwrap())
    };
    let one = on(1);
    assert!(one.widest > 4096);
    for cores in [2, 3] {
        assert_eq!(on(cores), one, "{cores} cores");
    }
}

#[test]
fn wide_states_are_counted_like_narrow_ones() {
    // Eight threads need more than one word for a state; so do ever growing values.
    let found = census(&unsynced(8, 1).unwrap(), &Options::default()).unwrap();
    assert_eq!(found.schedules, factorial(16) / BigUint::from(2_u8).pow(8));
    assert_eq!(found.total(8).unwrap().schedules, factorial(8));
    assert_eq!(found.total(1).unwrap().switches, Some(8));
    let found = census(&unsynced(12, 1).unwrap(), &Options::default()).unwrap();
    assert_eq!(found.total(12).unwrap().schedules, factorial(12));
}

#[test]
fn reach_tells_witness_from_impossible() {
    let found = census(&unsynced(2, 3).unwrap(), &Options::default()).unwrap();
    let Reach::Witness(outcome) = found.reach(2) else {
        panic!("2 can be reached");
    };
    assert_eq!(
        outcome.witness.as_ref().unwrap().to_string(),
        "A,B4,A2,B,A-,B-"
    );
    assert_eq!(found.reach(1), Reach::Impossible(&924_u32.into()));
    assert_eq!(found.reach(7), Reach::Impossible(&924_u32.into()));
}
