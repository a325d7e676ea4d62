//! A goal, and what is known about the ways to reach it.

use std::mem;

use super::analysis::{Analysis, KnownSchedule};
use super::history::Burst;
use crate::model::{Extent, Goal, Machine, Outlook, Route, System};

/// A goal and the search for a way to it.
#[derive(Debug)]
pub(super) struct Solver<'s> {
    goal: Goal,
    /// An outlook that distinguishes the threads that the goal names; `None` if it names none.
    own: Option<Outlook<'s>>,
    progress: Search,
}

/// How far the search has come.
#[derive(Debug)]
enum Search {
    /// The states are still being visited.
    Pending,
    /// All states are known, but the route only from some of them.
    Routing(Route),
    /// The route is known from every state.
    Done { route: Route, par: Option<u64> },
    /// There are too many states; this is known nonetheless.
    TooLarge(Analysis),
}

impl<'s> Solver<'s> {
    pub(super) fn new(system: &'s System, goal: Goal) -> Self {
        let names = goal.names();
        Self {
            goal,
            own: (!names.is_empty()).then(|| Outlook::new(system, &names)),
            progress: Search::Pending,
        }
    }

    pub(super) fn goal(&self) -> Goal {
        self.goal
    }

    /// Searches on for `moves` moves; `common` is the outlook that distinguishes no threads.
    pub(super) fn think(&mut self, common: &Outlook<'s>, moves: usize) {
        if !self.is_open() {
            return;
        }
        let extent = match &mut self.own {
            Some(own) => own.advance(moves),
            None => common.extent(),
        };
        match extent {
            Extent::Growing(_) => {}
            Extent::TooMany => {
                self.progress = Search::TooLarge(Analysis::of(common.system(), self.goal));
            }
            Extent::Endless => self.progress = Search::TooLarge(Analysis::Unknown),
            Extent::Known(_) => {
                let outlook = self.own.as_ref().unwrap_or(common);
                let mut route = match mem::replace(&mut self.progress, Search::Pending) {
                    Search::Routing(route) => route,
                    _ => Route::begin(outlook),
                };
                self.progress = if route.advance(outlook, &self.goal, moves) {
                    let par = route.switches(outlook, &outlook.start(), None);
                    Search::Done { route, par }
                } else {
                    Search::Routing(route)
                };
            }
        }
    }

    pub(super) fn is_open(&self) -> bool {
        matches!(self.progress, Search::Pending | Search::Routing(_))
    }

    pub(super) fn is_done(&self) -> bool {
        matches!(self.progress, Search::Done { .. })
    }

    /// Returns whether it is known that no schedule reaches the goal.
    pub(super) fn is_unreachable(&self) -> bool {
        matches!(
            self.progress,
            Search::Done { par: None, .. } | Search::TooLarge(Analysis::Unreachable)
        )
    }

    /// Returns a schedule that is known although there are too many states to find the best.
    pub(super) fn known_schedule(&self) -> Option<&KnownSchedule> {
        match &self.progress {
            Search::TooLarge(Analysis::Reachable(schedule)) => Some(schedule),
            _ => None,
        }
    }

    pub(super) fn par(&self) -> Option<u64> {
        match self.progress {
            Search::Done { par, .. } => par,
            _ => None,
        }
    }

    /// Returns whether the goal is known to be reachable from the start but not from here.
    pub(super) fn is_lost(&self, common: &Outlook<'s>, machine: &Machine<'_>, last: usize) -> bool {
        let outlook = self.own.as_ref().unwrap_or(common);
        match &self.progress {
            Search::Done {
                route,
                par: Some(_),
            } => route.switches(outlook, machine, Some(last)).is_none(),
            _ => false,
        }
    }

    /// Returns the thread that moves next on the way to the goal, after these bursts.
    pub(super) fn next(
        &self,
        common: &Outlook<'s>,
        machine: &Machine<'_>,
        played: &[Burst],
    ) -> Option<usize> {
        match &self.progress {
            Search::Done { route, .. } => {
                let outlook = self.own.as_ref().unwrap_or(common);
                let last = played.last().map(|burst| burst.thread());
                route.next(outlook, machine, last)
            }
            _ => self.known_schedule()?.next(played),
        }
    }
}
