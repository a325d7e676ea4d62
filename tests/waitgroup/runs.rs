//! The runs on real threads.

use std::thread;
use std::time::Duration;

use miscount::lab::{self, Stopped, WaitGroupRun};
use miscount::plan::WaitGroupPlan;
use miscount::strategy::Shape;
use miscount::sync::{Context, Observer};

use super::plan;
use crate::context::NobodyRings;

/// Expects a total, and counts runs and idle moments.
#[derive(Default)]
struct Expecting {
    total: u64,
    runs: u64,
    idle: u64,
}

impl Expecting {
    fn new(total: u64) -> Self {
        Self {
            total,
            ..Self::default()
        }
    }
}

impl Observer<WaitGroupRun> for Expecting {
    fn observe(&mut self, run: &WaitGroupRun) {
        assert_eq!(run.after_waiting, self.total);
        self.runs += 1;
    }

    fn idle(&mut self) {
        self.idle += 1;
    }
}

#[test]
fn a_run_whose_threads_were_not_all_started_counts_for_nothing() {
    let plan = WaitGroupPlan {
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
            let outcome = lab::run_wait_groups(&plan, &ctx, &mut Expecting::new(10_240));
            assert_eq!(outcome.unwrap().stopped, Stopped::Interrupted);
        });
    }
}

/// Where the machine refuses the thread that rings, nobody can look up, but all can wait.
#[test]
fn a_wait_that_nobody_interrupts_is_a_wait_all_the_same() {
    let plan = WaitGroupPlan {
        shape: Shape::new(2, 300_000).unwrap(),
        ..plan(None)
    };
    let mut expecting = Expecting::new(600_000);
    let root = Context::background_on(NobodyRings);
    let outcome = lab::run_wait_groups(&plan, &root, &mut expecting);
    assert_eq!(outcome.unwrap().stopped, Stopped::Completed);
    assert_eq!((expecting.runs, expecting.idle), (10, 0));
}
