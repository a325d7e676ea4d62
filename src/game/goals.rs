//! The goals that a game offers.

use super::session::Game;
use crate::model::Instruction::{Await, AwaitExchange, Pass, Poll, Wake};
use crate::model::{EndCondition, Finish, Goal, Program};

/// The largest correct total up to which every total is offered, reachable or not.
const MOST_TOTALS: u64 = 24;

/// The most ends of a race program that are offered.
const MOST_ENDS: usize = 100;

/// The number of threads for which the menu offers to make one wait for another.
const MOST_WAITERS: usize = 4;

impl Game<'_> {
    /// Returns the goals worth offering if `correct` is the condition on a correct end: every total if
    /// there are few, else the ends known to be reachable; then waiting, if the programs wait at all.
    pub fn offered_goals(&self, correct: Option<&EndCondition>) -> Vec<Goal> {
        let mut goals = if self.system().shown().is_empty() {
            self.offered_totals(correct.and_then(EndCondition::as_total))
        } else {
            self.offered_ends()
        };
        if let Some(goal) = self.goal().filter(|goal| !goals.contains(goal)) {
            goals.insert(0, goal.clone());
        }
        let code = || self.system().programs().iter().flat_map(Program::code);
        let locks = code().any(|i| i.lock().is_some());
        let waits = code().any(|i| {
            let queued = matches!(i, Wake { .. } | Pass { .. } | Poll { .. });
            queued || matches!(i, Await { .. } | AwaitExchange { .. })
        });
        if (locks || waits) && !goals.contains(&Goal::deadlock()) {
            goals.push(Goal::deadlock());
        }
        let waiters = 0..self.system().threads().min(MOST_WAITERS);
        for thread in waiters.clone() {
            let wait = |holder| Goal::Wait { thread, holder };
            if locks {
                let holders = waiters.clone().filter(|&holder| holder != thread);
                goals.extend(holders.map(Some).map(wait));
            } else if waits {
                goals.push(wait(None));
            }
        }
        goals
    }

    /// Returns every way to end that is known to be reachable.
    fn offered_ends(&self) -> Vec<Goal> {
        let (system, outlook) = (self.system(), self.outlook());
        let chances = outlook.chances(&outlook.start()).unwrap_or_default();
        let drawn = self
            .sample()
            .into_iter()
            .flat_map(|sample| sample.ends().keys());
        let finishes = chances.iter().map(|chance| &chance.finish).chain(drawn);
        let endings = finishes.filter_map(|finish| match *finish {
            Finish::Other(index) => outlook.ending(index),
            Finish::Total(_) | Finish::Deadlock => None,
        });
        let goals = endings.map(|ending| Goal::ending(ending, system));
        goals.take(MOST_ENDS).collect()
    }

    fn offered_totals(&self, correct: Option<u64>) -> Vec<Goal> {
        let chances = self.outlook().chances(&self.outlook().start());
        let possible = chances.unwrap_or_default().iter();
        let possible = possible.filter_map(|chance| match chance.finish {
            Finish::Total(total) => Some(total),
            Finish::Deadlock | Finish::Other(_) => None,
        });
        let known = self.totals();
        let known = known.least.into_iter().chain(known.lockstep);
        let mut totals: Vec<u64> = possible.chain(correct).chain(known).collect();
        if let Some(most) = correct.filter(|&most| most <= MOST_TOTALS) {
            totals.extend(1..=most);
        }
        if let Some(Goal::End(condition)) = self.goal() {
            totals.extend(condition.as_total());
        }
        totals.sort_unstable();
        totals.dedup();
        totals.into_iter().map(Goal::total).collect()
    }
}
