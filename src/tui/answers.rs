//! What keys do where something lies over the panels.

use ratatui::crossterm::event::KeyEvent;

use super::app::App;
use super::keys::{self, Answer, Command};
use super::state::{Action, Overlay};

/// Lines that a page has.
const PAGE: usize = 10;

impl App<'_> {
    pub(super) fn answer_key(&mut self, key: &KeyEvent) -> Action {
        if let Some((answer, _)) = keys::command(keys::MENU_KEYS, key) {
            return self.answer(answer);
        }
        // What opened it closes it.
        if keys::command(keys::KEYS, key).is_some_and(|(command, _)| self.has_opened(command)) {
            self.close();
        }
        Action::Nothing
    }

    /// Whether what lies over the panels was opened by this.
    fn has_opened(&self, command: Command) -> bool {
        matches!(
            (command, &self.overlay),
            (Command::Help, Some(Overlay::Help))
                | (Command::About, Some(Overlay::About))
                | (Command::Token, Some(Overlay::Token))
                | (Command::Goal | Command::Play, Some(Overlay::Menu(_)))
        )
    }

    pub(super) fn close(&mut self) -> Option<Overlay> {
        self.scroll.set(0);
        self.overlay.take()
    }

    /// What a key does where something lies over the panels.
    pub fn answer(&mut self, answer: Answer) -> Action {
        match (answer, &mut self.overlay) {
            (Answer::Suspend, _) => return Action::Suspend,
            (Answer::Interrupt, _) => return Action::Interrupt,
            (Answer::Up | Answer::Down, Some(Overlay::Menu(menu))) => {
                menu.turn(answer == Answer::Down);
            }
            (Answer::PageUp, Some(Overlay::Menu(menu))) => {
                menu.choose(menu.at.saturating_sub(PAGE));
            }
            (Answer::PageDown, Some(Overlay::Menu(menu))) => menu.choose(menu.at + PAGE),
            (Answer::First, Some(Overlay::Menu(menu))) => menu.choose(0),
            (Answer::Last, Some(Overlay::Menu(menu))) => menu.choose(usize::MAX),
            (Answer::Up, _) => self.scroll.set(self.scroll.get().saturating_sub(1)),
            (Answer::PageUp, _) => self.scroll.set(self.scroll.get().saturating_sub(PAGE)),
            (Answer::First, _) => self.scroll.set(0),
            // Whoever draws it knows how far it goes.
            (Answer::Down, _) => self.scroll.set(self.scroll.get().saturating_add(1)),
            (Answer::PageDown, _) => self.scroll.set(self.scroll.get().saturating_add(PAGE)),
            (Answer::Last, _) => self.scroll.set(usize::MAX),
            (Answer::Next, Some(Overlay::Solved(_))) => {
                self.close();
                return self.next();
            }
            (Answer::Next, _) => {}
            (Answer::Accept, _) => {
                if let Some(Overlay::Menu(menu)) = self.close() {
                    menu.accept(self);
                }
            }
            (Answer::Close, _) => drop(self.close()),
        }
        Action::Nothing
    }

    /// Chooses a line of the menu that is open, as a click does.
    pub fn pick(&mut self, line: usize) {
        if let Some(Overlay::Menu(mut menu)) = self.close() {
            menu.choose(line);
            menu.accept(self);
        }
    }
}
