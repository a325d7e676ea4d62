//! A goal, and what is known about the ways to reach it.

use std::mem;

use super::analysis::{KnownSchedule, is_short};
use super::history::Burst;
use crate::model::{
    Actor, Completeness, Goal, Machine, Outlook, Proof, Route, System, WorstSchedule, by_rule,
    to_total,
};

/// A goal and the search for a way to it.
#[derive(Debug)]
pub(super) struct Solver<'s> {
    pub(super) goal: Goal,
    pub(super) search: Search,
    /// An outlook that distinguishes the threads that the goal names; `None` if it names none.
    own: Option<Outlook<'s>>,
}

/// How far the search has come.
#[derive(Debug)]
pub(super) enum Search {
    /// The states are still being visited.
    Pending,
    /// All states are known, but the route only from some of them.
    Routing(Route),
    /// The route is known from every state, and from the start it takes `par` switches.
    Solved { route: Route, par: u64 },
    /// There are too many states to find the best schedule, but this one is known.
    Schedule(KnownSchedule),
    /// No schedule reaches the goal.
    Unreachable,
    /// There are too many states, and the text of the program does not help.
    Unknown,
}

impl Search {
    /// Returns what the text of the program says about a goal.
    fn by_text(system: &System, goal: &Goal) -> Self {
        let Goal::End(condition) = goal else {
            return Self::Unknown;
        };
        let Some(total) = condition.as_total() else {
            return Self::Unknown;
        };
        if !is_short(&Machine::new(system)) {
            return Self::Unknown;
        }
        let schedule = match by_rule(system) {
            Some(WorstSchedule {
                total: Some(least),
                most: Some(most),
                ..
            }) if !(least..=most).contains(&total) => return Self::Unreachable,
            Some(WorstSchedule {
                proof: Proof::Same,
                schedule,
                ..
            }) => Some(schedule),
            _ => to_total(system, total),
        };
        let known = schedule.and_then(|schedule| KnownSchedule::new(system, schedule));
        known.map_or(Self::Unknown, Self::Schedule)
    }
}

impl<'s> Solver<'s> {
    pub(super) fn new(system: &'s System, goal: Goal) -> Self {
        let names = goal.names();
        Self {
            goal,
            search: Search::Pending,
            own: (!names.is_empty()).then(|| Outlook::new(system, &names)),
        }
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
        let outlook = self.own.as_ref().unwrap_or(common);
        self.search = match (extent, mem::replace(&mut self.search, Search::Pending)) {
            (Completeness::Growing(_), search) => search,
            (Completeness::TooMany, _) => Search::by_text(common.system(), &self.goal),
            (Completeness::Known(_), search) => {
                let mut route = match search {
                    Search::Routing(route) => route,
                    _ => Route::begin(outlook),
                };
                if route.advance(outlook, &self.goal, moves) {
                    match route.switches(outlook, &outlook.start(), None) {
                        Some(par) => Search::Solved { route, par },
                        None => Search::Unreachable,
                    }
                } else {
                    Search::Routing(route)
                }
            }
        };
    }

    pub(super) fn is_open(&self) -> bool {
        matches!(self.search, Search::Pending | Search::Routing(_))
    }

    /// Returns whether the goal is known to be reachable from the start but not from here.
    pub(super) fn is_lost(&self, common: &Outlook<'s>, machine: &Machine<'_>, last: Actor) -> bool {
        let Search::Solved { route, .. } = &self.search else {
            return false;
        };
        let outlook = self.own.as_ref().unwrap_or(common);
        route.switches(outlook, machine, Some(last)).is_none()
    }

    /// Returns the actor that moves next on the way to the goal, after these bursts.
    pub(super) fn next(
        &self,
        common: &Outlook<'s>,
        machine: &Machine<'_>,
        played: &[Burst],
    ) -> Option<Actor> {
        match &self.search {
            Search::Solved { route, .. } => {
                let outlook = self.own.as_ref().unwrap_or(common);
                let last = played.last().map(|burst| burst.actor());
                route.next(outlook, machine, last)
            }
            Search::Schedule(known) => known.next(played),
            _ => None,
        }
    }
}
