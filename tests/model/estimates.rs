//! What is said beforehand of a size holds afterwards.

use std::collections::HashSet;

use miscount::model::{
    Estimate, Family, Options, SurveyQuestion, census, closest_fit, estimate, survey,
};

use super::programs::{FAMILIES, atomic, compare_exchange, mutex_per_op, rwlock_split, unsynced};

#[test]
fn small_sizes_are_counted() {
    assert_eq!(
        estimate(unsynced, 2, 5, &|| false),
        Ok(Estimate::Exact(661))
    );
    assert_eq!(estimate(atomic, 3, 0, &|| false), Ok(Estimate::Exact(1)));
}

#[test]
fn larger_sizes_are_continued_truly() {
    let options = Options {
        witnesses: false,
        ..Options::default()
    };
    // Some settings change what threads do, but not the system that is searched.
    let mut systems = HashSet::new();
    for (name, family) in FAMILIES {
        for (threads, increments) in [(2, 18), (3, 6)] {
            let system = family(threads, increments).unwrap();
            if !systems.insert(format!("{system:?}")) {
                continue;
            }
            let states = census(&system, &options).unwrap().states;
            let holds = match estimate(family, threads, increments, &|| false).unwrap() {
                Estimate::Exact(number) | Estimate::Continued(number) => number == states,
                Estimate::Between(low, high) => low <= states && states <= high,
                Estimate::AtLeast(low) => low <= states,
            };
            assert!(holds, "{name} {threads} x {increments}: {states}");
        }
    }
}

#[test]
fn sizes_beyond_any_search_are_told_at_once() {
    let huge = estimate(unsynced, 3, 5_000, &|| false).unwrap();
    let (Estimate::Between(low, _) | Estimate::Continued(low) | Estimate::AtLeast(low)) = huge
    else {
        panic!("{huge:?}");
    };
    assert!(low > 1_000_000_000, "{huge:?}");
    // A lock leaves so few states that thousands of increments fit.
    let small = estimate(mutex_per_op, 2, 2_000, &|| false).unwrap();
    assert!(
        matches!(small, Estimate::Continued(_) | Estimate::Exact(_)),
        "{small:?}"
    );
}

#[test]
fn the_closest_fit_fits_and_is_the_closest() {
    let options = Options {
        witnesses: false,
        ..Options::default()
    };
    let states = |threads, increments| {
        let system = unsynced(threads, increments).unwrap();
        census(&system, &options).unwrap().states
    };
    for (threads, limit) in [(2, 700), (2, 15_000), (3, 30_000)] {
        let fit = closest_fit(unsynced, threads, 5_000, limit, &|| false)
            .unwrap()
            .unwrap();
        assert_eq!(fit.0, threads);
        assert!(states(fit.0, fit.1) <= limit);
        assert!(states(fit.0, fit.1 + 1) > limit);
    }
    // Where not even one increment fits, threads are taken away.
    let fit = closest_fit(unsynced, 6, 10, 20, &|| false)
        .unwrap()
        .unwrap();
    assert!(fit.0 < 6 && states(fit.0, fit.1) <= 20, "{fit:?}");
    assert!(states(fit.0 + 1, 1) > 20);
    assert_eq!(closest_fit(unsynced, 3, 3, 1, &|| false), Ok(None));
    assert_eq!(
        closest_fit(unsynced, 2, 5, 661, &|| false),
        Ok(Some((2, 5)))
    );
    assert_eq!(
        closest_fit(unsynced, 2, 5, 660, &|| false),
        Ok(Some((2, 4)))
    );
}

/// What is recommended is a matter of seconds: a search looks at half a million states in each.
#[test]
fn the_size_that_is_recommended_takes_no_minutes() {
    for (family, threads) in [
        (rwlock_split as super::programs::Family, 2),
        (rwlock_split, 3),
        (compare_exchange, 2),
        (mutex_per_op, 3),
    ] {
        let sizes = Family {
            threads,
            increments: 5_000,
            system: family,
        };
        let question = SurveyQuestion {
            reach: None,
            regardless: false,
            options: Options::default(),
        };
        let system = family(threads, 5_000).unwrap();
        let found = survey(&system, Some(&sizes), &question).unwrap();
        let (threads, increments) = found.closest.unwrap();
        let states = estimate(family, threads, increments, &|| false).unwrap();
        assert!(
            states.at_most().is_some_and(|states| states < 5_000_000),
            "{threads} x {increments}: {states:?}"
        );
        assert!(increments > 3, "{threads} x {increments}");
    }
}
