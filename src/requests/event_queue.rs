//! Some of the requests of a scenario, driven by one thread: the part that is the same on every clock.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::Range;

use super::contexts::Contexts;
use super::event::Event;
use super::request::Request;
use super::tree::Tree;
use crate::sync::Moment;

/// The requests that have not ended.
pub(super) struct EventQueue<'a> {
    tree: &'a Tree,
    /// The node of the first request.
    first: usize,
    /// The requests in the order of the tree; `None` for those that have ended.
    requests: Vec<Option<Request<'a>>>,
    /// The times at which they go on, earliest first. Some of the requests may have ended since.
    due: BinaryHeap<Reverse<(Moment, usize)>>,
    /// The moment up to which only the last step of each request is of interest.
    pub(super) leap_to: Moment,
    /// The requests that are to go on now.
    called: Vec<usize>,
}

impl<'a> EventQueue<'a> {
    /// Makes a queue of the requests of these nodes, which have not begun.
    pub(super) fn new(tree: &'a Tree, contexts: &'a Contexts, nodes: Range<usize>) -> Self {
        let request = |node| Some(Request::new(contexts, node));
        Self {
            tree,
            first: nodes.start,
            requests: nodes.clone().map(request).collect(),
            due: nodes.map(|node| Reverse((Moment::START, node))).collect(),
            leap_to: Moment::START,
            called: Vec::new(),
        }
    }

    /// Returns the time at which the next request goes on; `None` if all have ended.
    pub(super) fn next(&mut self) -> Option<Moment> {
        while let Some(&Reverse((at, node))) = self.due.peek() {
            if self.requests[node - self.first].is_some() {
                return Some(at);
            }
            self.due.pop();
        }
        None
    }

    /// Takes note that the context of this node has ended, and with it those below.
    pub(super) fn ended(&mut self, node: usize) {
        let here = self.first..self.first + self.requests.len();
        let branch = self.tree.branch(node);
        self.called
            .extend(branch.start.max(here.start)..branch.end.min(here.end));
    }

    /// Continues the requests that are due by now and those whose context has ended, in the order of
    /// the tree.
    pub(super) fn go_on(&mut self, clock: &impl Fn() -> Moment, tell: &mut impl FnMut(Event)) {
        let now = clock();
        while let Some(&Reverse((_, node))) = self.due.peek().filter(|due| due.0.0 <= now) {
            self.due.pop();
            self.called.push(node);
        }
        self.called.sort_unstable();
        self.called.dedup();
        for node in self.called.drain(..) {
            let place = &mut self.requests[node - self.first];
            let Some(request) = place else { continue };
            match request.go_on(clock, tell) {
                Some(_) => self.due.push(Reverse((request.leap(self.leap_to), node))),
                None => *place = None,
            }
        }
    }
}
