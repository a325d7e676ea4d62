//! A scenario in virtual time: no threads, no waiting, the same result every time.

use super::contexts::Contexts;
use super::event::Event;
use super::event_queue::EventQueue;
use super::scenario::Scenario;
use crate::sync::{Context, Moment, Observer};

/// The number of events after which the observer is given an idle moment.
const LOOK_UP: u64 = 1 << 16;

/// Simulates the scenario, from event to event in order of time. When `until` ends, all requests are
/// cancelled at the virtual time that has been reached. Unless the observer is to see `every_step`, a request
/// leaps from one planned ending to the last step before the next, so the time that this takes does not depend
/// on the number of steps.
///
/// Events of the same moment happen in this order: deadlines pass, nodes are cancelled, requests go
/// on; each in the order of the tree, parents before their children. A request whose context ends at
/// the moment of its next step does not take that step.
pub fn in_virtual_time(
    scenario: &Scenario,
    every_step: bool,
    until: &Context,
    observer: &mut dyn Observer<Event>,
) {
    let contexts = Contexts::new(scenario);
    let tree = scenario.tree();
    let mut queue = EventQueue::new(tree, &contexts, tree.requests());
    let mut planned = scenario.planned().into_iter().peekable();
    let mut observed = 0;
    while let Some(next) = queue.next() {
        let now = planned.peek().map_or(next, |planned| planned.at.min(next));
        while let Some(planned) = planned.next_if(|planned| planned.at <= now) {
            // Deadlines pass with the clock, and all of them are planned.
            contexts.advance_to(now);
            if planned.cancels {
                contexts.cancel(planned.node, now);
            }
            queue.ended(planned.node);
        }
        if until.is_done() {
            contexts.cancel(0, now);
            queue.ended(0);
        }
        if !every_step {
            queue.leap_to = planned.peek().map_or(Moment::MAX, |planned| planned.at);
        }
        queue.go_on(&|| now, &mut |event| {
            observed += 1;
            observer.observe(&event);
        });
        if observed >= LOOK_UP {
            observed = 0;
            observer.idle();
        }
    }
}
