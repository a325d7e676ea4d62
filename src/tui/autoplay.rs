//! The automatic player on the screen.

use super::app::{AT_ONCE, App, AppRequest, Helped};
use super::words;
use crate::game::{AutoPlayError, AutoPlayer, Policy};
use crate::model::{Actor, Named};

impl App<'_> {
    /// Lets a policy play the rest.
    pub(super) fn play_rest(&mut self, policy: Policy) {
        let seed = self.next_seed();
        match AutoPlayer::new(policy, &self.game, self.info.correct.as_ref(), seed) {
            Ok(auto) => {
                self.auto = Some(auto);
                self.helped = Helped::Played;
                let drawn = match policy {
                    Policy::Fair => format!(" ({})", Named::Random(seed)),
                    Policy::Lockstep | Policy::Worst => String::new(),
                };
                self.note(format!("Playing by itself{drawn}; any key stops it."));
            }
            Err(error) => {
                self.note(words::no_auto_play(error));
            }
        }
    }

    /// Lets the automatic player take its next steps.
    pub fn tick(&mut self) -> AppRequest {
        let Some(mut auto) = self.auto.take() else {
            return AppRequest::Nothing;
        };
        if auto.think(&self.game, AT_ONCE) {
            self.auto = Some(auto);
            return AppRequest::Nothing;
        }
        for _ in 0..auto.tick(self.game.system().threads()) {
            if !auto.step(&mut self.game) {
                return self.report_goal(false);
            }
            self.selected = self.game.last().map_or(self.selected, Actor::thread);
            let was_solved = self.solved;
            let request = self.report_goal(true);
            if self.solved && !was_solved {
                return request;
            }
        }
        if self.game.is_full() {
            self.note(words::no_auto_play(AutoPlayError::Full));
        } else if auto.is_exhausted() {
            self.note("Paused. p continues.");
        } else {
            self.auto = Some(auto);
        }
        AppRequest::Nothing
    }
}
