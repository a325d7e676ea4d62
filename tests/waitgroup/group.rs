//! The primitive.

use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use miscount::sync::{Context, ContextError, CountError, VirtualClock, WaitGroup};
use proptest::prelude::*;

#[test]
fn who_waits_sees_what_all_have_done() {
    let (group, counter) = (WaitGroup::new(), AtomicU64::new(0));
    thread::scope(|scope| {
        for _ in 0..50 {
            group.add(1).unwrap();
            scope.spawn(|| {
                counter.fetch_add(1, Ordering::Relaxed);
                group.done().unwrap();
            });
        }
        for _ in 0..3 {
            scope.spawn(|| {
                group.wait();
                assert_eq!(counter.load(Ordering::Relaxed), 50);
            });
        }
        group.wait();
        assert_eq!(counter.load(Ordering::Relaxed), 50);
    });
    // And once more, with the same group.
    group.add(1).unwrap();
    assert_eq!(group.count(), 1);
    group.done().unwrap();
    group.wait();
}

#[test]
fn a_group_that_nobody_was_added_to_is_not_waited_for() {
    WaitGroup::new().wait();
    let (ended, canceler) = Context::background().with_cancel();
    canceler.cancel();
    assert_eq!(WaitGroup::new().wait_under(&ended), Ok(()));
}

#[test]
fn a_count_that_cannot_be_is_an_error_and_changes_nothing() {
    let group = WaitGroup::new();
    assert_eq!(group.done(), Err(CountError::Negative));
    group.add(2).unwrap();
    assert_eq!(group.add(-3), Err(CountError::Negative));
    assert_eq!(group.add(i64::MIN), Err(CountError::Negative));
    assert_eq!(group.count(), 2);
    group.add(i64::MAX).unwrap();
    group.add(i64::MAX - 2).unwrap();
    assert_eq!(group.count(), u64::MAX - 1);
    assert_eq!(group.add(2), Err(CountError::TooLarge));
    group.add_named("last").unwrap();
    assert_eq!(group.add_named("more"), Err(CountError::TooLarge));
    assert_eq!(group.done_named("more"), Err(CountError::NotAdded));
    group.done_named("last").unwrap();
    assert_eq!(group.done_named("last"), Err(CountError::NotAdded));
    assert_eq!(group.count(), u64::MAX - 1);
}

proptest! {
    #[test]
    fn a_count_is_the_sum_of_what_was_taken(deltas in prop::collection::vec(-5_i64..5, 0..40)) {
        let (group, mut sum) = (WaitGroup::new(), 0_i64);
        for delta in deltas {
            match group.add(delta) {
                Ok(()) => sum += delta,
                Err(error) => {
                    prop_assert_eq!(error, CountError::Negative);
                    prop_assert!(sum + delta < 0);
                }
            }
            prop_assert_eq!(i64::try_from(group.count()), Ok(sum));
        }
    }
}

#[test]
fn a_wait_that_comes_to_nothing_tells_who_was_missing() {
    let clock = VirtualClock::new();
    let hour = Duration::from_hours(1);
    let (ctx, _canceler) = Context::background_on(clock.clone()).with_timeout(hour);
    let group = WaitGroup::new();
    for name in ["A", "B", "C", "B"] {
        group.add_named(name).unwrap();
    }
    group.add(1).unwrap();
    group.done_named("B").unwrap();
    let unfinished = thread::scope(|scope| {
        let waiting = scope.spawn(|| group.wait_under(&ctx));
        while clock.advance_to_next().is_none() {
            thread::yield_now();
        }
        waiting.join().unwrap().unwrap_err()
    });
    assert_eq!(unfinished.error, ContextError::DeadlineExceeded);
    assert_eq!(unfinished.count, 4);
    assert_eq!(unfinished.missing, ["A", "C", "B"]);
    assert_eq!(
        unfinished.to_string(),
        "the context's deadline has passed, and 4 were not done: A, C, B"
    );
    // The wait has left nothing behind: the group goes on.
    for name in ["A", "C", "B"] {
        group.done_named(name).unwrap();
    }
    group.done().unwrap();
    assert_eq!(group.wait_under(&ctx), Ok(()));
}
