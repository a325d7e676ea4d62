//! The runs on real threads.

use std::thread;
use std::time::Duration;

use miscount::lab::{self, GroupEvent, GroupObserver, Stopped};
use miscount::plan::GroupPlan;
use miscount::strategy::Shape;
use miscount::sync::Context;

use super::plan;
use crate::context::NobodyRings;

/// Hands events on.
struct Heard<F>(F);

impl<F: FnMut(&GroupEvent)> GroupObserver for Heard<F> {
    fn observe(&mut self, event: &GroupEvent) {
        (self.0)(event);
    }
}

#[test]
fn a_run_whose_threads_were_not_all_started_counts_for_nothing() {
    let plan = GroupPlan {
        shape: Shape::new(1024, 10).unwrap(),
        runs: u64::MAX,
        ..plan(None)
    };
    for milliseconds in 0..30 {
        let (ctx, canceler) = Context::background().with_cancel();
        thread::scope(|scope| {
            scope.spawn(move || {
                thread::sleep(Duration::from_millis(milliseconds));
                canceler.cancel();
            });
            let outcome = lab::gather(
                &plan,
                &ctx,
                &mut Heard(|event: &GroupEvent| {
                    if let GroupEvent::Run(run) = event {
                        assert_eq!(run.after_waiting, 10_240);
                    }
                }),
            );
            assert_eq!(outcome.unwrap().stopped, Stopped::Interrupted);
        });
    }
}

/// Where the machine refuses the thread that rings, nobody can look up, but all can wait.
#[test]
fn a_wait_that_nobody_interrupts_is_a_wait_all_the_same() {
    let plan = GroupPlan {
        shape: Shape::new(2, 300_000).unwrap(),
        ..plan(None)
    };
    let (mut runs, mut looks) = (0, 0);
    let root = Context::background_on(NobodyRings);
    let outcome = lab::gather(
        &plan,
        &root,
        &mut Heard(|event: &GroupEvent| match event {
            GroupEvent::Run(run) => {
                runs += 1;
                assert_eq!(run.after_waiting, 600_000);
            }
            GroupEvent::Waiting => looks += 1,
        }),
    );
    assert_eq!(outcome.unwrap().stopped, Stopped::Completed);
    assert_eq!((runs, looks), (10, 0));
}
