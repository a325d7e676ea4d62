//! The words and commands that belong to a game.

use crate::game::puzzle::Score;

/// What the screen tells about a game.
#[derive(Clone, Debug, Default)]
pub struct GameInfo {
    /// A title of a few words.
    pub title: String,
    /// What it is about, and what to look for.
    pub story: String,
    /// The correct total, where the program has one.
    pub correct: Option<u64>,
    /// Whether the total counts increments, so that a smaller one means lost updates.
    pub counts: bool,
    /// The arguments that name it on the command line: `unsynced -t 2 -i 5`.
    pub arguments: String,
    /// More about a puzzle; `None` for a strategy.
    pub puzzle: Option<PuzzleInfo>,
}

/// What the screen tells about a puzzle only.
#[derive(Clone, Copy, Debug)]
pub struct PuzzleInfo {
    /// What the solution shows.
    pub lesson: &'static str,
    /// The best score so far.
    pub before: Option<Score>,
    /// Whether another puzzle follows.
    pub has_next: bool,
}
