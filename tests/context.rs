//! Contexts: what ends them, what they tell, and that random trees of them agree with a reference
//! too simple to be wrong.

use std::error::Error;
use std::fmt;
use std::io;
use std::sync::Arc;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use miscount::sync::{
    Action, AlarmId, Clock, Context, ContextError, Moment, SystemClock, VirtualClock,
};

mod random_trees;

const SECOND: Duration = Duration::from_secs(1);

fn background() -> (Context, VirtualClock) {
    let clock = VirtualClock::new();
    (Context::background_on(clock.clone()), clock)
}

/// Does something that may block for ever if it is broken, and then fails instead.
fn within_a_minute<T: Send + 'static>(what: impl FnOnce() -> T + Send + 'static) -> T {
    let (tell, told) = mpsc::channel();
    thread::spawn(move || tell.send(what()));
    match told.recv_timeout(Duration::from_mins(1)) {
        Ok(result) => result,
        Err(error) => panic!("it should have come back by now: {error}"),
    }
}

#[test]
fn a_background_context_goes_on() {
    let (root, clock) = background();
    clock.advance(Duration::MAX);
    assert!(!root.is_done());
    assert_eq!(
        (root.err(), root.deadline(), root.ended_through()),
        (None, None, None)
    );
    assert!(root.cause().is_none());
}

#[test]
fn cancelling_goes_down_and_neither_up_nor_sideways() {
    let (root, _) = background();
    let (top, _top_canceler) = root.with_cancel();
    let (middle, canceler) = top.with_cancel();
    let (sibling, _sibling_canceler) = top.with_cancel();
    let (leaf, _leaf_canceler) = middle.with_value("any", ()).with_timeout(SECOND);
    canceler.cancel();
    assert!(middle.is_done() && leaf.is_done());
    assert!(!root.is_done() && !top.is_done() && !sibling.is_done());
    assert_eq!(leaf.err(), Some(ContextError::Canceled));
    assert_eq!(leaf.ended_through(), Some(middle.id()));
}

#[test]
fn the_first_ending_counts() {
    let (root, clock) = background();
    let (parent, parent_canceler) = root.with_cancel();
    let (child, child_canceler) = parent.with_timeout(SECOND);
    clock.advance(SECOND);
    child_canceler.cancel_because("too late");
    parent_canceler.cancel_because("first for the parent");
    parent_canceler.cancel_because("second for the parent");
    assert_eq!(child.err(), Some(ContextError::DeadlineExceeded));
    assert_eq!(
        child.cause().unwrap().to_string(),
        ContextError::DeadlineExceeded.to_string()
    );
    assert_eq!(child.ended_through(), Some(child.id()));
    assert_eq!(parent.err(), Some(ContextError::Canceled));
    assert_eq!(parent.cause().unwrap().to_string(), "first for the parent");
}

#[derive(Debug, PartialEq)]
struct DiskFull {
    missing: u64,
}

impl fmt::Display for DiskFull {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes are missing", self.missing)
    }
}

impl Error for DiskFull {}

#[test]
fn a_cause_keeps_its_type_all_the_way_down() {
    let (root, _) = background();
    let (parent, canceler) = root.with_cancel();
    let (child, _canceler) = parent.with_cancel();
    canceler.cancel_because(DiskFull { missing: 5 });
    let (born_late, _canceler) = child.with_timeout(SECOND);
    for ctx in [parent, child, born_late] {
        let cause = ctx.cause().unwrap();
        assert_eq!(cause.downcast_ref(), Some(&DiskFull { missing: 5 }));
        assert_eq!(ctx.err(), Some(ContextError::Canceled));
    }
}

#[test]
fn without_a_cause_the_error_is_the_cause() {
    let (root, _) = background();
    let (ctx, canceler) = root.with_cancel();
    canceler.cancel();
    assert_eq!(
        ctx.cause().unwrap().downcast_ref(),
        Some(&ContextError::Canceled)
    );
}

