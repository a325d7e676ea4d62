//! The goals that a game offers.

use super::session::Game;
use crate::model::Instruction::{Await, AwaitExchange, Pass, Poll, Wake};
use crate::model::{EndCondition, Ending, Finish, Goal, Program};

/// The largest correct total up to which every total is offered, reachable or not.
const MOST_TOTALS: u64 = 24;

/// The most ends of a race program that are offered.
const MOST_ENDS: usize = 100;

/// The number of threads for which the menu offers to make one wait for another.
const MOST_WAITERS: usize = 4;

impl Game<'_> {
    /// Returns the goals worth offering if `correct` is the condition on a correct end: every total if
    /// there are few, else the ends known to be reachable; and waiting, if the programs wait at all. The
    /// most interesting come first: wrong ends that are possible, the least first, then waiting, correct
    /// ends, and in the end those that are not known to be possible.
    pub fn offered_goals(&self, correct: Option<&EndCondition>) -> Vec<Goal> {
        let possible = self.possible_endings();
        let mut goals = if self.system().shown().is_empty() {
            self.offered_totals(correct.and_then(EndCondition::as_total), &possible)
        } else {
            let ends = possible.iter();
            let ends = ends.filter(|end| !matches!(end, Ending::Deadlock(_)));
            let goals = ends.map(|ending| Goal::ending(ending, self.system()));
            goals.take(MOST_ENDS).collect()
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
        goals.sort_by_key(|goal| {
            let mut endings = possible.iter().filter(|ending| goal.accepts(ending));
            match (goal, endings.next()) {
                (Goal::Wait { .. }, _) => 1,
                (Goal::End(_), Some(ending)) => {
                    let is_correct = correct.is_some_and(|correct| correct.holds(ending));
                    2 * u8::from(is_correct)
                }
                (Goal::End(_), None) => 3,
            }
        });
        goals
    }

    /// Returns every way to end that is known to be possible from the start.
    fn possible_endings(&self) -> Vec<Ending> {
        let (outlook, known) = (self.outlook(), self.totals());
        let chances = outlook.chances(&outlook.start()).unwrap_or_default();
        let sample = self.sample().into_iter();
        let totals = known.least.into_iter().chain(known.lockstep);
        let finishes = chances.iter().map(|chance| chance.finish);
        // Too many totals to offer are in a sample.
        let drawn = sample.flat_map(|sample| sample.ends().keys().copied());
        let drawn = drawn.filter(|finish| !matches!(finish, Finish::Total(_)));
        let finishes = finishes.chain(drawn);
        let endings = finishes.chain(totals.map(Finish::Total));
        let endings = endings.filter_map(|finish| match finish {
            Finish::Total(total) => Some(Ending::Total(total)),
            Finish::Deadlock => Some(Ending::Deadlock(Vec::new())),
            Finish::Other(index) => outlook.ending(index).cloned(),
        });
        endings.collect()
    }

    fn offered_totals(&self, correct: Option<u64>, possible: &[Ending]) -> Vec<Goal> {
        let possible = possible.iter().filter_map(|ending| match ending {
            Ending::Total(total) => Some(*total),
            _ => None,
        });
        let mut totals: Vec<u64> = possible.chain(correct).collect();
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
