//! The recurrence for counting threads finds what the search finds where both can count, and what is known where a
//! search can't.

use miscount::model::{
    Census, Family, Limit, Limits, MemoryModel, Method, Options, Survey, SurveyQuestion, census,
    count_chains, survey,
};
use num_bigint::BigUint;

use super::programs::{FAMILIES, unsynced};

fn by_recurrence(threads: usize, increments: u64) -> Census {
    let system = unsynced(threads, increments).unwrap();
    count_chains(&system, &Options::default()).unwrap().unwrap()
}

#[test]
fn the_recurrence_agrees_with_the_search() {
    let two = (1..=20).map(|increments| (2, increments));
    let three = (1..=6).map(|increments| (3, increments));
    let more = [
        (4, 1),
        (4, 2),
        (4, 3),
        (5, 1),
        (5, 2),
        (6, 1),
        (6, 2),
        (9, 1),
    ];
    for (threads, increments) in two.chain(three).chain(more) {
        let name = format!("{threads} x {increments}");
        let system = unsynced(threads, increments).unwrap();
        let searched = census(&system, &Options::default()).unwrap();
        let counted = by_recurrence(threads, increments);
        assert_eq!(counted.method, Method::Recurrence);
        assert_eq!(counted.schedules, searched.schedules, "{name}");
        assert_eq!(counted.layers, searched.layers, "{name}");
        assert_eq!(counted.outcomes.len(), searched.outcomes.len(), "{name}");
        for (ours, theirs) in counted.outcomes.iter().zip(&searched.outcomes) {
            let name = format!("{name}: {:?}", ours.end);
            assert_eq!(ours.end, theirs.end, "{name}");
            assert_eq!(ours.schedules, theirs.schedules, "{name}");
            assert_eq!(ours.share, theirs.share, "{name}");
            let [ours_fair, theirs_fair] = [ours, theirs].map(|one| one.fair_share.unwrap());
            assert!((ours_fair / theirs_fair - 1.0).abs() < 1e-12, "{name}");
            assert_eq!(ours.switches, theirs.switches, "{name}");
            if theirs.end.total() > Some(2) {
                assert_eq!(ours.witness, theirs.witness, "{name}");
            }
        }
    }
}

/// The orders of so many things, in groups of which each has its own order already.
fn orders(groups: u64, each: u64) -> BigUint {
    let factorial = |n: u64| (1..=n).map(BigUint::from).product::<BigUint>();
    factorial(groups * each) / factorial(each).pow(u32::try_from(groups).unwrap())
}

#[test]
fn what_is_known_of_large_sizes() {
    for (threads, increments) in [(2, 100), (3, 18), (4, 8), (7, 3), (40, 1)] {
        let found = by_recurrence(threads, increments);
        let name = format!("{threads} x {increments}");
        let number = threads as u64;
        assert_eq!(found.schedules, orders(number, 2 * increments), "{name}");
        // All are correct where no increment is interrupted.
        let correct = found.total(number * increments).unwrap();
        assert_eq!(correct.schedules, orders(number, increments), "{name}");
        let least = if increments == 1 { 1 } else { 2 };
        assert!(found.totals().eq(least..=number * increments), "{name}");
        let fair: f64 = found
            .outcomes
            .iter()
            .map(|one| one.fair_share.unwrap())
            .sum();
        assert!((fair - 1.0).abs() < 1e-9, "{name}: {fair}");
    }
}

fn surveyed(threads: usize, increments: u64, limits: Limits<'_>) -> Survey {
    let options = Options {
        limits,
        ..Options::default()
    };
    let question = SurveyQuestion {
        reach: None,
        regardless: false,
        options,
    };
    let family = Family {
        threads,
        increments,
        system: unsynced,
    };
    let system = unsynced(threads, increments).unwrap();
    survey(&system, Some(&family), &question).unwrap()
}