#[test]
fn a_deadline_is_kept_to_the_nanosecond() {
    let (root, clock) = background();
    let (ctx, _canceler) = root.with_timeout(SECOND);
    clock.advance(Duration::from_nanos(999_999_999));
    assert_eq!(ctx.err(), None);
    clock.advance(Duration::from_nanos(1));
    assert_eq!(ctx.err(), Some(ContextError::DeadlineExceeded));
    assert_eq!(ctx.deadline(), Some(ctx.now()));
}

#[test]
fn a_deadline_that_has_come_ends_the_context_at_birth() {
    let (root, clock) = background();
    clock.advance(SECOND);
    for (ctx, _canceler) in [
        root.with_timeout(Duration::ZERO),
        root.with_deadline(clock.now()),
        root.with_deadline(Moment::START),
    ] {
        assert_eq!(ctx.err(), Some(ContextError::DeadlineExceeded));
        assert_eq!(ctx.ended_through(), Some(ctx.id()));
    }
}

#[test]
fn a_child_has_never_more_time_than_its_parent() {
    let (root, clock) = background();
    let (parent, _canceler) = root.with_timeout(2 * SECOND);
    let (shorter, _canceler) = parent.with_timeout(SECOND);
    let (longer, _canceler) = parent.with_timeout(3 * SECOND);
    let (endless, _canceler) = parent.with_cancel();
    assert_eq!(shorter.deadline(), Some(Moment::after_start(SECOND)));
    assert_eq!(longer.deadline(), parent.deadline());
    assert_eq!(endless.deadline(), parent.deadline());
    clock.advance(SECOND);
    assert!(shorter.is_done() && !longer.is_done() && !parent.is_done());
    clock.advance(SECOND);
    assert_eq!(longer.ended_through(), Some(parent.id()));
    assert_eq!(shorter.ended_through(), Some(shorter.id()));
}

#[test]
fn the_longest_durations_do_no_harm() {
    let (root, clock) = background();
    clock.advance(SECOND);
    let real = Context::background();
    for root in [root, real] {
        let (ctx, _canceler) = root.with_timeout(Duration::MAX);
        let (child, _canceler) = ctx.with_timeout(Duration::MAX);
        let (_, _canceler) = ctx.with_deadline(Moment::MAX);
        assert_eq!(child.deadline(), Some(Moment::MAX));
        assert!(!child.is_done());
    }
}

#[test]
fn forgetting_the_canceler_cancels_nothing() {
    let (root, clock) = background();
    let (ctx, canceler) = root.with_timeout(SECOND);
    drop(canceler);
    assert!(!ctx.is_done());
    clock.advance(SECOND);
    assert!(ctx.is_done());
}

#[test]
fn an_ending_passes_through_contexts_that_nobody_holds() {
    let (root, clock) = background();
    let (top, canceler) = root.with_cancel();
    let (cancelled, _canceler) = top.with_cancel().0.with_cancel();
    let (expired, _canceler) = root.with_timeout(SECOND).0.with_cancel();
    canceler.cancel();
    clock.advance(SECOND);
    assert_eq!(cancelled.ended_through(), Some(top.id()));
    assert_eq!(expired.err(), Some(ContextError::DeadlineExceeded));
}

#[test]
fn values_come_from_the_nearest_that_has_them() {
    let (root, _) = background();
    let parent = root.with_value("a", 1).with_value("b", "text");
    let (child, _canceler) = parent.with_cancel();
    let grandchild = child.with_value("a", 2.5);
    assert_eq!(root.value::<i32>("a"), None);
    assert_eq!(child.value::<i32>("a"), Some(&1));
    assert_eq!(grandchild.value::<f64>("a"), Some(&2.5));
    assert_eq!(
        grandchild.value::<i32>("a"),
        None,
        "hidden by a value of another type"
    );
    assert_eq!(grandchild.value::<&str>("b"), Some(&"text"));
}

