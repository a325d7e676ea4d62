//! The schedule so far as text: as a token, and in commands.

use super::app::App;
use crate::game::MOST_STEPS;
use crate::page::grouped;

/// The most segments that are written out: longer tokens are unreadable, and a command line may not
/// exceed some 100 kB.
const MOST_SEGMENTS: u64 = 1_000;

/// The segments shown at each end of a longer token.
const SHOWN: usize = 5;

impl App<'_> {
    /// Returns whether the token is short enough to be written out and typed.
    pub fn is_typable(&self) -> bool {
        self.game.segments() <= MOST_SEGMENTS
    }

    /// Returns the schedule so far as a token; of a long one its ends and its length.
    pub fn token(&self) -> String {
        if self.is_typable() {
            return self.game.schedule().to_string();
        }
        let [first, last] = self.game.edges(SHOWN);
        let segments = grouped(self.game.segments());
        format!("{first},...,{last} ({segments} segments, too long to print)")
    }

    /// Returns whether a game may begin with this schedule.
    pub fn may_begin(&self) -> bool {
        self.game.steps() <= MOST_STEPS
    }

    /// Returns the commands that force the schedule on real threads and that open it here again;
    /// none if its token is too long to type and goes to no file.
    pub fn commands(&self) -> Vec<String> {
        let schedule = match &self.token_file {
            _ if self.is_typable() => self.game.schedule().to_string(),
            Some(file) => format!("@{file}"),
            None => return Vec::new(),
        };
        let again = self.may_begin().then_some("step");
        let commands = ["replay"].into_iter().chain(again);
        let arguments = &self.info.arguments;
        commands
            .map(|command| format!("miscount {command} {arguments} --schedule {schedule}"))
            .collect()
    }

    /// Explains why commands are missing, if any are.
    pub fn commands_note(&self) -> Option<String> {
        match &self.token_file {
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
