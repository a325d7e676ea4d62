//! A scenario in virtual time: no threads, no waiting, the same every time.

use super::contexts::Contexts;
use super::event::Observer;
use super::scenario::{How, Scenario};
use super::stage::Stage;
use crate::sync::{Context, VirtualClock};

/// Plays the scenario, from event to event in order of time. When `until` ends, all requests are
/// cancelled at the virtual time that has been reached.
///
/// What happens at one moment happens in this order: deadlines pass, nodes are cancelled, requests
/// go on; each in the order of the tree, parents before their children. A request whose context
/// ends at the moment of its next step does not take that step.
pub fn in_virtual_time(scenario: &Scenario, until: &Context, observer: &mut dyn Observer) {
    let clock = VirtualClock::new();
    let contexts = Contexts::new(scenario, &Context::background_on(clock.clone()));
    let tree = scenario.tree();
    let mut stage = Stage::new(tree, &contexts, tree.requests());
    let mut planned = scenario.planned().into_iter().peekable();
    while let Some(next) = stage.next() {
        let ending = planned.peek().map(|planned| contexts.start() + planned.at);
        let now = ending.map_or(next, |ending| ending.min(next));
        // Deadlines pass.
        clock.advance_to(now);
        while let Some(planned) = planned.next_if(|planned| contexts.start() + planned.at <= now) {
            if planned.how == How::Cancel {
                contexts.cancel(planned.node);
            }
            stage.ended(planned.node);
        }
        if until.is_done() {
            contexts.cancel(0);
            stage.ended(0);
        }
        stage.go_on(now, &mut |event| observer.observe(&event));
    }
}
