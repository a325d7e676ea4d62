//! The contexts of a scenario, one for each node of its tree.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use super::event::{Reason, Signal};
use super::scenario::{Scenario, Setting};
use crate::sync::{Canceler, Context, ContextError, Moment};

const ITEMS: &str = "items";
const PAUSE: &str = "pause";

/// The contexts, in the order of the tree.
#[derive(Debug)]
pub(super) struct Contexts {
    start: Moment,
    nodes: Vec<(Context, Canceler)>,
}

/// Why contexts are cancelled here: because somebody said so, at this moment.
#[derive(Debug)]
struct Said(Moment);

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cancelled at {:?}", self.0.since_start())
    }
}

impl Error for Said {}

impl Contexts {
    /// Makes them, below a background context, which has the clock. The scenario starts now.
    pub(super) fn new(scenario: &Scenario, background: &Context) -> Self {
        let start = background.now();
        let mut nodes: Vec<(Context, Canceler)> = Vec::with_capacity(scenario.tree().nodes().len());
        for node in scenario.tree().nodes() {
            let parent = match node {
                0 => background,
                _ => &nodes[scenario.tree().parent(node)].0,
            };
            let (mut context, canceler) = match scenario.deadline(node) {
                Some(deadline) => parent.with_deadline(start + deadline),
                None => parent.with_cancel(),
            };
            for setting in scenario.settings(node) {
                context = match setting {
                    Setting::Items(items) => context.with_value(ITEMS, items),
                    Setting::Pause(pause) => context.with_value(PAUSE, pause),
                };
            }
            nodes.push((context, canceler));
        }
        Self { start, nodes }
    }

    /// When the scenario started.
    pub(super) fn start(&self) -> Moment {
        self.start
    }

    /// The context of a node.
    pub(super) fn of(&self, node: usize) -> &Context {
        &self.nodes[node].0
    }

    /// How many steps the requests of this context do.
    pub(super) fn items(context: &Context) -> u64 {
        context.value(ITEMS).copied().unwrap_or_default()
    }

    /// How long they pause between two.
    pub(super) fn pause(context: &Context) -> Duration {
        context.value(PAUSE).copied().unwrap_or_default()
    }

    /// Cancels a node, and all below it.
    pub(super) fn cancel(&self, node: usize) {
        self.cancellation(node)();
    }

    /// What cancels a node, and all below it, when it is called.
    pub(super) fn cancellation(&self, node: usize) -> impl FnOnce() + Send + use<> {
        let (context, canceler) = self.nodes[node].clone();
        move || canceler.cancel_because(Said(context.now()))
    }

    /// Why the context ended, or `None` while it goes on.
    pub(super) fn ended(&self, context: &Context) -> Option<Reason> {
        let error = context.err()?;
        let signal = |at: Moment| Signal {
            through: self.through(context),
            at: at.saturating_since(self.start),
        };
        Some(match error {
            ContextError::Canceled => {
                let cause = context.cause();
                let said = cause.as_ref().and_then(|cause| cause.downcast_ref());
                Reason::Canceled(signal(said.map_or(self.start, |Said(at)| *at)))
            }
            ContextError::DeadlineExceeded => {
                Reason::DeadlineExceeded(signal(context.deadline().unwrap_or(self.start)))
            }
        })
    }

    /// The node that the ending came through.
    fn through(&self, context: &Context) -> usize {
        let id = context.ended_through();
        // Contexts are numbered in the order in which they are made.
        let found = self
            .nodes
            .binary_search_by(|(node, _)| Some(node.id()).cmp(&id));
        found.unwrap_or(0)
    }
}
