//! Each limit of a search holds, and what is said then is true.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use miscount::model::{
    Census, CensusError, Limit, Limits, Options, Progress, Reach, Verdict, census,
};

use super::programs::{atomic, compare_exchange, mutex_per_op, unsynced};

fn limited(limits: Limits<'_>) -> Census {
    let options = Options {
        limits,
        ..Options::default()
    };
    census(&unsynced(2, 60).unwrap(), &options).unwrap()
}

/// What every truncated census must be careful to say.
fn is_careful(found: &Census, limit: Limit) {
    assert_eq!(found.verdict, Verdict::Truncated(limit));
    assert!(found.layers < 240);
    assert!(found.outcomes.is_empty(), "no schedule has ended yet");
    assert!(
        !found.reachable.is_empty(),
        "but some totals are surely possible"
    );
    assert!(
        found
            .reachable
            .iter()
            .all(|total| (2..=120).contains(total))
    );
    assert_eq!(found.reach(found.reachable[0]), Reach::Reachable);
    assert_eq!(found.reach(1), Reach::Incomplete(limit));
}

#[test]
fn states() {
    for states in [10, 1_000, 30_000, 200_000] {
        let found = limited(Limits {
            states,
            ..Limits::default()
        });
        is_careful(&found, Limit::States);
        assert_eq!(found.states, states);
    }
}

#[test]
fn a_limit_of_states_that_is_just_enough() {
    let system = unsynced(2, 5).unwrap();
    let with = |states| {
        let limits = Limits {
            states,
            ..Limits::default()
        };
        let options = Options {
            limits,
            ..Options::default()
        };
        census(&system, &options).unwrap()
    };
    assert_eq!(with(661).verdict, Verdict::Exhausted);
    assert_eq!(with(661).states, 661);
    assert_eq!(with(660).verdict, Verdict::Truncated(Limit::States));
}

#[test]
fn memory() {
    for memory in [1 << 20, 8 << 20] {
        let found = limited(Limits {
            memory,
            ..Limits::default()
        });
        is_careful(&found, Limit::Memory);
        assert!(found.peak_bytes > memory / 2, "{}", found.peak_bytes);
        assert!(
            found.peak_bytes <= memory + memory / 20,
            "{}",
            found.peak_bytes
        );
    }
}

#[test]
fn the_callers_stop() {
    let asked = AtomicU64::new(0);
    let stop = || asked.fetch_add(1, Relaxed) == 100;
    let found = limited(Limits {
        stop: &stop,
        ..Limits::default()
    });
    is_careful(&found, Limit::Stopped);
    assert_eq!(
        asked.load(Relaxed),
        101,
        "not asked again after it said stop"
    );
}

#[test]
fn the_caller_is_asked_every_few_thousand_states() {
    let asked = AtomicU64::new(0);
    let stop = || {
        asked.fetch_add(1, Relaxed);
        false
    };
    let options = Options {
        limits: Limits {
            stop: &stop,
            ..Limits::default()
        },
        ..Options::default()
    };
    let found = census(&unsynced(2, 20).unwrap(), &options).unwrap();
    assert!(found.widest > 4096);
    assert!(asked.load(Relaxed) * 1_000 > found.states);
}

#[test]
fn limits_hold_while_looking_for_spinning_too() {
    // The check for spinning begins after 32 layers, and walks through all states.
    let system = compare_exchange(3, 12).unwrap();
    let limits = Limits {
        states: 20_000,
        ..Limits::default()
    };
    let options = Options {
        limits,
        ..Options::default()
    };
    let found = census(&system, &options).unwrap();
    assert_eq!(found.verdict, Verdict::Truncated(Limit::States));
    assert_eq!(found.reachable, [36]);
}

#[test]
fn a_truncated_census_of_locks_reaches_ends_past_blocked_threads() {
    let options = Options {
        limits: Limits {
            states: 500,
            ..Limits::default()
        },
        ..Options::default()
    };
    let found = census(&mutex_per_op(3, 20).unwrap(), &options).unwrap();
    assert_eq!(found.verdict, Verdict::Truncated(Limit::States));
    assert_eq!(found.reachable, [60]);
}

#[test]
fn progress_is_told_of_every_layer() {
    let told: Mutex<Vec<Progress>> = Mutex::new(Vec::new());
    let tell = |progress: &Progress| told.lock().unwrap().push(*progress);
    let options = Options {
        progress: &tell,
        ..Options::default()
    };
    let found = census(&unsynced(2, 5).unwrap(), &options).unwrap();
    let told = told.into_inner().unwrap();
    let layers: Vec<u64> = told.iter().map(|progress| progress.layer).collect();
    assert_eq!(layers, (0..=20).collect::<Vec<_>>());
    assert_eq!(told[0].layer_states, 1);
    assert_eq!(
        told.iter().map(|p| p.layer_states).sum::<u64>(),
        found.states
    );
    assert_eq!(told.last().unwrap().states, found.states);
    assert_eq!(
        told.iter().map(|p| p.layer_states).max(),
        Some(found.widest)
    );
}

#[test]
fn too_many_threads_are_refused() {
    let error = census(&atomic(128, 1).unwrap(), &Options::default()).unwrap_err();
    let expected = CensusError::TooManyThreads {
        threads: 128,
        at_most: 127,
    };
    assert_eq!(error, expected);
    let most = census(&atomic(127, 1).unwrap(), &Options::default()).unwrap();
    assert_eq!(most.states, 128);
}
