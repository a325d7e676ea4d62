//! The scores of solved puzzles.

use std::collections::BTreeMap;

use super::ALL;

/// The most stars of a puzzle.
pub const MOST_STARS: u8 = 3;

/// The score of a solved puzzle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Score {
    /// One to [`MOST_STARS`].
    pub stars: u8,
    /// The number of switches between threads.
    pub switches: u64,
}

impl Score {
    /// Scores a solution: three stars at par, two for up to half as many switches again (and at least
    /// one more), else one. With a hint there are at most two.
    pub fn new(switches: u64, par: u64, hinted: bool) -> Self {
        let stars = if switches <= par {
            MOST_STARS
        } else if switches <= par + (par / 2).max(1) {
            2
        } else {
            1
        };
        let stars = if hinted { stars.min(2) } else { stars };
        Self { stars, switches }
    }

    fn is_better_than(self, other: Self) -> bool {
        (self.stars, other.switches) > (other.stars, self.switches)
    }
}

/// The best score of each puzzle, by the puzzle's name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scores(BTreeMap<String, Score>);

impl Scores {
    /// Returns the score of a puzzle; `None` if it is not solved.
    pub fn of(&self, name: &str) -> Option<Score> {
        self.0.get(name).copied()
    }

    /// Returns the stars of all puzzles together, and how many there could be.
    pub fn stars(&self) -> (usize, usize) {
        let stars = ALL.iter().filter_map(|name| self.of(name));
        let earned = stars.map(|score| usize::from(score.stars)).sum();
        (earned, usize::from(MOST_STARS) * ALL.len())
    }

    /// Returns the index of the first unsolved puzzle; else of the first with a star missing; else 0.
    pub fn next(&self) -> usize {
        let stars = |name: &str| self.of(name).map(|score| score.stars);
        let open = ALL.iter().position(|name| stars(name).is_none());
        let better = || ALL.iter().position(|name| stars(name) < Some(MOST_STARS));
        open.or_else(better).unwrap_or(0)
    }

    /// Records a score unless the puzzle already has a better one.
    pub fn record(&mut self, name: &str, score: Score) {
        if self.of(name).is_none_or(|best| score.is_better_than(best)) {
            self.0.insert(name.to_owned(), score);
        }
    }

    /// Returns the puzzles that are solved, with their scores.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Score)> {
        self.0.iter().map(|(name, &score)| (name.as_str(), score))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_are_counted_against_par() {
        let stars = |switches, par, hinted| Score::new(switches, par, hinted).stars;
        let given = |switches| stars(switches, 4, false);
        assert_eq!([4, 5, 6, 7, 100].map(given), [3, 2, 2, 1, 1]);
        assert_eq!(stars(0, 0, false), 3);
        assert_eq!(stars(1, 0, false), 2);
        assert_eq!(stars(4, 4, true), 2);
        assert_eq!(stars(9, 4, true), 1);
    }
}
