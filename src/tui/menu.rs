//! Menus: goals, and ways to play the rest.

use super::app::App;
use super::auto::Policy;
use super::words;
use crate::model::{Finish, Goal, Instruction, Program};
use crate::page::grouped;

/// The most totals that are offered whether they can be reached or not.
const MOST_TOTALS: u64 = 24;

/// Threads that may be told to wait for one another in the menu.
const MOST_WAITERS: usize = 4;

/// Something to choose from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Menu {
    /// What is chosen.
    pub title: &'static str,
    /// The lines.
    pub lines: Vec<(String, Choice)>,
    /// The line that is chosen.
    pub at: usize,
}

/// What a line does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Sets a goal, or none.
    Goal(Option<Goal>),
    /// Plays the rest.
    Play(Policy),
}

impl Menu {
    pub(super) fn play() -> Self {
        let line = |policy: Policy| (policy.text().to_owned(), Choice::Play(policy));
        Self {
            title: "Play the rest",
            lines: Policy::ALL.into_iter().map(line).collect(),
            at: 0,
        }
    }

    pub(super) fn goals(app: &App<'_>) -> Self {
        let goals = offered(app);
        let current = app.game.goal();
        let at = goals.iter().position(|goal| Some(*goal) == current);
        let name = |goal: &Goal| match *goal {
            Goal::Total(total) if Some(total) == app.about.correct => {
                format!("end correct, with {}", grouped(total))
            }
            goal => words::goal(goal),
        };
        let mut lines: Vec<_> = goals
            .iter()
            .map(|goal| (name(goal), Choice::Goal(Some(*goal))))
            .collect();
        lines.push(("no goal".into(), Choice::Goal(None)));
        Self {
            title: "Goal",
            at: at.unwrap_or(0),
            lines,
        }
    }

    pub(super) fn turn(&mut self, down: bool) {
        let many = self.lines.len();
        self.at = (self.at + if down { 1 } else { many - 1 }) % many;
    }

    pub(super) fn choose(&mut self, line: usize) {
        self.at = line.min(self.lines.len() - 1);
    }

    pub(super) fn accept(self, app: &mut App<'_>) {
        match self.lines[self.at].1 {
            Choice::Goal(goal) => app.pursue(goal),
            Choice::Play(policy) => app.play_rest(policy),
        }
    }
}

/// Every total that is small enough to be asked for, whether it can be reached or not; else those
/// that can. Then waiting, where there is something to wait for.
fn offered(app: &App<'_>) -> Vec<Goal> {
    let system = app.game.system();
    let chances = app.game.outlook().chances(&app.game.outlook().start());
    let chances = chances.unwrap_or_default();
    let possible = chances.iter().filter_map(|chance| match chance.finish {
        Finish::Total(total) => Some(total),
        Finish::Deadlock => None,
    });
    let tried = app.game.totals();
    let tried = tried.least.into_iter().chain(tried.lockstep);
    let mut totals: Vec<u64> = possible.chain(app.about.correct).chain(tried).collect();
    if let Some(most) = app.about.correct.filter(|&most| most <= MOST_TOTALS) {
        totals.extend(1..=most);
    }
    totals.extend(match app.game.goal() {
        Some(Goal::Total(total)) => Some(total),
        _ => None,
    });
    totals.sort_unstable();
    totals.dedup();
    let mut goals: Vec<_> = totals.into_iter().map(Goal::Total).collect();
    let threads = 0..system.threads();
    let code = || system.programs().iter().flat_map(Program::code);
    let locks = code().any(|i| i.lock().is_some());
    let waits = |i: &Instruction| {
        matches!(
            i,
            Instruction::Await { .. } | Instruction::AwaitExchange { .. }
        )
    };
    if locks || code().any(waits) {
        goals.push(Goal::Deadlock);
    }
    for thread in threads.clone().take(MOST_WAITERS) {
        if locks {
            let others = threads
                .clone()
                .take(MOST_WAITERS)
                .filter(|&other| other != thread);
            goals.extend(others.map(|other| Goal::Wait {
                thread,
                holder: Some(other),
            }));
        } else if code().any(waits) {
            goals.push(Goal::Wait {
                thread,
                holder: None,
            });
        }
    }
    goals
}
