//! The contexts of a scenario, one for each node of its tree, and their clock.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use super::event::{Reason, Signal};
use super::scenario::Scenario;
use crate::sync::{Canceler, Context, ContextError, Moment, VirtualClock};

const ITEMS: &str = "items";
const PAUSE: &str = "pause";

/// The contexts, in the order of the tree.
///
/// Their clock stands at 0, the start of the scenario, until it is moved, even when the scenario runs
/// on the real clock: making them takes no time, and planned endings occur in the planned order however
/// late the machine is.
#[derive(Debug)]
pub(super) struct Contexts {
    clock: VirtualClock,
    nodes: Vec<(Context, Canceler)>,
}

/// The cause of a cancellation, which carries its time.
#[derive(Debug)]
struct CanceledAt(Moment);

impl fmt::Display for CanceledAt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cancelled at {:?}", self.0.since_start())
    }
}

impl Error for CanceledAt {}

impl Contexts {
    /// Makes the contexts of a scenario that has not started.
    pub(super) fn new(scenario: &Scenario) -> Self {
        let clock = VirtualClock::new();
        let background = Context::background_on(clock.clone());
        let mut nodes: Vec<(Context, Canceler)> = Vec::with_capacity(scenario.nodes().len());
        for (index, node) in scenario.nodes().iter().enumerate() {
            // The root is its own parent, and not yet among the nodes.
            let parent = nodes.get(scenario.tree().parent(index));
            let parent = parent.map_or(&background, |(context, _)| context);
            let (mut context, canceler) = match node.deadline {
                Some(deadline) => parent.with_deadline(Moment::after_start(deadline)),
                None => parent.with_cancel(),
            };
            if let Some(items) = node.items {
                context = context.with_value(ITEMS, items);
            }
            if let Some(pause) = node.pause {
                context = context.with_value(PAUSE, pause);
            }
            nodes.push((context, canceler));
        }
        Self { clock, nodes }
    }

    /// Moves the clock, so that deadlines pass.
    pub(super) fn advance_to(&self, now: Moment) {
        self.clock.advance_to(now);
    }

    /// Returns the context of a node.
    pub(super) fn of(&self, node: usize) -> &Context {
        &self.nodes[node].0
    }

    /// Returns the number of steps of a node's request, and the pause between two of them.
    pub(super) fn settings(&self, node: usize) -> (u64, Duration) {
        let context = self.of(node);
        (
            context.value(ITEMS).copied().unwrap_or_default(),
            context.value(PAUSE).copied().unwrap_or_default(),
        )
    }

    /// Cancels a node and all nodes below it.
    pub(super) fn cancel(&self, node: usize, now: Moment) {
        self.nodes[node].1.cancel_because(CanceledAt(now));
    }

    /// Returns why the context of a node ended; `None` if it has not.
    pub(super) fn ended(&self, node: usize) -> Option<Reason> {
        let context = self.of(node);
        let error = context.err()?;
        let signal = |at: Moment| Signal {
            through: self.through(context),
            at: at.since_start(),
        };
        Some(match error {
            ContextError::Canceled => {
                let cause = context.cause();
                let at = cause.as_ref().and_then(|cause| cause.downcast_ref());
                Reason::Canceled(signal(at.map_or(Moment::START, |CanceledAt(at)| *at)))
            }
            ContextError::DeadlineExceeded => {
                Reason::DeadlineExceeded(signal(context.deadline().unwrap_or_default()))
            }
        })
    }

    /// Returns the node that was cancelled or whose deadline passed.
    fn through(&self, context: &Context) -> usize {
        let id = context.ended_through();
        // Contexts are numbered in the order in which they are made.
        let by_id = |(node, _): &(Context, _)| Some(node.id()).cmp(&id);
        self.nodes.binary_search_by(by_id).unwrap_or(0)
    }
}
