//! Scenarios: the requests, their settings, and the times at which they are stopped.

use std::time::Duration;

use super::tree::Tree;
use crate::sync::Moment;

/// Requests and what happens to them. Times are counted from the start.
#[derive(Clone, Debug)]
pub struct Scenario {
    tree: Tree,
    nodes: Vec<Node>,
}

/// What a node has of its own; it inherits the rest.
#[derive(Clone, Debug, Default)]
pub(super) struct Node {
    pub(super) items: Option<u64>,
    pub(super) pause: Option<Duration>,
    pub(super) deadline: Option<Duration>,
    pub(super) cancel: Option<Duration>,
}

/// A value that a context passes to the contexts below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestSetting {
    /// The number of steps of a request.
    Items(u64),
    /// The pause between two steps.
    Pause(Duration),
}

/// Upper bounds for the requests, which end when all their steps are done or at a planned ending.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bounds {
    /// The most steps of all requests together.
    pub steps: u128,
    /// The time at which the last request ends, in nanoseconds from the start.
    pub end_ns: u128,
}

/// A planned ending. Endings are ordered by time; at the same moment deadlines come before
/// cancellations, and each in the order of the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Planned {
    pub(super) at: Moment,
    /// Whether it is a cancellation, not a deadline.
    pub(super) cancels: bool,
    pub(super) node: usize,
}

impl Scenario {
    /// Makes a scenario in which no request is stopped, with the same settings for all.
    pub fn new(tree: Tree, items: u64, pause: Duration) -> Self {
        let nodes = vec![Node::default(); tree.nodes().len()];
        let mut scenario = Self { tree, nodes };
        scenario.set(0, RequestSetting::Items(items));
        scenario.set(0, RequestSetting::Pause(pause));
        scenario
    }

    /// Changes a setting of the node and of all nodes below it that do not have their own.
    pub fn set(&mut self, node: usize, setting: RequestSetting) {
        match setting {
            RequestSetting::Items(items) => self.nodes[node].items = Some(items),
            RequestSetting::Pause(pause) => self.nodes[node].pause = Some(pause),
        }
    }

    /// Limits the time of the node and of all nodes below it. The shortest limit counts.
    pub fn limit(&mut self, node: usize, deadline: Duration) {
        let own = &mut self.nodes[node].deadline;
        *own = earliest(*own, Some(deadline));
    }

    /// Plans a cancellation of the node and of all nodes below it. The earliest time counts.
    pub fn cancel(&mut self, node: usize, at: Duration) {
        let own = &mut self.nodes[node].cancel;
        *own = earliest(*own, Some(at));
    }

    /// Returns the tree of the requests.
    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    /// Returns the nodes in the order of the tree.
    pub(super) fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// Returns upper bounds for the requests.
    pub fn bounds(&self) -> Bounds {
        let mut bounds = Bounds::default();
        let mut nodes: Vec<Node> = Vec::with_capacity(self.nodes.len());
        for (index, own) in self.nodes.iter().enumerate() {
            // The root is its own parent.
            let above = nodes.get(self.tree.parent(index));
            let node = above.map_or_else(|| own.clone(), |above| own.below(above));
            if index > 0 {
                let (steps, end_ns) = node.bounds();
                bounds.steps += steps;
                bounds.end_ns = bounds.end_ns.max(end_ns);
            }
            nodes.push(node);
        }
        bounds
    }

    /// Returns all planned endings in order.
    pub(super) fn planned(&self) -> Vec<Planned> {
        let mut planned = Vec::new();
        for (node, plan) in self.nodes.iter().enumerate() {
            for (cancels, at) in [(false, plan.deadline), (true, plan.cancel)] {
                let at = at.map(Moment::after_start);
                planned.extend(at.map(|at| Planned { at, cancels, node }));
            }
        }
        planned.sort_unstable();
        planned
    }
}

impl Node {
    /// Returns the node with the settings that it inherits from the node above.
    fn below(&self, above: &Self) -> Self {
        Self {
            items: self.items.or(above.items),
            pause: self.pause.or(above.pause),
            deadline: earliest(self.deadline, above.deadline),
            cancel: earliest(self.cancel, above.cancel),
        }
    }

    /// Returns the most steps of the request of this node, and the latest time at which it ends.
    fn bounds(&self) -> (u128, u128) {
        let items = u128::from(self.items.unwrap_or_default());
        let pause = self.pause.unwrap_or_default().as_nanos();
        let done = items.saturating_sub(1).saturating_mul(pause);
        let ending = earliest(self.deadline, self.cancel).map(|ending| ending.as_nanos());
        match ending.filter(|&ending| ending <= done) {
            // A step that is due at the moment of the ending is not done.
            Some(ending) if pause == 0 => (0, ending),
            Some(ending) => (ending.div_ceil(pause), ending),
            None => (items, done),
        }
    }
}

fn earliest(one: Option<Duration>, other: Option<Duration>) -> Option<Duration> {
    one.into_iter().chain(other).min()
}
