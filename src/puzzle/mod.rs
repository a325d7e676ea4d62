//! Puzzles: small systems, each with something to bring about by choosing who moves; and what a
//! person has solved so far.

mod build;
mod counting;
mod locking;
mod progress;
mod protocols;

use crate::model::{Goal, ModelError, System};

pub use progress::{Progress, Solved, Trouble};

/// A system and what is to be brought about in it.
#[derive(Debug)]
pub struct Puzzle {
    /// Its name, to be typed.
    pub name: &'static str,
    /// What it is about, in a line.
    pub title: &'static str,
    /// What is given and what to look for.
    pub story: &'static str,
    /// What there was to see, told when it is solved.
    pub lesson: &'static str,
    /// What is to be brought about.
    pub goal: Goal,
    /// What a correct program would end with, where that makes sense.
    pub correct: Option<u64>,
    /// Whether the total is a number of increments, so that what is missing in the end was lost.
    pub counts: bool,
    /// The strategy, size and flags that give the same system to `replay`, where one has it.
    pub replay: Option<&'static str>,
    /// The system.
    pub build: fn() -> Result<System, ModelError>,
}

/// Every puzzle, from the easiest on.
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

/// The puzzle of this number (from 1) or name, with its index.
pub fn find(asked: &str) -> Option<(usize, &'static Puzzle)> {
    let index = match asked.parse::<usize>() {
        Ok(number) => number.checked_sub(1)?,
        Err(_) => ALL.iter().position(|puzzle| puzzle.name == asked)?,
    };
    Some((index, *ALL.get(index)?))
}

/// Stars for a goal that was reached with so many switches: three at par, two for up to half as
/// many again (and at least one more), else one. Whoever took a hint gets two at most.
pub fn stars(switches: u64, par: u64, hinted: bool) -> u8 {
    let stars = if switches <= par {
        3
    } else if switches <= par + (par / 2).max(1) {
        2
    } else {
        1
    };
    if hinted { stars.min(2) } else { stars }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_are_counted_against_par() {
        let given = |switches| stars(switches, 4, false);
        assert_eq!([4, 5, 6, 7, 100].map(given), [3, 2, 2, 1, 1]);
        assert_eq!(stars(0, 0, false), 3);
        assert_eq!(stars(1, 0, false), 2);
        assert_eq!(stars(4, 4, true), 2);
        assert_eq!(stars(9, 4, true), 1);
    }

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
