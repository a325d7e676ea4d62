//! The effect of keys while something covers the panels.

use ratatui::crossterm::event::KeyEvent;

use super::app::{App, AppRequest};
use super::keys::{self, Command, OverlayCommand};
use super::overlay::{Choice, Overlay};

/// The lines of a page.
const PAGE: usize = 10;

impl App<'_> {
    pub(super) fn overlay_key(&mut self, key: &KeyEvent) -> AppRequest {
        if let Some((command, _)) = keys::command(keys::OVERLAY_KEYS, key) {
            return self.overlay_command(command);
        }
        // The key that opened it closes it.
        if keys::command(keys::KEYS, key).is_some_and(|(command, _)| self.has_opened(command)) {
            self.close();
        }
        AppRequest::Nothing
    }

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

    /// Carries out a command on what covers the panels.
    pub fn overlay_command(&mut self, command: OverlayCommand) -> AppRequest {
        use OverlayCommand as C;
        if let Some(Overlay::Menu(menu)) = &mut self.overlay {
            match command {
                C::Up | C::Down => menu.turn(command == C::Down),
                C::PageUp => menu.select(menu.at.saturating_sub(PAGE)),
                C::PageDown => menu.select(menu.at + PAGE),
                C::First => menu.select(0),
                C::Last => menu.select(usize::MAX),
                _ => {}
            }
        } else {
            // Drawing clamps it, because only there the height is known.
            let first = self.scroll.get();
            self.scroll.set(match command {
                C::Up => first.saturating_sub(1),
                C::Down => first.saturating_add(1),
                C::PageUp => first.saturating_sub(PAGE),
                C::PageDown => first.saturating_add(PAGE),
                C::First => 0,
                C::Last => usize::MAX,
                _ => first,
            });
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
            match menu.choice() {
                Choice::Goal(goal) => self.set_goal(goal),
                Choice::Play(policy) => self.play_rest(policy),
            }
        }
    }

    /// Accepts a line of the open menu, as a click does.
    pub fn pick(&mut self, line: usize) {
        if let Some(Overlay::Menu(menu)) = &mut self.overlay {
            menu.select(line);
        }
        self.accept();
    }
}
