//! The primitives under a model checker: every interleaving of a few threads, none left to chance.
//!
//! The primitives are those of `src/sync`, as a package of their own that is built on loom's types.
//! A lost wake-up shows as a deadlock, which loom reports.

#![expect(clippy::unwrap_used, reason = "helpers of tests may do what tests may")]

use std::sync::Arc;
use std::time::Duration;

use loom::sync::atomic::{AtomicU32, Ordering::Relaxed};
use loom::sync::{Mutex, MutexGuard, RwLock, RwLockReadGuard};
use loom::thread;
use sync::{Canceler, Condition, Context, ContextError, Locker, Moment, VirtualClock, WaitGroup};

const SECOND: Duration = Duration::from_secs(1);

fn background() -> (Context, VirtualClock) {
    let clock = VirtualClock::new();
    (Context::background_on(clock.clone()), clock)
}

/// Every interleaving in which threads are interrupted three times at most, for tests of which all
/// would take minutes.
fn few_switches(test: impl Fn() + Sync + Send + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(3);
    builder.check(test);
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

#[test]
fn a_wait_returns_only_when_all_are_done_and_sees_what_they_did() {
    loom::model(|| {
        let group = Arc::new(WaitGroup::new());
        let counter = Arc::new(AtomicU32::new(0));
        let others: Vec<_> = (0..2)
            .map(|_| {
                group.add(1).unwrap();
                let (group, counter) = (Arc::clone(&group), Arc::clone(&counter));
                thread::spawn(move || {
                    counter.fetch_add(1, Relaxed);
                    group.done().unwrap();
                })
            })
            .collect();
        group.wait();
        assert_eq!(counter.load(Relaxed), 2);
        for other in others {
            other.join().unwrap();
        }
    });
}

#[test]
fn two_who_wait_for_a_group_are_both_let_go_though_it_is_used_again() {
    few_switches(|| {
        let group = Arc::new(WaitGroup::new());
        group.add(1).unwrap();
        let other = thread::spawn({
            let group = Arc::clone(&group);
            move || group.wait()
        });
        let third = thread::spawn({
            let group = Arc::clone(&group);
            move || {
                group.done().unwrap();
                group.add(1).unwrap();
                group.done().unwrap();
            }
        });
        group.wait();
        other.join().unwrap();
        third.join().unwrap();
    });
}

#[test]
fn a_wait_for_a_group_against_a_cancel() {
    loom::model(|| {
        let group = Arc::new(WaitGroup::new());
        let (ctx, canceler) = background().0.with_cancel();
        group.add_named("A").unwrap();
        let other = cancel(canceler);
        let third = thread::spawn({
            let group = Arc::clone(&group);
            move || group.done_named("A").unwrap()
        });
        match group.wait_under(&ctx) {
            Ok(()) => assert_eq!(group.count(), 0),
            Err(unfinished) => {
                assert_eq!(unfinished.error, ContextError::Canceled);
                assert_eq!(unfinished.missing, ["A"]);
            }
        }
        other.join().unwrap();
        third.join().unwrap();
        // Whoever waits afterwards finds it done.
        assert_eq!(group.wait_under(&ctx), Ok(()));
    });
}

/// A mutex of the model checker's.
struct Exclusive(Mutex<u32>);

impl Locker for Exclusive {
    type Guard<'a> = MutexGuard<'a, u32>;

    fn lock(&self) -> MutexGuard<'_, u32> {
        self.0.lock().unwrap()
    }
}

/// The read side of a read-write lock of the model checker's.
struct Reading(RwLock<u32>);

impl Locker for Reading {
    type Guard<'a> = RwLockReadGuard<'a, u32>;

    fn lock(&self) -> RwLockReadGuard<'_, u32> {
        self.0.read().unwrap()
    }
}

#[test]
fn a_notification_between_unlocking_and_sleeping_is_not_lost() {
    loom::model(|| {
        let shared = Arc::new((Exclusive(Mutex::new(0)), Condition::new()));
        let other = thread::spawn({
            let shared = Arc::clone(&shared);
            move || {
                *shared.0.lock() = 1;
                shared.1.notify_one();
            }
        });
        let mut value = shared.0.lock();
        while *value == 0 {
            value = shared.1.wait(&shared.0, value);
        }
        drop(value);
        other.join().unwrap();
    });
}

#[test]
fn readers_who_wait_through_the_read_side_are_all_woken() {
    loom::model(|| {
        let shared = Arc::new((Reading(RwLock::new(0)), Condition::new()));
        let read = |shared: &(Reading, Condition)| {
            let mut value = shared.0.lock();
            while *value == 0 {
                value = shared.1.wait(&shared.0, value);
            }
            *value
        };
        let other = thread::spawn({
            let shared = Arc::clone(&shared);
            move || read(&shared)
        });
        let writer = thread::spawn({
            let shared = Arc::clone(&shared);
            move || {
                *shared.0.0.write().unwrap() = 7;
                shared.1.notify_all();
            }
        });
        assert_eq!(read(&shared), 7);
        assert_eq!(other.join().unwrap(), 7);
        writer.join().unwrap();
    });
}

/// Notes under the lock that it is about to wait, and waits once; gives whether it was notified.
fn wait_once(shared: &(Exclusive, Condition), ctx: &Context) -> bool {
    let mut about_to_wait = shared.0.lock();
    *about_to_wait += 1;
    let (_, ended) = shared.1.wait_under(ctx, &shared.0, about_to_wait);
    ended.is_ok()
}

#[test]
fn one_notification_wakes_one() {
    few_switches(|| {
        let shared = Arc::new((Exclusive(Mutex::new(0)), Condition::new()));
        let (ctx, canceler) = background().0.with_cancel();
        let waiters: Vec<_> = (0..2)
            .map(|_| {
                let (shared, ctx) = (Arc::clone(&shared), ctx.clone());
                thread::spawn(move || wait_once(&shared, &ctx))
            })
            .collect();
        let waiting = *shared.0.lock();
        shared.1.notify_one();
        canceler.cancel();
        let woken = waiters.into_iter().map(|waiter| waiter.join().unwrap());
        let woken = woken.filter(|&woken| woken).count();
        assert!(woken <= 1, "woken twice");
        assert!(woken == 1 || waiting == 0, "woken nobody");
    });
}

#[test]
fn a_notification_is_not_wasted_on_one_whose_context_ends() {
    few_switches(|| {
        let shared = Arc::new((Exclusive(Mutex::new(0)), Condition::new()));
        let (ctx, canceler) = background().0.with_cancel();
        let hasty = thread::spawn({
            let shared = Arc::clone(&shared);
            move || {
                // Who has taken the notification and has no use for it knows, and passes it on.
                if wait_once(&shared, &ctx) {
                    shared.1.notify_one();
                }
            }
        });
        let other = thread::spawn({
            let shared = Arc::clone(&shared);
            move || {
                // So that the patient one stands in the queue.
                drop(shared.0.lock());
                canceler.cancel();
            }
        });
        let patient = shared.0.lock();
        let notifier = thread::spawn({
            let shared = Arc::clone(&shared);
            move || {
                drop(shared.0.lock());
                shared.1.notify_one();
            }
        });
        // It hangs, which loom reports, if the notification is lost to the hasty one.
        drop(shared.1.wait(&shared.0, patient));
        for thread in [hasty, other, notifier] {
            thread.join().unwrap();
        }
    });
}
