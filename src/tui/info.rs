//! The words and commands that belong to a game.

use crate::game::puzzle::Score;
use crate::model::{EndCondition, Ending};

/// What the screen tells about a game.
#[derive(Clone, Debug, Default)]
pub struct GameInfo {
    /// A title of a few words.
    pub title: String,
    /// What it is about, and what to look for.
    pub story: String,
    /// Which ends are correct, where that is known: a total, if increments are counted.
    pub correct: Option<EndCondition>,
    /// The arguments that name it on the command line: `unsynced -t 2 -i 5`.
    pub arguments: String,
    /// The lines of a race program, the first one first; empty for a strategy.
    pub source: Vec<String>,
    /// More about a puzzle; `None` for anything else.
    pub puzzle: Option<PuzzleInfo>,
}

impl GameInfo {
    /// Returns the correct total, if the ends are totals.
    pub(super) fn correct_total(&self) -> Option<u64> {
        self.correct.as_ref()?.as_total()
    }

    /// Returns whether an end is correct; `None` if that is not known.
    pub(super) fn is_correct(&self, ending: &Ending) -> Option<bool> {
        match ending {
            Ending::Total(_) | Ending::Values(_) => {
                let correct = self.correct.as_ref()?;
                Some(correct.holds(ending))
            }
            Ending::Deadlock(_) | Ending::Failed(..) | Ending::Livelock => Some(false),
        }
    }
}

/// What the screen tells about a puzzle only.
#[derive(Clone, Debug)]
pub struct PuzzleInfo {
    /// What the solution shows.
    pub lesson: String,
    /// The best score so far.
    pub before: Option<Score>,
    /// Whether another puzzle follows.
    pub has_next: bool,
}
