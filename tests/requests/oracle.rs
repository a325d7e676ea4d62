//! Virtual time against arithmetic: what a request does can be computed, each on its own.

use std::time::Duration;

use miscount::requests::{
    Reason, RequestOutcome, RequestSetting, Scenario, Signal, Tree, in_virtual_time,
};
use miscount::sync::Context;
use proptest::prelude::*;

use super::Outcomes;

/// What is planned for a node. Times are few, so that there are ties.
#[derive(Clone, Debug)]
struct Node {
    parent: usize,
    items: Option<u64>,
    pause: Option<u64>,
    deadline: Option<u64>,
    cancel: Option<u64>,
}

fn node() -> impl Strategy<Value = Node> {
    (
        any::<usize>(),
        prop::option::of(0..5_u64),
        prop::option::of(0..4_u64),
        prop::option::weighted(0.3, 0..12_u64),
        prop::option::weighted(0.3, 0..12_u64),
    )
        .prop_map(|(parent, items, pause, deadline, cancel)| Node {
            parent,
            items,
            pause,
            deadline,
            cancel,
        })
}

fn time(units: u64) -> Duration {
    Duration::from_millis(units)
}

/// The notation of the nodes below this one; gives the nodes in its order.
fn notation(nodes: &[Node], above: usize, order: &mut Vec<usize>) -> String {
    let below = (1..nodes.len()).filter(|&node| nodes[node].parent == above);
    let mut parts = Vec::new();
    for node in below {
        order.push(node);
        let inside = notation(nodes, node, order);
        parts.push(match inside.as_str() {
            "" => format!("n{node}"),
            inside => format!("n{node}({inside})"),
        });
    }
    parts.join(",")
}

/// The way from the root to a node of the tree.
fn way(tree: &Tree, mut node: usize) -> Vec<usize> {
    let mut way = vec![node];
    while node > 0 {
        node = tree.parent(node);
        way.push(node);
    }
    way.reverse();
    way
}

/// What becomes of a request: the first ending on its way, if it comes before the last step.
fn expected(tree: &Tree, plan: &[&Node], node: usize) -> RequestOutcome {
    let way = way(tree, node);
    let nearest = |of: fn(&Node) -> Option<u64>| way.iter().rev().find_map(|&node| of(plan[node]));
    let items = nearest(|node| node.items).unwrap();
    let pause = time(nearest(|node| node.pause).unwrap());
    let deadline = way.iter().filter_map(|&node| plan[node].deadline).min();
    let endings = way.iter().flat_map(|&node| {
        let (deadline, cancel) = (plan[node].deadline, plan[node].cancel);
        [
            deadline.map(|at| (at, 0, node)),
            cancel.map(|at| (at, 1, node)),
        ]
    });
    let ending = endings.flatten().min();
    let until = ending.map_or(Duration::MAX, |(at, ..)| time(at));
    let step = |number: u64| pause * u32::try_from(number).unwrap();
    let steps = (0..items).filter(|&number| step(number) < until).count() as u64;
    let done = step(items.saturating_sub(1));
    let (reason, at) = match ending {
        Some((at, how, through)) if done >= until => {
            let signal = Signal {
                through,
                at: time(at),
            };
            let reason = [Reason::DeadlineExceeded(signal), Reason::Canceled(signal)][how];
            (reason, time(at))
        }
        _ => (Reason::Finished, done),
    };
    RequestOutcome {
        items,
        pause,
        deadline: deadline.map(time),
        steps,
        reason,
        at,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn virtual_time_is_what_arithmetic_says(mut nodes in prop::collection::vec(node(), 2..12)) {
        for (node, at) in nodes.iter_mut().enumerate() {
            at.parent %= node.max(1);
        }
        nodes[0].items.get_or_insert(3);
        nodes[0].pause.get_or_insert(2);
        let mut order = vec![0];
        let tree = Tree::parse(&notation(&nodes, 0, &mut order)).unwrap();
        let plan: Vec<_> = order.iter().map(|&node| &nodes[node]).collect();
        let mut scenario = Scenario::new(tree.clone(), 9, time(9));
        for (node, plan) in plan.iter().enumerate() {
            plan.items.iter().for_each(|&items| scenario.set(node, RequestSetting::Items(items)));
            plan.pause.iter().for_each(|&pause| scenario.set(node, RequestSetting::Pause(time(pause))));
            plan.deadline.iter().for_each(|&at| scenario.limit(node, time(at)));
            plan.cancel.iter().for_each(|&at| scenario.cancel(node, time(at)));
        }
        let expected: Vec<_> = tree.requests().map(|node| (node, expected(&tree, &plan, node))).collect();
        for every_step in [false, true] {
            let mut outcomes = Outcomes::default();
            in_virtual_time(&scenario, every_step, &Context::background(), &mut outcomes);
            prop_assert!(outcomes.0.is_sorted_by_key(|(_, outcome)| outcome.at));
            outcomes.0.sort_by_key(|(node, _)| *node);
            prop_assert_eq!(&outcomes.0, &expected);
        }
    }
}
