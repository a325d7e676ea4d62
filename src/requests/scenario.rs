//! What is going to happen: the requests, their settings, and when which of them are stopped.

use std::time::Duration;

use super::tree::Tree;

/// Requests, and what happens to them. Times are counted from the start.
#[derive(Clone, Debug)]
pub struct Scenario {
    tree: Tree,
    nodes: Vec<Node>,
}

#[derive(Clone, Debug, Default)]
struct Node {
    items: Option<u64>,
    pause: Option<Duration>,
    deadline: Option<Duration>,
    cancel: Option<Duration>,
}

/// A value that contexts hand down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    /// How many steps a request does.
    Items(u64),
    /// How long it pauses between two.
    Pause(Duration),
}

/// How far the requests can go, until they have done all their steps or an ending is planned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bounds {
    /// The most steps, of all together.
    pub steps: u128,
    /// When the last one ends, in nanoseconds from the start.
    pub end_ns: u128,
}

/// An ending that is planned. In order of time; at one moment deadlines before cancellations, and
/// each in the order of the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Planned {
    pub(super) at: Duration,
    pub(super) how: How,
    pub(super) node: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum How {
    Deadline,
    Cancel,
}

impl Scenario {
    /// Requests that nobody stops, with the same settings for all.
    pub fn new(tree: Tree, items: u64, pause: Duration) -> Self {
        let nodes = vec![Node::default(); tree.nodes().len()];
        let mut scenario = Self { tree, nodes };
        scenario.set(0, Setting::Items(items));
        scenario.set(0, Setting::Pause(pause));
        scenario
    }

    /// A setting for the node and all below it, unless they have one of their own. The last counts.
    pub fn set(&mut self, node: usize, setting: Setting) {
        match setting {
            Setting::Items(items) => self.nodes[node].items = Some(items),
            Setting::Pause(pause) => self.nodes[node].pause = Some(pause),
        }
    }

    /// Limits the time of the node and all below it. The shortest counts.
    pub fn limit(&mut self, node: usize, deadline: Duration) {
        sooner(&mut self.nodes[node].deadline, deadline);
    }

    /// Has the node cancelled, and all below it with it. The first time counts.
    pub fn cancel(&mut self, node: usize, at: Duration) {
        sooner(&mut self.nodes[node].cancel, at);
    }

    /// Who is below whom.
    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    /// The settings of the node's own.
    pub(super) fn settings(&self, node: usize) -> impl Iterator<Item = Setting> + use<> {
        let Node { items, pause, .. } = self.nodes[node];
        let settings = [items.map(Setting::Items), pause.map(Setting::Pause)];
        settings.into_iter().flatten()
    }

    /// The deadline of the node's own.
    pub(super) fn deadline(&self, node: usize) -> Option<Duration> {
        self.nodes[node].deadline
    }

    /// How far the requests can go.
    pub fn bounds(&self) -> Bounds {
        let mut bounds = Bounds::default();
        let mut nodes: Vec<Node> = Vec::with_capacity(self.nodes.len());
        for (index, own) in self.nodes.iter().enumerate() {
            // The root is its own parent, and has nothing above it.
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

    /// All endings that are planned, in their order.
    pub(super) fn planned(&self) -> Vec<Planned> {
        let mut planned = Vec::new();
        for (node, plan) in self.nodes.iter().enumerate() {
            for (how, at) in [(How::Deadline, plan.deadline), (How::Cancel, plan.cancel)] {
                planned.extend(at.map(|at| Planned { at, how, node }));
            }
        }
        planned.sort_unstable();
        planned
    }
}

impl Node {
    /// The node with what it has from the one above.
    fn below(&self, above: &Self) -> Self {
        let first = |one: Option<Duration>, other| one.into_iter().chain(other).min();
        Self {
            items: self.items.or(above.items),
            pause: self.pause.or(above.pause),
            deadline: first(self.deadline, above.deadline),
            cancel: first(self.cancel, above.cancel),
        }
    }

    /// The most steps of a request that has all that is above it, and when it ends at the latest.
    fn bounds(&self) -> (u128, u128) {
        let items = u128::from(self.items.unwrap_or_default());
        let pause = self.pause.unwrap_or_default().as_nanos();
        let done = items.saturating_sub(1).saturating_mul(pause);
        let ending = self.deadline.into_iter().chain(self.cancel).min();
        match ending.map(|ending| ending.as_nanos()) {
            Some(ending) if ending <= done => {
                // A step at the moment of the ending is not taken.
                let steps = if pause == 0 {
                    0
                } else {
                    ending.div_ceil(pause)
                };
                (steps, ending)
            }
            _ => (items, done),
        }
    }
}

fn sooner(time: &mut Option<Duration>, other: Duration) {
    *time = Some(time.map_or(other, |time| time.min(other)));
}
