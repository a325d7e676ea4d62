//! The history, the last step at the bottom.

use ratatui::layout::Rect;
use ratatui::text::Line;

use super::super::words;
use super::view::View;
use crate::model::{Effect, StoryMove, StoryPart, StoryStep};
use crate::page::plural;
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
        scene.parts.iter().rev().map(move |part| match part {
            StoryPart::Step(told) => self.told(told, width),
            StoryPart::Folded(steps) => {
                let text = format!("   {} ({})", scene.actor, plural(*steps, "more step"));
                self.theme.line(Tone::Faint, &text, width)
            }
        })
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