#[test]
fn values_are_dropped_with_the_last_context_that_has_them() {
    let (root, _) = background();
    let value = Arc::new(());
    let parent = root.with_value("any", Arc::clone(&value));
    let (child, canceler) = parent.with_cancel();
    drop(parent);
    assert_eq!(Arc::strong_count(&value), 2);
    drop(child);
    assert_eq!(Arc::strong_count(&value), 1, "a canceler needs no values");
    drop(canceler);
}

#[test]
fn all_who_wait_are_woken() {
    let (ctx, canceler) = Context::background().with_cancel();
    let (child, _canceler) = ctx.with_value("any", ()).with_cancel();
    let done = within_a_minute(move || {
        let waiting: Vec<_> = [ctx.clone(), child.clone(), ctx, child]
            .map(|ctx| thread::spawn(move || (ctx.wait(), ctx.err()).1))
            .into_iter()
            .collect();
        canceler.cancel();
        waiting
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect::<Vec<_>>()
    });
    assert_eq!(done, [Some(ContextError::Canceled); 4]);
}

#[test]
fn a_limited_wait_ends_with_the_context() {
    let (ctx, canceler) = Context::background().with_cancel();
    let waiting = thread::spawn(move || ctx.wait_for(Duration::MAX));
    canceler.cancel();
    assert!(within_a_minute(move || waiting.join().unwrap()));
}

#[test]
fn a_limited_wait_ends_at_its_limit_and_not_before() {
    let (ctx, _canceler) = Context::background().with_cancel();
    let limit = Duration::from_millis(20);
    let (done, waited) = within_a_minute(move || {
        let start = ctx.now();
        (ctx.wait_for(limit), ctx.now().saturating_since(start))
    });
    assert!(!done);
    assert!(waited >= limit);
}

#[test]
fn a_limited_wait_takes_its_time_from_the_contexts_own_clock() {
    let (root, clock) = background();
    let (ctx, _canceler) = root.with_cancel();
    let done = within_a_minute(move || {
        let waiting = thread::spawn(move || ctx.wait_for(Duration::from_hours(1)));
        while clock.advance_to_next().is_none() {
            thread::yield_now();
        }
        waiting.join().unwrap()
    });
    assert!(!done);
}

#[test]
fn pollers_see_a_real_deadline_pass() {
    let (ctx, _canceler) = Context::background().with_timeout(Duration::from_millis(20));
    let (err, late) = within_a_minute(move || {
        while !ctx.is_done() {
            thread::yield_now();
        }
        (ctx.err(), Some(SystemClock.now()) >= ctx.deadline())
    });
    assert_eq!(err, Some(ContextError::DeadlineExceeded));
    assert!(late);
}

/// A clock on a machine that has no thread to spare.
pub(crate) struct NobodyRings;

impl Clock for NobodyRings {
    fn now(&self) -> Moment {
        Moment::START
    }

    fn set_alarm(&self, _: Moment, _: Action) -> io::Result<AlarmId> {
        Err(io::Error::new(
            io::ErrorKind::WouldBlock,
            "no thread to spare",
        ))
    }

    fn clear_alarm(&self, _: AlarmId) {}
}

#[test]
fn a_deadline_that_nobody_watches_cancels() {
    let root = Context::background_on(NobodyRings);
    let (ctx, _canceler) = root.with_timeout(SECOND);
    assert_eq!(ctx.err(), Some(ContextError::Canceled));
    assert_eq!(ctx.cause().unwrap().to_string(), "no thread to spare");
    assert!(!root.is_done());
}

#[test]
fn what_is_printed_names_the_state() {
    let (root, _) = background();
    let (ctx, canceler) = root.with_cancel();
    canceler.cancel();
    let printed = format!("{ctx:?}");
    assert!(printed.contains("Canceled"), "{printed}");
    assert_eq!(
        ContextError::Canceled.to_string(),
        "the context was cancelled"
    );
    assert_eq!(
        (root.id().to_string(), ctx.id().to_string()),
        ("0".into(), "1".into())
    );
}
