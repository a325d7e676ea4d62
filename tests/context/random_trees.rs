//! Random histories of random trees, against a reference that works out everything anew each time.

use std::time::Duration;

use miscount::sync::{Canceler, Clock, Context, ContextError, ContextId, Moment, VirtualClock};
use proptest::prelude::*;
use proptest::sample::Index;

const KEYS: [&str; 3] = ["a", "b", "c"];

#[derive(Clone, Debug)]
enum Step {
    WithCancel(Index),
    WithTimeout(Index, u64),
    WithDeadline(Index, u64),
    WithValue(Index, usize, u32),
    Cancel(Index),
    CancelBecause(Index, u8),
    Advance(u64),
    AdvanceToNext,
    DropContext(Index),
    DropCanceler(Index),
}

/// Few different times, so that ties and deadlines in the past are common.
fn step() -> impl Strategy<Value = Step> {
    let any = any::<Index>;
    prop_oneof![
        3 => any().prop_map(Step::WithCancel),
        3 => (any(), 0..12_u64).prop_map(|(of, after)| Step::WithTimeout(of, after)),
        3 => (any(), 0..24_u64).prop_map(|(of, at)| Step::WithDeadline(of, at)),
        3 => (any(), 0..KEYS.len(), 0..9_u32).prop_map(|(of, key, n)| Step::WithValue(of, key, n)),
        1 => any().prop_map(Step::Cancel),
        1 => (any(), 0..9_u8).prop_map(|(which, why)| Step::CancelBecause(which, why)),
        2 => (0..5_u64).prop_map(Step::Advance),
        1 => Just(Step::AdvanceToNext),
        1 => any().prop_map(Step::DropContext),
        1 => any().prop_map(Step::DropCanceler),
    ]
}

/// How a node of the reference ended: the error, the cause in words, and through which node.
type Ending = (ContextError, String, usize);

/// A node of the reference. `wish` is the deadline that was asked for, whatever the parent's.
#[derive(Default)]
struct Node {
    parent: Option<usize>,
    wish: Option<u64>,
    value: Option<(usize, u32)>,
    ending: Option<Ending>,
}

/// The reference: a list of nodes, in order of creation.
struct Reference {
    now: u64,
    nodes: Vec<Node>,
}

impl Reference {
    /// A node and those above it, from the bottom up.
    fn line(&self, node: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(Some(node), |&node| self.nodes[node].parent)
    }

    fn add(&mut self, mut node: Node) {
        let index = self.nodes.len();
        node.ending = node
            .parent
            .and_then(|parent| self.nodes[parent].ending.clone());
        self.nodes.push(node);
        if self.nodes[index].wish.is_some_and(|wish| wish <= self.now) {
            self.end(index, ContextError::DeadlineExceeded, None);
        }
    }

    fn end(&mut self, through: usize, error: ContextError, cause: Option<String>) {
        let ending = (error, cause.unwrap_or_else(|| error.to_string()), through);
        if self.nodes[through].ending.is_some() {
            return;
        }
        for node in 0..self.nodes.len() {
            if self.line(node).any(|above| above == through) && self.nodes[node].ending.is_none() {
                self.nodes[node].ending = Some(ending.clone());
            }
        }
    }

    /// The node that will end next by a deadline of its own, and when.
    fn next(&self) -> Option<(u64, usize)> {
        let running = (0..self.nodes.len()).filter(|&node| self.nodes[node].ending.is_none());
        running
            .filter_map(|node| Some((self.nodes[node].wish?, node)))
            .min()
    }

    fn advance_to(&mut self, target: u64) {
        while let Some((at, node)) = self.next()
            && at <= target
        {
            self.end(node, ContextError::DeadlineExceeded, None);
            self.now = at;
        }
        self.now = target;
    }

    fn deadline(&self, node: usize) -> Option<u64> {
        self.line(node)
            .filter_map(|above| self.nodes[above].wish)
            .min()
    }

    fn value(&self, node: usize, key: usize) -> Option<u32> {
        let bound = |above: usize| self.nodes[above].value.filter(|(name, _)| *name == key);
        self.line(node).find_map(bound).map(|(_, value)| value)
    }
}

/// The real tree beside its reference; the same index means the same context in all four lists.
struct Both {
    clock: VirtualClock,
    contexts: Vec<Option<Context>>,
    cancelers: Vec<Option<Canceler>>,
    ids: Vec<ContextId>,
    reference: Reference,
}

fn micros(count: u64) -> Duration {
    Duration::from_micros(count)
}

fn at(micro: u64) -> Moment {
    Moment::after_start(micros(micro))
}

fn micros_of(moment: Moment) -> u64 {
    // A history lasts for some hundreds of microseconds.
    u64::try_from(moment.since_start().as_micros()).unwrap_or(u64::MAX)
}

impl Both {
    fn new() -> Self {
        let clock = VirtualClock::new();
        let root = Context::background_on(clock.clone());
        Self {
            clock,
            ids: vec![root.id()],
            contexts: vec![Some(root)],
            cancelers: vec![None],
            reference: Reference {
                now: 0,
                nodes: vec![Node::default()],
            },
        }
    }

