//! Contexts under a model checker: every interleaving of a few threads, none left to chance.
//!
//! Built only with `RUSTFLAGS="--cfg loom" cargo test --release --test loom`; otherwise empty.
//! A lost wake-up shows as a deadlock, which loom reports.
#![cfg(loom)]

use std::sync::Arc;
use std::time::Duration;

use loom::sync::atomic::{AtomicU32, Ordering::Relaxed};
use loom::thread;
use miscount::sync::{Canceler, Context, ContextError, Moment, VirtualClock};

const SECOND: Duration = Duration::from_secs(1);

fn background() -> (Context, VirtualClock) {
    let clock = VirtualClock::new();
    (Context::background_on(clock.clone()), clock)
}

fn cancel(canceler: Canceler) -> thread::JoinHandle<()> {
    thread::spawn(move || canceler.cancel())
}

#[test]
fn cancel_against_deadline_one_wins_for_all() {
    loom::model(|| {
        let (root, clock) = background();
        let (ctx, canceler) = root.with_timeout(SECOND);
        let (child, _child_canceler) = ctx.with_cancel();
        let other = cancel(canceler);
        clock.advance(SECOND);
        // The child may still be on its way, if it is the other thread that ends it.
        let err = ctx.err();
        assert!(err.is_some());
        other.join().unwrap();
        assert_eq!((ctx.err(), child.err()), (err, err));
        assert_eq!(child.ended_through(), Some(ctx.id()));
    });
}

#[test]
fn cancel_against_cancel_of_the_parent() {
    loom::model(|| {
        let (root, _) = background();
        let (parent, parent_canceler) = root.with_cancel();
        let (child, child_canceler) = parent.with_cancel();
        let (leaf, _leaf_canceler) = child.with_cancel();
        let other = thread::spawn({
            let leaf = leaf.clone();
            move || {
                child_canceler.cancel_because("child");
                // Whoever wins: when a cancel returns, all below has ended.
                assert!(leaf.is_done());
            }
        });
        parent_canceler.cancel_because("parent");
        assert!(parent.is_done() && child.is_done() && leaf.is_done());
        other.join().unwrap();
        let [parent_cause, child_cause, leaf_cause] =
            [&parent, &child, &leaf].map(|ctx| ctx.cause().unwrap().to_string());
        assert_eq!(parent_cause, "parent");
        assert_eq!(leaf_cause, child_cause);
    });
}

#[test]
fn cancel_against_cancel_of_the_same() {
    loom::model(|| {
        let (root, _) = background();
        let (ctx, canceler) = root.with_cancel();
        let (child, _child_canceler) = ctx.with_cancel();
        let other = thread::spawn({
            let (canceler, child) = (canceler.clone(), child.clone());
            move || {
                canceler.cancel_because("one");
                assert!(child.is_done());
            }
        });
        canceler.cancel_because("two");
        assert!(child.is_done());
        let cause = ctx.cause().unwrap().to_string();
        other.join().unwrap();
        assert_eq!(ctx.cause().unwrap().to_string(), cause);
        assert_eq!(child.cause().unwrap().to_string(), cause);
    });
}

#[test]
fn a_child_made_during_a_cancel_ends_too() {
    loom::model(|| {
        let (root, clock) = background();
        let (parent, canceler) = root.with_cancel();
        let other = cancel(canceler);
        let (child, _child_canceler) = parent.with_timeout(SECOND);
        let (grandchild, _grandchild_canceler) = child.with_cancel();
        other.join().unwrap();
        assert_eq!(child.err(), Some(ContextError::Canceled));
        assert_eq!(grandchild.ended_through(), Some(parent.id()));
        // Its alarm is gone too, however late it was set.
        assert_eq!(clock.advance_to_next(), None);
    });
}

#[test]
fn a_child_dropped_during_a_cancel_does_no_harm() {
    loom::model(|| {
        let (root, clock) = background();
        let (parent, canceler) = root.with_cancel();
        let (child, child_canceler) = parent.with_timeout(SECOND);
        let (leaf, leaf_canceler) = child.with_cancel();
        let other = cancel(canceler);
        drop((child, child_canceler));
        drop((leaf, leaf_canceler));
        other.join().unwrap();
        assert!(parent.is_done());
        assert_eq!(clock.advance_to_next(), None);
    });
}

#[test]
fn who_waits_is_woken() {
    loom::model(|| {
        let (root, _) = background();
        let (ctx, canceler) = root.with_cancel();
        let (child, _child_canceler) = ctx.with_cancel();
        let other = cancel(canceler);
        child.wait();
        assert!(ctx.is_done() && child.is_done());
        other.join().unwrap();
    });
}

#[test]
fn two_who_wait_are_both_woken() {
    loom::model(|| {
        let (root, _) = background();
        let (ctx, canceler) = root.with_cancel();
        let other = thread::spawn({
            let ctx = ctx.clone();
            move || ctx.wait()
        });
        let third = cancel(canceler);
        ctx.wait();
        other.join().unwrap();
        third.join().unwrap();
    });
}

#[test]
fn a_limited_wait_against_cancel() {
    loom::model(|| {
        let (root, clock) = background();
        let (ctx, canceler) = root.with_cancel();
        let other = cancel(canceler);
        assert!(ctx.wait_for(SECOND));
        other.join().unwrap();
        assert_eq!(clock.advance_to_next(), None);
    });
}

#[test]
fn a_deadline_set_while_the_clock_passes_it_is_not_missed() {
    loom::model(|| {
        let (root, clock) = background();
        let other = thread::spawn(move || clock.advance(2 * SECOND));
        let (ctx, _canceler) = root.with_deadline(Moment::after_start(SECOND));
        ctx.wait();
        assert_eq!(ctx.err(), Some(ContextError::DeadlineExceeded));
        other.join().unwrap();
    });
}

#[test]
fn who_sees_the_end_sees_what_came_before_it() {
    loom::model(|| {
        let (root, _) = background();
        let (parent, canceler) = root.with_cancel();
        let (ctx, _canceler) = parent.with_cancel();
        let result = Arc::new(AtomicU32::new(0));
        let other = thread::spawn({
            let result = Arc::clone(&result);
            move || {
                result.store(7, Relaxed);
                canceler.cancel();
            }
        });
        if ctx.is_done() {
            assert_eq!(result.load(Relaxed), 7);
            assert!(parent.is_done());
        }
        other.join().unwrap();
    });
}

#[test]
fn a_deadline_above_against_a_cancel_below_against_a_new_child() {
    loom::model(|| {
        let (root, clock) = background();
        let (parent, _canceler) = root.with_timeout(SECOND);
        let (child, canceler) = parent.with_cancel();
        let other = cancel(canceler);
        let third = thread::spawn(move || clock.advance(SECOND));
        let (leaf, _leaf_canceler) = child.with_cancel();
        other.join().unwrap();
        third.join().unwrap();
        assert_eq!(parent.err(), Some(ContextError::DeadlineExceeded));
        assert_eq!(leaf.err(), child.err());
        assert_eq!(leaf.ended_through(), child.ended_through());
    });
}
