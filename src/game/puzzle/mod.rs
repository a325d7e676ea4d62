//! Puzzles: small systems, each with a goal to reach by choosing which thread moves.

mod build;
mod counting;
mod locking;
mod protocols;
mod scores;

use crate::model::{Goal, ModelError, System};

pub use scores::{MOST_STARS, Score, Scores};

/// A system and the goal to reach in it.
#[derive(Debug)]
pub struct Puzzle {
    /// The name, as it is typed.
    pub name: &'static str,
    /// A title of one line.
    pub title: &'static str,
    /// What is given, and what to look for.
    pub story: &'static str,
    /// What the solution shows, told when the puzzle is solved.
    pub lesson: &'static str,
    /// The goal.
    pub goal: Goal,
    /// The correct total, where the program has one.
    pub correct: Option<u64>,
    /// Whether the total counts increments, so that a smaller one means lost updates.
    pub counts: bool,
    /// Builds the system.
    pub build: fn() -> Result<System, ModelError>,
}

/// All puzzles, the easiest first.
pub static ALL: &[&Puzzle] = &[
    &counting::LOST_UPDATE,
    &counting::LUCK,
    &counting::SINGLE_INSTRUCTION,
    &counting::THREE,
    &locking::WAIT,
    &locking::LOCKED,
    &locking::FORGOTTEN,
    &counting::MINIMUM,
    &locking::SPLIT,
    &protocols::BANK,
    &protocols::AUDIT,
    &protocols::RETRY,
    &locking::DEADLOCK,
    &protocols::PUBLISH,
    &locking::PHILOSOPHERS,
    &protocols::WAKE_UP,
    &protocols::RAISED_LATE,
    &protocols::PETERSON,
    &protocols::ABA,
    &counting::MINIMUM_OF_THREE,
];

/// Returns the puzzle of this number (from 1) or name, with its index.
pub fn find(asked: &str) -> Option<(usize, &'static Puzzle)> {
    let index = match asked.parse::<usize>() {
        Ok(number) => number.checked_sub(1)?,
        Err(_) => ALL.iter().position(|puzzle| puzzle.name == asked)?,
    };
    Some((index, *ALL.get(index)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn puzzles_are_found_by_number_and_by_name() {
        for (index, puzzle) in ALL.iter().enumerate() {
            assert_eq!(find(puzzle.name).map(|found| found.0), Some(index));
            let number = (index + 1).to_string();
            assert_eq!(find(&number).map(|found| found.1.name), Some(puzzle.name));
        }
        for asked in ["0", "99", "", "LUCK", "-1"] {
            assert!(find(asked).is_none(), "{asked}");
        }
    }
}
