//! Wait groups: the primitive, and `waitgroup`, which reads a counter without waiting and after it.

mod group;
mod program;
mod report;
mod runs;

use miscount::plan::{Mistake, WaitGroupPlan};
use miscount::strategy::Shape;

fn plan(mistake: Option<Mistake>) -> WaitGroupPlan {
    WaitGroupPlan {
        shape: Shape::new(3, 5000).unwrap(),
        runs: 10,
        budget: None,
        timeout: None,
        mistake,
    }
}
