//! What was played, as text: as a token, and as commands that take it.

use super::app::App;
use super::game::MOST_STEPS;
use crate::page::grouped;

/// A schedule with more segments is not written out: nobody reads it, and a command line may be no
/// longer than some 100 kB.
const MOST_SEGMENTS: u64 = 1_000;

/// The segments that are shown of such a one, at its beginning and at its end.
const SHOWN: usize = 5;

impl App<'_> {
    /// Whether what was played is written out, and can be typed.
    pub fn is_typable(&self) -> bool {
        self.game.segments() <= MOST_SEGMENTS
    }

    /// What was played as a token; where that is too long, its beginning and its end, and its
    /// length.
    pub fn token(&self) -> String {
        if self.is_typable() {
            return self.game.schedule().to_string();
        }
        let [first, last] = self.game.edges(SHOWN);
        let segments = grouped(self.game.segments());
        format!("{first},...,{last} ({segments} segments, too long to print)")
    }

    /// Whether a game may begin with what was played.
    pub fn may_begin(&self) -> bool {
        self.game.steps() <= MOST_STEPS
    }

    /// The commands that take what was played: to force it, to look at it here again. None where
    /// its token is too long to be typed, and is kept nowhere.
    pub fn commands(&self) -> Vec<String> {
        let schedule = match &self.keep {
            _ if self.is_typable() => self.game.schedule().to_string(),
            Some(file) => format!("@{file}"),
            None => return Vec::new(),
        };
        let again = self.may_begin().then_some(&self.about.again);
        let commands = self.about.replay.iter().chain(again);
        commands
            .map(|command| format!("{command} --schedule {schedule}"))
            .collect()
    }

    /// What there is to say where the commands are not all there.
    pub fn hitch(&self) -> Option<String> {
        match &self.keep {
            None if !self.is_typable() => {
                Some("Begun with -o FILE, step keeps such a token in a file.".into())
            }
            _ if !self.may_begin() => Some(format!(
                "step begins with at most {} steps; these are {}.",
                grouped(MOST_STEPS),
                grouped(self.game.steps())
            )),
            _ => None,
        }
    }
}
