//! One request, step by step: the part that is the same on every clock.

use std::time::Duration;

use super::contexts::Contexts;
use super::event::{Event, Reason, RequestOutcome};
use crate::sync::Moment;

/// A second, in nanoseconds.
const SECOND: u128 = 1_000_000_000;

/// A request and its progress.
pub(super) struct Request<'a> {
    contexts: &'a Contexts,
    node: usize,
    items: u64,
    pause: Duration,
    steps: u64,
    /// The time at which its next step is due.
    due: Moment,
}

impl<'a> Request<'a> {
    /// Makes the request of this node, which has not begun. Its context holds its settings.
    pub(super) fn new(contexts: &'a Contexts, node: usize) -> Self {
        let (items, pause) = contexts.settings(node);
        Self {
            contexts,
            node,
            items,
            pause,
            steps: 0,
            due: Moment::START,
        }
    }

    /// Does the step that is due, if any, and passes events to `tell`. Returns the time at which the
    /// next step is due; `None` if the request has ended.
    pub(super) fn go_on(
        &mut self,
        clock: &impl Fn() -> Moment,
        tell: &mut impl FnMut(Event),
    ) -> Option<Moment> {
        if let Some(reason) = self.contexts.ended(self.node) {
            // The clock is read only now, so that no ending is noticed before it happens.
            return self.end(reason, clock(), tell);
        }
        let now = clock();
        if self.steps < self.items && self.due <= now {
            self.steps += 1;
            self.due = now + self.pause;
            tell(Event::Step {
                request: self.node,
                step: self.steps,
                items: self.items,
                at: now.since_start(),
            });
        }
        if self.steps == self.items {
            return self.end(Reason::Finished, now, tell);
        }
        Some(self.due)
    }

    /// Does the steps that are due before this moment without a word, but for the last of them. Returns the time at
    /// which that one is due. The request's context must not end before the moment.
    pub(super) fn leap(&mut self, before: Moment) -> Moment {
        let left = before.saturating_since(self.due).as_nanos();
        let pause = self.pause.as_nanos();
        if left > 0 {
            let steps = left.div_ceil(pause.max(1));
            let most = self.items - self.steps;
            let steps = match u64::try_from(steps) {
                Ok(steps) if pause > 0 => steps.min(most),
                _ => most,
            };
            let passed = steps.saturating_sub(1);
            self.steps += passed;
            // Less than `left`, which is less than the longest duration.
            let ns = u128::from(passed) * pause;
            let seconds = u64::try_from(ns / SECOND).unwrap_or(u64::MAX);
            let rest = u32::try_from(ns % SECOND).unwrap_or(0);
            self.due = self.due + Duration::new(seconds, rest);
        }
        self.due
    }

    fn end(&self, reason: Reason, now: Moment, tell: &mut impl FnMut(Event)) -> Option<Moment> {
        let deadline = self.contexts.of(self.node).deadline();
        tell(Event::Ended {
            request: self.node,
            outcome: RequestOutcome {
                items: self.items,
                pause: self.pause,
                deadline: deadline.map(Moment::since_start),
                steps: self.steps,
                reason,
                at: now.since_start(),
            },
        });
        None
    }
}
