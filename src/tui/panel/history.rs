//! The history, the last step at the bottom.

use ratatui::layout::Rect;
use ratatui::text::Line;

use super::super::words;
use super::view::View;
use crate::model::{Effect, StoryMove, StoryStep};
use crate::page::{grouped, plural};
use crate::term::Tone;

impl View<'_, '_> {
    pub(super) fn history(self, area: Rect) -> Vec<Line<'static>> {
        let scenes = self.app.game.scenes();
        let lines = scenes.flat_map(|scene| self.backwards(scene, area.width.into()));
        let mut lines: Vec<_> = lines.take(area.height.into()).collect();
        if lines.is_empty() {
            lines.push(Line::from(self.theme.paint(Tone::Faint, "nothing yet")));
        }
        lines.reverse();
        lines
    }

    /// Returns the steps of a scene, the last one first.
    fn backwards(self, scene: &StoryMove, width: usize) -> impl Iterator<Item = Line<'static>> {
        let line = move |told| self.told(told, width);
        let skipped = (scene.skipped > 0).then(|| {
            let label = scene.actor;
            let lost = match scene.skipped_overwrites {
                0 => String::new(),
                some => format!(", overwriting {}", grouped(some)),
            };
            let text = format!("   {label} ({}{lost})", plural(scene.skipped, "more step"));
            self.theme.line(Tone::Faint, &text, width)
        });
        let last = scene.last.iter().rev().map(line);
        last.chain(skipped)
            .chain(scene.first.iter().rev().map(line))
    }

    fn told(self, told: &StoryStep, width: usize) -> Line<'static> {
        let (tone, sign) = match told.overwrites {
            0 => (Tone::Plain, ' '),
            _ => (Tone::Lost, '!'),
        };
        let before = format!("{:>2}{sign}{}", told.number, told.actor);
        let head = format!("{before} {}", told.text);
        let [value, lost] = words::effect(told);
        let whole = format!("{head}{value}{lost}");
        let text = if whole.chars().count() <= width {
            whole
        } else if let Effect::Read { variable, value } | Effect::Forwarded { variable, value } =
            told.effect
        {
            // The variable matters more than the register.
            let name = &self.app.game.system().variables()[variable.index()];
            self.theme.cut(&format!("{before} {name}: {value}"), width)
        } else {
            // The value matters more than the end of a long instruction.
            self.theme.cut(&head, width.saturating_sub(value.len())) + &value
        };
        Line::from(self.theme.paint(tone, text))
    }
}
