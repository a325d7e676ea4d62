//! The lines above and below the panels.

use ratatui::layout::Rect;
use ratatui::text::Line;

use super::super::keys::{Binding, Command, KEYS, OVERLAY_KEYS, OverlayCommand};
use super::super::overlay::Overlay;
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

    pub(super) fn message(self, area: Rect) -> Vec<Line<'static>> {
        let Some((tone, text)) = &self.app.message else {
            return Vec::new();
        };
        let (width, height) = (usize::from(area.width), usize::from(area.height));
        let mut lines = textwrap::wrap(text, width);
        if let Some(last) = height.checked_sub(1).filter(|_| lines.len() > height) {
            // The last line shows that there is more.
            let rest = lines[last..].join(" ");
            lines.truncate(last);
            lines.push(rest.into());
        }
        let lines = lines.iter();
        lines
            .map(|line| self.theme.line(*tone, line, width))
            .collect()
    }

    pub(super) fn footer(self, width: u16) -> Line<'static> {
        let system = self.app.game.system();
        let has_buffers = system.memory() != MemoryModel::Sc;
        let works = |binding: &&Binding<_>| has_buffers || binding.command != Command::Deliver;
        let keys = KEYS.iter().filter(works);
        self.theme.footer(keys, system.threads(), width)
    }

    /// Returns the keys of an overlay; `scrolls` says whether it has lines to scroll to or to select.
    pub(super) fn overlay_footer(
        self,
        width: u16,
        overlay: &Overlay,
        scrolls: bool,
    ) -> Line<'static> {
        let puzzle = self.app.info.puzzle.as_ref();
        let has_next = puzzle.is_some_and(|puzzle| puzzle.has_next);
        let works = |binding: &&Binding<_>| match binding.command {
            OverlayCommand::Next => has_next && matches!(overlay, Overlay::Solved(_)),
            // Without a menu it does the same as Accept.
            OverlayCommand::Close => matches!(overlay, Overlay::Menu(_)),
            OverlayCommand::Accept => true,
            _ => scrolls,
        };
        self.theme
            .footer(OVERLAY_KEYS.iter().filter(works), 1, width)
    }
}
