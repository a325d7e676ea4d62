//! What contexts keep hold of, and what they let go: all that cannot be seen from outside.

use std::thread;
use std::time::Duration;

use super::*;

/// Enough to overflow the stack of a test thread many times over, were anything recursive.
const MANY: usize = 100_000;

const SOON: Duration = Duration::from_secs(1);

fn background() -> (Context, VirtualClock) {
    let clock = VirtualClock::new();
    (Context::background_on(clock.clone()), clock)
}

#[test]
fn a_dropped_child_is_forgotten_by_its_parent_and_by_the_clock() {
    let (root, clock) = background();
    let (child, canceler) = root.with_timeout(SOON);
    assert_eq!((root.signal().children(), clock.alarms_set()), (1, 1));
    drop(canceler);
    assert_eq!((root.signal().children(), clock.alarms_set()), (1, 1));
    drop(child);
    assert_eq!((root.signal().children(), clock.alarms_set()), (0, 0));
}

#[test]
fn a_cancelled_child_is_forgotten_even_while_someone_holds_it() {
    let (root, clock) = background();
    let (_child, canceler) = root.with_timeout(SOON);
    canceler.cancel();
    assert_eq!((root.signal().children(), clock.alarms_set()), (0, 0));
}

#[test]
fn a_child_whose_deadline_passed_is_forgotten() {
    let (root, clock) = background();
    let (_child, _canceler) = root.with_timeout(SOON);
    clock.advance(SOON);
    assert_eq!((root.signal().children(), clock.alarms_set()), (0, 0));
}

#[test]
fn an_ending_empties_every_list_below_it() {
    let (root, clock) = background();
    let (top, canceler) = root.with_timeout(SOON * 9);
    let (middle, _middle_canceler) = top.with_timeout(SOON * 8);
    let (_leaf, _leaf_canceler) = middle.with_timeout(SOON * 7);
    assert_eq!(clock.alarms_set(), 3);
    canceler.cancel();
    for ctx in [&root, &top, &middle] {
        assert_eq!(ctx.signal().children(), 0);
    }
    assert_eq!(clock.alarms_set(), 0);
}

#[test]
fn a_child_born_ended_is_never_listed() {
    let (root, clock) = background();
    let (parent, canceler) = root.with_cancel();
    canceler.cancel();
    let (_child, _canceler) = parent.with_timeout(SOON);
    assert_eq!((parent.signal().children(), clock.alarms_set()), (0, 0));
    let (_expired, _canceler) = root.with_timeout(Duration::ZERO);
    assert_eq!((root.signal().children(), clock.alarms_set()), (0, 0));
}

#[test]
fn a_child_bound_by_its_parents_deadline_sets_no_alarm() {
    let (root, clock) = background();
    let (parent, _canceler) = root.with_timeout(SOON);
    let (_same, _canceler) = parent.with_timeout(SOON);
    let (_later, _canceler) = parent.with_timeout(SOON * 2);
    let (_none, _canceler) = parent.with_cancel();
    assert_eq!(clock.alarms_set(), 1);
}

#[test]
fn one_below_keeps_those_above_it_and_no_longer() {
    let (root, clock) = background();
    let (middle, middle_canceler) = root.with_timeout(SOON);
    let (leaf, leaf_canceler) = middle.with_cancel();
    drop((middle, middle_canceler));
    assert_eq!((root.signal().children(), clock.alarms_set()), (1, 1));
    drop((leaf, leaf_canceler));
    assert_eq!((root.signal().children(), clock.alarms_set()), (0, 0));
}

#[test]
fn a_limited_wait_leaves_nothing_behind() {
    let (root, clock) = background();
    let (ctx, _canceler) = root.with_cancel();
    let waiting = thread::spawn({
        let ctx = ctx.clone();
        move || ctx.wait_for(SOON)
    });
    while clock.advance_to_next().is_none() {
        thread::yield_now();
    }
    assert!(!waiting.join().unwrap());
    assert_eq!((ctx.signal().children(), clock.alarms_set()), (0, 0));
}

#[test]
fn a_wide_tree_comes_and_goes() {
    let (root, clock) = background();
    let (parent, canceler) = root.with_cancel();
    let children: Vec<_> = (0..MANY).map(|_| parent.with_timeout(SOON).0).collect();
    assert_eq!(
        (parent.signal().children(), clock.alarms_set()),
        (MANY, MANY)
    );
    canceler.cancel();
    assert!(children.iter().all(Context::is_done));
    assert_eq!((parent.signal().children(), clock.alarms_set()), (0, 0));
}

#[test]
fn a_deep_chain_ends_and_is_freed_without_recursion() {
    let (root, clock) = background();
    let (parent, canceler) = root.with_cancel();
    let (top, mut leaf) = (parent.id(), parent);
    for left in (0..MANY).rev() {
        // Each a little before the one above it, so that each has an alarm.
        leaf = leaf
            .with_timeout(SOON + Duration::from_micros(left as u64))
            .0;
    }
    assert_eq!(clock.alarms_set(), MANY);
    canceler.cancel();
    assert_eq!(leaf.ended_through(), Some(top));
    assert_eq!(clock.alarms_set(), 0);
    drop(leaf);
    assert_eq!(root.signal().children(), 0);
}

#[test]
fn a_deep_chain_that_never_ended_is_freed_without_recursion() {
    let (root, clock) = background();
    let mut leaf = root.clone();
    for _ in 0..MANY {
        leaf = leaf.with_cancel().0;
    }
    assert_eq!(root.signal().children(), 1);
    drop(leaf);
    assert_eq!((root.signal().children(), clock.alarms_set()), (0, 0));
}

#[test]
fn deep_values_are_found_and_freed_without_recursion() {
    let (root, _clock) = background();
    let mut leaf = root.with_value("top", 1_u8);
    for _ in 0..MANY {
        leaf = leaf.with_value("other", 2_u8).with_cancel().0;
    }
    assert_eq!(leaf.value::<u8>("top"), Some(&1));
}