#[test]
fn a_survey_needs_no_search_for_it() {
    let found = surveyed(3, 15, Limits::default());
    assert!(found.is_exhausted());
    let census = found.census.unwrap();
    assert_eq!(census.method, Method::Recurrence);
    assert!(census.states < 500_000, "{}", census.states);
    // A small size is searched, so its states are those that there are.
    let small = surveyed(2, 5, Limits::default());
    assert_eq!(small.census.unwrap().method, Method::Search);
}

#[test]
fn what_takes_too_long_has_a_smaller_size() {
    let found = surveyed(3, 5_000, Limits::default());
    // The places alone: the ways to choose 3 of 10,001, with repetition.
    let places = 10_003_u64 * 10_002 * 10_001 / 6;
    assert!(found.beyond.unwrap().at_least() > places);
    let closest = found.closest;
    assert!(matches!(closest, Some((3, 40..=200))), "{closest:?}");
    // What does not fit in the limits is no size to recommend.
    let limits = Limits {
        states: 20,
        ..Limits::default()
    };
    assert_eq!(surveyed(2, 6, limits).closest, Some((2, 1)));
}

#[test]
fn only_what_counts_and_does_nothing_else_has_the_recurrence() {
    for (name, family) in FAMILIES {
        let system = family(2, 3).unwrap();
        let has = count_chains(&system, &Options::default()).is_some();
        assert_eq!(
            has,
            ["unsynced", "unsynced single-instruction", "unsynced window"].contains(&name),
            "{name}"
        );
    }
    let delayed = unsynced(2, 3).unwrap().under(MemoryModel::Tso);
    assert!(count_chains(&delayed, &Options::default()).is_none());
}

#[test]
fn the_recurrence_keeps_its_limits() {
    let count = |limits| {
        let options = Options {
            limits,
            ..Options::default()
        };
        count_chains(&unsynced(3, 1_000).unwrap(), &options).unwrap()
    };
    let states = Limits {
        states: 10_000,
        ..Limits::default()
    };
    assert_eq!(count(states).unwrap_err(), Limit::States);
    let memory = Limits {
        memory: 1 << 20,
        ..Limits::default()
    };
    assert_eq!(count(memory).unwrap_err(), Limit::Memory);
    let stop = Limits {
        stop: &|| true,
        ..Limits::default()
    };
    assert_eq!(count(stop).unwrap_err(), Limit::Stopped);
    // The places of one layer alone are too many.
    let options = Options {
        limits: Limits {
            memory: 1 << 24,
            ..Limits::default()
        },
        ..Options::default()
    };
    let many = count_chains(&unsynced(60, 1_000).unwrap(), &options).unwrap();
    assert_eq!(many.unwrap_err(), Limit::Memory);
}

/// Programs of one's own have it as well, whatever the counter is called and wherever it begins.
#[test]
fn a_race_program_that_only_counts_has_it() {
    let text = "shared tickets = 3\nthreads 3 {\n    repeat 4 {\n        local r = tickets\n        tickets = r + 1\n    }\n}\n";
    let race = |text: &str| crate::race::race(text).system;
    let system = race(text);
    let counted = count_chains(&system, &Options::default()).unwrap().unwrap();
    let searched = census(&system, &Options::default()).unwrap();
    assert_eq!(counted.outcomes.len(), searched.outcomes.len());
    for (ours, theirs) in counted.outcomes.iter().zip(&searched.outcomes) {
        assert_eq!(
            (&ours.end, &ours.schedules),
            (&theirs.end, &theirs.schedules)
        );
        assert_eq!(
            (&ours.share, ours.switches),
            (&theirs.share, theirs.switches)
        );
    }
    // A look at the value in between, or at another variable, is something else.
    for other in [
        text.replace(
            "        tickets = r + 1",
            "        if r < 9 { tickets = r + 1 }",
        ),
        text.replace("shared tickets = 3", "shared tickets = 3\nshared other = 0")
            .replace("r = tickets\n", "r = tickets\n        other = 1\n"),
        text.replace("r + 1", "r + 2"),
    ] {
        assert!(
            count_chains(&race(&other), &Options::default()).is_none(),
            "{other}"
        );
    }
}
