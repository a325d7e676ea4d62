//! What the screen's state is made of.

use super::menu::Menu;
use crate::puzzle::Solved;

/// What is played, in words.
#[derive(Clone, Debug, Default)]
pub struct About {
    /// Names it, in a few words.
    pub title: String,
    /// What it is about, and what to look for.
    pub story: String,
    /// The total of a correct program.
    pub correct: Option<u64>,
    /// Whether the total is a number of increments, so that what is missing in the end was lost.
    pub counts: bool,
    /// The command that forces schedules of it on real threads, without its schedule; none where no
    /// strategy has this program.
    pub replay: Option<String>,
    /// The command that opens this screen, without its schedule.
    pub again: String,
    /// Of a puzzle.
    pub puzzle: Option<AboutPuzzle>,
}

/// What only a puzzle has.
#[derive(Clone, Copy, Debug)]
pub struct AboutPuzzle {
    /// What there was to see.
    pub lesson: &'static str,
    /// How well it was solved before.
    pub before: Option<Solved>,
    /// Whether another comes after it.
    pub has_next: bool,
}

/// What lies over the panels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Overlay {
    /// The keys.
    Help,
    /// What it is about.
    About,
    /// The token.
    Token,
    /// What came of forcing it on real threads.
    Forced(Result<u64, String>),
    /// A solved puzzle: switches, stars.
    Solved(Solved),
    /// Something to choose.
    Menu(Menu),
}

/// What a key asks of whoever runs the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Nothing but to draw.
    Nothing,
    /// To end.
    Quit,
    /// To end at once.
    Interrupt,
    /// To stop until the shell lets it go on.
    Suspend,
    /// To force what was played on real threads.
    Force,
    /// To write down that the puzzle was solved.
    Keep(Solved),
    /// The next puzzle.
    Next,
}
