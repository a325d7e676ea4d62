//! A goal that is pursued, and what is known of the way there.

use std::mem;

use super::played::Turn;
use super::rule::{Rule, Way};
use crate::model::{Extent, Goal, Machine, Outlook, Route, System};

/// A goal and the way to it.
#[derive(Debug)]
pub(super) struct Solver<'s> {
    goal: Goal,
    /// What tells the threads apart that the goal names; none where it names none.
    own: Option<Outlook<'s>>,
    known: Known,
}

/// What is known of the way.
#[derive(Debug)]
enum Known {
    NotYet,
    /// All states are known, and from some of them the way.
    Partly(Route),
    Route {
        route: Route,
        par: Option<u64>,
    },
    /// There are too many states: this is what is known all the same.
    TooMany(Rule),
}

impl<'s> Solver<'s> {
    pub(super) fn new(system: &'s System, goal: Goal) -> Self {
        let names = goal.names();
        Self {
            goal,
            own: (!names.is_empty()).then(|| Outlook::new(system, &names)),
            known: Known::NotYet,
        }
    }

    pub(super) fn goal(&self) -> Goal {
        self.goal
    }

    /// Thinks on for so many moves; `common` is the outlook that tells no threads apart.
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
                let rule = Rule::of(common.system(), self.goal);
                self.known = Known::TooMany(rule);
            }
            Extent::Endless => self.known = Known::TooMany(Rule::Silent),
            Extent::Known(_) => {
                let outlook = self.own.as_ref().unwrap_or(common);
                let mut route = match mem::replace(&mut self.known, Known::NotYet) {
                    Known::Partly(route) => route,
                    _ => Route::begin(outlook),
                };
                self.known = if route.advance(outlook, &self.goal, moves) {
                    let par = route.switches(outlook, &outlook.start(), None);
                    Known::Route { route, par }
                } else {
                    Known::Partly(route)
                };
            }
        }
    }

    pub(super) fn is_open(&self) -> bool {
        matches!(self.known, Known::NotYet | Known::Partly(_))
    }

    pub(super) fn is_known(&self) -> bool {
        matches!(self.known, Known::Route { .. })
    }

    /// Whether it is known that no schedule reaches the goal.
    pub(super) fn is_impossible(&self) -> bool {
        matches!(
            self.known,
            Known::Route { par: None, .. } | Known::TooMany(Rule::Never)
        )
    }

    /// A way that is known although there are too many states to know the best.
    pub(super) fn way(&self) -> Option<&Way> {
        match &self.known {
            Known::TooMany(Rule::Way(way)) => Some(way),
            _ => None,
        }
    }

    pub(super) fn par(&self) -> Option<u64> {
        match self.known {
            Known::Route { par, .. } => par,
            Known::NotYet | Known::Partly(_) | Known::TooMany(_) => None,
        }
    }

    /// Whether it is known that the goal was reachable once and is not from here.
    pub(super) fn is_lost(&self, common: &Outlook<'s>, machine: &Machine<'_>, last: usize) -> bool {
        let outlook = self.own.as_ref().unwrap_or(common);
        match &self.known {
            Known::Route {
                route,
                par: Some(_),
            } => route.switches(outlook, machine, Some(last)).is_none(),
            _ => false,
        }
    }

    /// The thread that moves next on the way from here, to which these turns led.
    pub(super) fn next(
        &self,
        common: &Outlook<'s>,
        machine: &Machine<'_>,
        played: &[Turn],
    ) -> Option<usize> {
        let outlook = self.own.as_ref().unwrap_or(common);
        match &self.known {
            Known::Route { route, .. } => {
                let last = played.last().map(|turn| turn.thread());
                route.next(outlook, machine, last)
            }
            Known::TooMany(Rule::Way(way)) => way.next(played),
            Known::NotYet | Known::Partly(_) | Known::TooMany(_) => None,
        }
    }
}