    fn add(&mut self, context: Context, canceler: Option<Canceler>, node: Node) {
        self.ids.push(context.id());
        self.contexts.push(Some(context));
        self.cancelers.push(canceler);
        self.reference.add(node);
    }

    fn take(&mut self, step: &Step) {
        match *step {
            Step::WithCancel(of) => self.derive(of, |_, context| {
                let (child, canceler) = context.with_cancel();
                (child, Some(canceler), Node::default())
            }),
            Step::WithTimeout(of, after) => self.derive(of, |now, context| {
                let (child, canceler) = context.with_timeout(micros(after));
                (
                    child,
                    Some(canceler),
                    Node {
                        wish: Some(now + after),
                        ..Node::default()
                    },
                )
            }),
            Step::WithDeadline(of, when) => self.derive(of, |_, context| {
                let (child, canceler) = context.with_deadline(at(when));
                (
                    child,
                    Some(canceler),
                    Node {
                        wish: Some(when),
                        ..Node::default()
                    },
                )
            }),
            Step::WithValue(of, key, value) => self.derive(of, |_, context| {
                let child = context.with_value(KEYS[key], value);
                (
                    child,
                    None,
                    Node {
                        value: Some((key, value)),
                        ..Node::default()
                    },
                )
            }),
            Step::Cancel(which) => {
                let which = which.index(self.cancelers.len());
                if let Some(canceler) = &self.cancelers[which] {
                    canceler.cancel();
                    self.reference.end(which, ContextError::Canceled, None);
                }
            }
            Step::CancelBecause(which, why) => {
                let which = which.index(self.cancelers.len());
                if let Some(canceler) = &self.cancelers[which] {
                    canceler.cancel_because(why.to_string());
                    self.reference
                        .end(which, ContextError::Canceled, Some(why.to_string()));
                }
            }
            Step::Advance(by) => {
                self.clock.advance(micros(by));
                self.reference.advance_to(self.reference.now + by);
            }
            Step::AdvanceToNext => self.advance_to_next(),
            Step::DropContext(which) => {
                let which = which.index(self.contexts.len());
                self.contexts[which] = None;
            }
            Step::DropCanceler(which) => {
                let which = which.index(self.cancelers.len());
                self.cancelers[which] = None;
            }
        }
    }

    fn derive(
        &mut self,
        of: Index,
        make: impl FnOnce(u64, &Context) -> (Context, Option<Canceler>, Node),
    ) {
        let parent = of.index(self.contexts.len());
        if let Some(context) = &self.contexts[parent] {
            let (context, canceler, node) = make(self.reference.now, context);
            self.add(
                context,
                canceler,
                Node {
                    parent: Some(parent),
                    ..node
                },
            );
        }
    }

    /// The clock may pass over deadlines of contexts that nobody holds any more, which only the
    /// reference still knows; so it is the clock that says how far.
    fn advance_to_next(&mut self) {
        let expected = self.reference.next().map(|(at, _)| at);
        match self.clock.advance_to_next() {
            None => assert!(self.held_deadlines().is_empty()),
            Some(moment) => {
                let reached = micros_of(moment);
                assert!(expected.is_some_and(|expected| expected <= reached));
                assert!(
                    self.held_deadlines()
                        .into_iter()
                        .all(|deadline| deadline >= moment)
                );
                self.reference.advance_to(reached);
            }
        }
    }

    /// The deadlines, according to the reference, of the running contexts that someone holds.
    fn held_deadlines(&self) -> Vec<Moment> {
        let held = (0..self.contexts.len()).filter(|&node| self.contexts[node].is_some());
        let running = held.filter(|&node| self.reference.nodes[node].ending.is_none());
        running
            .filter_map(|node| self.reference.deadline(node))
            .map(at)
            .collect()
    }

    fn check(&self) {
        assert_eq!(self.clock.now(), at(self.reference.now));
        for (node, context) in self.contexts.iter().enumerate() {
            let Some(context) = context else { continue };
            let ending = self.reference.nodes[node].ending.as_ref();
            assert_eq!(context.is_done(), ending.is_some());
            assert_eq!(context.wait_for(Duration::ZERO), ending.is_some());
            assert_eq!(context.err(), ending.map(|(error, ..)| *error));
            assert_eq!(
                context.cause().map(|cause| cause.to_string()).as_ref(),
                ending.map(|(_, cause, _)| cause)
            );
            assert_eq!(
                context.ended_through(),
                ending.map(|(.., through)| self.ids[*through])
            );
            assert_eq!(context.deadline(), self.reference.deadline(node).map(at));
            for (key, name) in KEYS.into_iter().enumerate() {
                assert_eq!(
                    context.value(name).copied(),
                    self.reference.value(node, key)
                );
            }
        }
    }
}

proptest! {
    #[test]
    fn agree_with_the_reference(steps in prop::collection::vec(step(), 1..60)) {
        let mut both = Both::new();
        for step in &steps {
            both.take(step);
            both.check();
        }
    }
}
