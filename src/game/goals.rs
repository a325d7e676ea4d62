//! The goals that a game offers.

use super::session::Game;
use crate::model::Instruction::{Await, AwaitExchange};
use crate::model::{Finish, Goal, Program};

/// The largest correct total up to which every total is offered, reachable or not.
const MOST_TOTALS: u64 = 24;

/// The number of threads for which the menu offers to make one wait for another.
const MOST_WAITERS: usize = 4;

impl Game<'_> {
    /// Returns the goals worth offering if `correct` is the correct total: every total if there are
    /// few, else the totals known to be reachable; then waiting, if the programs wait at all.
    pub fn offered_goals(&self, correct: Option<u64>) -> Vec<Goal> {
        let mut goals = self.offered_totals(correct);
        let code = || self.system().programs().iter().flat_map(Program::code);
        let locks = code().any(|i| i.lock().is_some());
        let waits = code().any(|i| matches!(i, Await { .. } | AwaitExchange { .. }));
        if locks || waits {
            goals.push(Goal::Deadlock);
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
        if let Some(Goal::Total(total)) = self.goal() {
            totals.push(total);
        }
        totals.sort_unstable();
        totals.dedup();
        totals.into_iter().map(Goal::Total).collect()
    }
}
