//! What may cover the panels, menus included, and the effect of keys meanwhile.

use ratatui::crossterm::event::KeyEvent;

use super::app::{App, AppRequest};
use super::keys::{self, Command, OverlayCommand};
use super::words;
use crate::game::puzzle::Score;
use crate::game::{Game, Policy};
use crate::model::{EndCondition, Ending, Goal};
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
    /// How the real threads ended when the schedule was forced, or why it could not be.
    Forced(Result<Ending, String>),
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
#[derive(Clone, Debug, PartialEq, Eq)]
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

    pub(super) fn goals(game: &Game<'_>, correct: Option<&EndCondition>) -> Self {
        let goals = game.offered_goals(correct);
        let at = goals.iter().position(|goal| Some(goal) == game.goal());
        let name = |goal: &Goal| match goal {
            Goal::End(condition) if Some(condition) == correct => {
                let total = condition.as_total().map(grouped).unwrap_or_default();
                format!("end correct, with {total}")
            }
            goal => words::goal(goal),
        };
        let lines = goals.into_iter();
        let lines = lines.map(|goal| (name(&goal), Choice::Goal(Some(goal))));
        let none = ("no goal".into(), Choice::Goal(None));
        Self {
            title: "Goal",
            lines: lines.chain([none]).collect(),
            at: at.unwrap_or(0),
        }
    }
}

impl App<'_> {
    pub(super) fn overlay_key(&mut self, key: &KeyEvent) -> AppRequest {
        if let Some((command, _)) = keys::command(keys::OVERLAY_KEYS, key) {
            return self.overlay_command(command);
        }
        // The key that opened it closes it.
        let opener = keys::command(keys::KEYS, key).map(|(command, _)| command);
        if let (Some(Command::Help), Some(Overlay::Help))
        | (Some(Command::About), Some(Overlay::About))
        | (Some(Command::Token), Some(Overlay::Token))
        | (Some(Command::Goal | Command::Play), Some(Overlay::Menu(_))) = (opener, &self.overlay)
        {
            self.close();
        }
        AppRequest::Nothing
    }

    pub(super) fn close(&mut self) -> Option<Overlay> {
        self.scroll.set(0);
        self.overlay.take()
    }

    /// Carries out a command on what covers the panels.
    pub fn overlay_command(&mut self, command: OverlayCommand) -> AppRequest {
        use OverlayCommand as C;
        if let Some(Overlay::Menu(menu)) = &mut self.overlay {
            let last = menu.lines.len() - 1;
            menu.at = match command {
                C::Up if menu.at == 0 => last,
                C::Down if menu.at == last => 0,
                command => command.moved(menu.at).min(last),
            };
        } else {
            // Drawing clamps it, because only there the height is known.
            self.scroll.set(command.moved(self.scroll.get()));
        }
        match (command, &self.overlay) {
            (C::Suspend, _) => return AppRequest::Suspend,
            (C::Interrupt, _) => return AppRequest::Interrupt,
            (C::Next, Some(Overlay::Solved(_))) => {
                self.close();
                return self.next();
            }
            (C::Accept, _) => self.accept(),
            (C::Close, _) => drop(self.close()),
            _ => {}
        }
        AppRequest::Nothing
    }

    /// Closes what covers the panels; if it is a menu, carries out its selected line.
    fn accept(&mut self) {
        if let Some(Overlay::Menu(menu)) = self.close() {
            match menu.lines[menu.at].1.clone() {
                Choice::Goal(goal) => self.set_goal(goal),
                Choice::Play(policy) => self.play_rest(policy),
            }
        }
    }

    /// Accepts a line of the open menu, as a click does.
    pub fn pick(&mut self, line: usize) {
        if let Some(Overlay::Menu(menu)) = &mut self.overlay {
            menu.at = line.min(menu.lines.len() - 1);
        }
        self.accept();
    }
}
