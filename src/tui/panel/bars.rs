//! The lines above and below the panels.

use ratatui::text::Line;

use super::super::keys::{Binding, Command, KEYS};
use super::super::words;
use super::areas::Areas;
use super::view::View;
use crate::model::{Label, MemoryModel};
use crate::page::grouped;
use crate::term::Tone;

impl View<'_, '_> {
    pub(super) fn title(self, areas: &Areas) -> Line<'static> {
        let (app, theme, shown) = (self.app, self.theme, &areas.threads);
        let mut behind = String::new();
        if let (Some((first, _)), Some((last, _))) = (shown.first(), shown.last())
            && shown.len() < app.game.system().threads()
        {
            behind += &format!(" ({} to {} shown)", Label(*first), Label(*last));
        }
        if app.folded {
            behind += " (folded)";
        }
        let before = app.info.puzzle.as_ref().and_then(|puzzle| puzzle.before);
        let stars = before.map(|score| format!("  {}", theme.stars(score.stars)));
        let stars = stars.unwrap_or_default();
        let room = usize::from(areas.title.width);
        let room = room.saturating_sub(stars.chars().count() + behind.len());
        Line::from(vec![
            theme.paint(Tone::Strong, theme.cut(&app.info.title, room) + &behind),
            theme.paint(Tone::Good, stars),
        ])
    }

    pub(super) fn goal(self, width: usize) -> Line<'static> {
        let game = &self.app.game;
        let (tone, texts) = if let (Some(status), Some(goal)) = (game.goal_status(), game.goal()) {
            words::goal_status(status, &words::goal(goal), game.par(), game.switches())
        } else {
            let (steps, switches) = (grouped(game.steps()), grouped(game.switches()));
            let counted = format!("Steps {steps}, switches {switches}.");
            let whole = format!("No goal yet (g). {counted}");
            (Tone::Faint, [whole, counted])
        };
        let fits = texts.iter().find(|text| text.chars().count() <= width);
        self.theme.line(tone, fits.unwrap_or(&texts[1]), width)
    }

    pub(super) fn footer(self, width: u16) -> Line<'static> {
        let (game, system) = (&self.app.game, self.app.game.system());
        // Keys without an effect here, or without stars, leave room for others.
        let works = |binding: &&Binding<_>| match binding.command {
            Command::Deliver => system.memory() != MemoryModel::Sc,
            Command::Hint => game.goal().is_some(),
            Command::Play => self.app.info.puzzle.is_none(),
            _ => true,
        };
        let keys = KEYS.iter().filter(works);
        self.theme.footer(keys, system.threads(), width)
    }
}
