//! What covers the panels: help, menus, the token, the results.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use super::super::boxes::{WIDEST, centred};
use super::super::keys::KEYS;
use super::super::overlay::{Menu, Overlay};
use super::super::words::{self, Paragraph};
use super::view::View;
use crate::model::Ending;
use crate::page::{grouped, plural};
use crate::term::Tone;

/// The notes below the keys.
const NOTES: [&str; 6] = [
    "A line with a dot touches only registers: it is not a step.",
    "Mouse: click to step, right-click to run, wheel to undo.",
    "Schedules, or ways: the interleavings that lead to this end.",
    "Chance: each step goes to a random ready thread, so a schedule with fewer choices is likelier \
     than one with many.",
    "Outcomes: + correct, ! wrong, * the goal.",
    "History: ! marks a stale store.",
];

impl View<'_, '_> {
    /// Draws an overlay. Returns whether it has lines to scroll to or to select.
    pub(super) fn overlay(self, frame: &mut Frame<'_>, overlay: &Overlay) -> bool {
        let width = frame.area().width.min(WIDEST) - 4;
        let (title, text) = match overlay {
            Overlay::Menu(menu) => {
                self.menu(frame, menu);
                return true;
            }
            Overlay::Help => {
                let threads = self.app.game.system().threads();
                return (self.theme).help(frame, &self.app.scroll, KEYS, threads, &NOTES);
            }
            Overlay::About => (&*self.app.info.title, self.about()),
            Overlay::Token => ("Token", self.token()),
            Overlay::Forced(found) => ("Forced on real threads", self.forced(found)),
            Overlay::Solved(score) => {
                let (stars, par) = (self.theme.stars(score.stars), self.app.game.par());
                let par = par.unwrap_or(score.switches);
                let text = words::solved(*score, &stars, par, self.app.info.puzzle.as_ref());
                ("Solved", text)
            }
        };
        let lines = text.iter();
        let lines = lines.flat_map(|(tone, text)| self.theme.wrapped(*tone, text, width));
        let (theme, scroll) = (self.theme, &self.app.scroll);
        theme.scrolled(frame, scroll, title, WIDEST, lines.collect())
    }

    fn about(self) -> Vec<Paragraph> {
        let (info, game) = (&self.app.info, &self.app.game);
        let mut text = vec![(Tone::Plain, info.story.clone())];
        if let Some(goal) = game.goal() {
            let par = game.par().map(|par| plural(par, "switch"));
            let par = par.map_or_else(String::new, |par| format!(" Par: {par}."));
            text.push((Tone::Strong, format!("\nGoal: {}.{par}", words::goal(goal))));
        }
        text.push((Tone::Faint, "\nEnter: begin. i shows this again.".into()));
        text
    }

    fn token(self) -> Vec<Paragraph> {
        let app = self.app;
        if app.game.steps() == 0 {
            return vec![(Tone::Plain, "No step yet.".into())];
        }
        let mut text = vec![(Tone::Strong, app.token())];
        let commands = app.commands().into_iter();
        text.extend(commands.map(|command| (Tone::Plain, format!("\n{command}"))));
        text.push((Tone::Plain, String::new()));
        text.extend(app.commands_note().map(|note| (Tone::Plain, note)));
        let kept = match &app.token_file {
            Some(file) => format!("On leaving, the token is written to {file}."),
            None => "Printed when you quit.".into(),
        };
        text.push((Tone::Faint, kept));
        text
    }

    fn forced(self, found: &Result<Ending, String>) -> Vec<Paragraph> {
        let machine = self.app.game.machine();
        let expected = machine.ending().unwrap_or_else(|| machine.finished());
        let text_of = |ending: &Ending| match ending {
            Ending::Total(total) => format!("total {}", grouped(*total)),
            ending => ending.text(machine.system()),
        };
        let mut text = vec![(Tone::Plain, self.app.token() + "\n")];
        if machine.ending().is_none() {
            let steps = plural(self.app.game.steps(), "step");
            text.push((
                Tone::Plain,
                format!("After {steps}, threads not done yet:\n"),
            ));
        }
        match found {
            Ok(actual) => {
                let (model, threads) = (text_of(&expected), text_of(actual));
                let totals = format!("model:        {model}\nreal threads: {threads}\n");
                text.push((Tone::Plain, totals));
                text.push(if *actual == expected {
                    let same = "Model and real threads agree.";
                    (Tone::Good, same.into())
                } else {
                    let differ = "Model and real threads disagree: please report this.";
                    (Tone::Lost, differ.into())
                });
            }
            Err(reason) => text.push((Tone::Lost, reason.clone())),
        }
        text
    }

    fn menu(self, frame: &mut Frame<'_>, menu: &Menu) {
        let (area, first) = menu_area(frame.area(), menu);
        let (width, height) = (usize::from(area.width) - 4, usize::from(area.height) - 2);
        let lines = menu.lines.iter().enumerate().skip(first);
        let lines = lines.map(|(index, (text, _))| {
            let (mark, tone) = if index == menu.at {
                (self.theme.signs.switch, Tone::Strong)
            } else {
                (" ", Tone::Plain)
            };
            self.theme.line(tone, &format!("{mark} {text}"), width)
        });
        let place = format!("{} of {}", menu.at + 1, menu.lines.len());
        let place = (menu.lines.len() > height).then_some(place);
        self.theme
            .boxed(frame, area, menu.title, place, lines.collect());
    }
}

/// Returns the area of a menu, and the first line that it shows.
fn menu_area(screen: Rect, menu: &Menu) -> (Rect, usize) {
    let lines = menu.lines.iter().map(|(line, _)| line.len());
    let widest = lines.max().unwrap_or(0).max(24);
    let width = u16::try_from(widest + 8).unwrap_or(u16::MAX);
    let area = centred(screen, width, menu.lines.len());
    let height = usize::from(area.height.saturating_sub(2));
    let last_first = menu.lines.len().saturating_sub(height);
    (area, menu.at.saturating_sub(height / 2).min(last_first))
}

/// Returns the line of the open menu at a place of the screen.
pub(in super::super) fn menu_line_at(
    screen: Rect,
    overlay: &Overlay,
    place: Position,
) -> Option<usize> {
    let Overlay::Menu(menu) = overlay else {
        return None;
    };
    let (area, first) = menu_area(screen, menu);
    let line = first + usize::from(place.y.checked_sub(area.y + 1)?);
    let inside = area.contains(place) && place.y + 1 < area.bottom();
    (inside && line < menu.lines.len()).then_some(line)
}
