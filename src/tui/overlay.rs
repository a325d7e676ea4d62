//! What may cover the panels, menus included.

use super::words;
use crate::game::puzzle::Score;
use crate::game::{Game, Policy};
use crate::model::Goal;
use crate::page::grouped;

/// What covers the panels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Overlay {
    /// The keys.
    Help,
    /// The story of the game.
    About,
    /// The schedule so far.
    Token,
    /// The total that real threads left when the schedule was forced, or why it could not be.
    Forced(Result<u64, String>),
    /// A solved puzzle.
    Solved(Score),
    /// A menu.
    Menu(Menu),
}

/// A menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Menu {
    /// The title above the lines.
    pub title: &'static str,
    /// The lines, and what each one does.
    pub lines: Vec<(String, Choice)>,
    /// The index of the selected line.
    pub at: usize,
}

/// What a line of a menu does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Sets or clears the goal.
    Goal(Option<Goal>),
    /// Plays the rest of the game.
    Play(Policy),
}

impl Menu {
    pub(super) fn policies() -> Self {
        let line = |policy: Policy| (policy.text().to_owned(), Choice::Play(policy));
        Self {
            title: "Play the rest",
            lines: Policy::ALL.into_iter().map(line).collect(),
            at: 0,
        }
    }

    pub(super) fn goals(game: &Game<'_>, correct: Option<u64>) -> Self {
        let goals = game.offered_goals(correct);
        let at = goals.iter().position(|goal| Some(*goal) == game.goal());
        let name = |goal| match goal {
            Goal::Total(total) if Some(total) == correct => {
                format!("end correct, with {}", grouped(total))
            }
            goal => words::goal(goal),
        };
        let lines = goals.into_iter();
        let lines = lines.map(|goal| (name(goal), Choice::Goal(Some(goal))));
        let none = ("no goal".into(), Choice::Goal(None));
        Self {
            title: "Goal",
            lines: lines.chain([none]).collect(),
            at: at.unwrap_or(0),
        }
    }

    /// Selects the next or the previous line, around the ends.
    pub(super) fn turn(&mut self, down: bool) {
        let lines = self.lines.len();
        self.at = (self.at + if down { 1 } else { lines - 1 }) % lines;
    }

    pub(super) fn select(&mut self, line: usize) {
        self.at = line.min(self.lines.len() - 1);
    }

    pub(super) fn choice(&self) -> Choice {
        self.lines[self.at].1
    }
}
