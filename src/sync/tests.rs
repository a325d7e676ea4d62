//! What contexts keep and what they release, which cannot be seen from outside.

use std::thread;
use std::time::Duration;

use super::*;

/// Enough to overflow the stack of a test thread many times over if anything recursed.
const MANY: usize = 100_000;

const SOON: Duration = Duration::from_secs(1);

fn background() -> (Context, VirtualClock) {
    let clock = VirtualClock::new();
    (Context::background_on(clock.clone()), clock)
}

/// Checks the number of children that the context lists and of alarms that the clock has set.
#[track_caller]
fn assert_kept(context: &Context, clock: &VirtualClock, children: usize, alarms: usize) {
    let kept = (context.signal().children(), clock.alarms_set());
    assert_eq!(kept, (children, alarms));
}

#[test]
fn a_dropped_child_is_forgotten_by_its_parent_and_by_the_clock() {
    let (root, clock) = background();
    let (child, canceler) = root.with_timeout(SOON);
    assert_kept(&root, &clock, 1, 1);
    drop(canceler);
    assert_kept(&root, &clock, 1, 1);
    drop(child);
    assert_kept(&root, &clock, 0, 0);
}

#[test]
fn an_ended_child_is_forgotten_even_while_there_are_handles_to_it() {
    let (root, clock) = background();
    let (_canceled, canceler) = root.with_timeout(SOON);
    canceler.cancel();
    assert_kept(&root, &clock, 0, 0);
    let (_expired, _canceler) = root.with_timeout(SOON);
    clock.advance(SOON);
    assert_kept(&root, &clock, 0, 0);
}

#[test]
fn an_ending_empties_every_list_below_it() {
    let (root, clock) = background();
    let (top, canceler) = root.with_timeout(SOON * 9);
    let (middle, _middle_canceler) = top.with_timeout(SOON * 8);
    let (_leaf, _leaf_canceler) = middle.with_timeout(SOON * 7);
    assert_eq!(clock.alarms_set(), 3);
    canceler.cancel();
    for context in [&root, &top, &middle] {
        assert_kept(context, &clock, 0, 0);
    }
}

#[test]
fn a_child_born_ended_is_never_listed() {
    let (root, clock) = background();
    let (parent, canceler) = root.with_cancel();
    canceler.cancel();
    let (_child, _canceler) = parent.with_timeout(SOON);
    assert_kept(&parent, &clock, 0, 0);
    let (_expired, _canceler) = root.with_timeout(Duration::ZERO);
    assert_kept(&root, &clock, 0, 0);
}

#[test]
fn a_child_bound_by_its_parents_deadline_sets_no_alarm() {
    let (root, clock) = background();
    let (parent, _canceler) = root.with_timeout(SOON);
    let (_same, _canceler) = parent.with_timeout(SOON);
    let (_later, _canceler) = parent.with_timeout(SOON * 2);
    let (_none, _canceler) = parent.with_cancel();
    assert_kept(&parent, &clock, 3, 1);
}

#[test]
fn a_context_keeps_those_above_it_and_no_longer_than_it_lives() {
    let (root, clock) = background();
    let (middle, middle_canceler) = root.with_timeout(SOON);
    let (leaf, leaf_canceler) = middle.with_cancel();
    drop((middle, middle_canceler));
    assert_kept(&root, &clock, 1, 1);
    drop((leaf, leaf_canceler));
    assert_kept(&root, &clock, 0, 0);
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
    assert_kept(&ctx, &clock, 0, 0);
}

#[test]
fn a_wide_tree_comes_and_goes() {
    let (root, clock) = background();
    let (parent, canceler) = root.with_cancel();
    let children: Vec<_> = (0..MANY).map(|_| parent.with_timeout(SOON).0).collect();
    assert_kept(&parent, &clock, MANY, MANY);
    canceler.cancel();
    assert!(children.iter().all(Context::is_done));
    assert_kept(&parent, &clock, 0, 0);
}

#[test]
fn a_deep_chain_ends_and_is_freed_without_recursion() {
    let (root, clock) = background();
    let (parent, canceler) = root.with_cancel();
    let (top, mut leaf) = (parent.id(), parent);
    for left in (0..MANY as u64).rev() {
        // Each a little before the one above it, so that each has an alarm.
        leaf = leaf.with_timeout(SOON + Duration::from_micros(left)).0;
    }
    assert_eq!(clock.alarms_set(), MANY);
    canceler.cancel();
    assert_eq!(leaf.ended_through(), Some(top));
    assert_kept(&root, &clock, 0, 0);
    drop(leaf);
}

#[test]
fn a_deep_chain_that_never_ended_is_freed_without_recursion() {
    let (root, clock) = background();
    let top = root.with_value("top", 1_u8);
    let mut leaf = top.clone();
    for _ in 0..MANY {
        leaf = leaf.with_value("other", 2_u8).with_cancel().0;
    }
    assert_eq!(leaf.value::<u8>("top"), Some(&1));
    assert_eq!(root.signal().children(), 1);
    drop(leaf);
    assert_kept(&root, &clock, 0, 0);
    // What the freed lists of values shared is still there.
    assert_eq!(top.value::<u8>("top"), Some(&1));
}
