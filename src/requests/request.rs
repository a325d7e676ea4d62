//! One request at its work, step by step: what is the same on every clock.

use std::time::Duration;

use super::contexts::Contexts;
use super::event::{Event, Outcome, Reason};
use crate::sync::{Context, Moment};

/// A request, and how far it is.
pub(super) struct Request<'a> {
    contexts: &'a Contexts,
    node: usize,
    items: u64,
    pause: Duration,
    steps: u64,
    /// When its next step is due.
    due: Moment,
}

impl<'a> Request<'a> {
    /// The request of this node, about to begin. What it has to do is in its context.
    pub(super) fn new(contexts: &'a Contexts, node: usize) -> Self {
        let context = contexts.of(node);
        Self {
            contexts,
            node,
            items: Contexts::items(context),
            pause: Contexts::pause(context),
            steps: 0,
            due: Moment::START,
        }
    }

    /// The context that it works under.
    fn context(&self) -> &'a Context {
        self.contexts.of(self.node)
    }

    /// Does what is to be done now, and tells it. Gives when the next step is due; nothing if the
    /// request has ended.
    pub(super) fn go_on(
        &mut self,
        clock: &impl Fn() -> Moment,
        tell: &mut impl FnMut(Event),
    ) -> Option<Moment> {
        if let Some(reason) = self.contexts.ended(self.context()) {
            // The time only now: nobody notices anything before it happens.
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

    fn end(&self, reason: Reason, now: Moment, tell: &mut impl FnMut(Event)) -> Option<Moment> {
        let deadline = self.context().deadline();
        tell(Event::Ended {
            request: self.node,
            outcome: Outcome {
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
