//! The knobs that the subject has, each with its value.

use ratatui::layout::Rect;
use ratatui::text::Line;

use super::areas::first;
use super::view::View;
use crate::page::grouped;
use crate::term::Tone;

impl View<'_> {
    pub(super) fn knobs(self, area: Rect) -> Vec<Line<'static>> {
        let (app, theme) = (self.app, self.theme);
        let width = usize::from(area.width);
        let knobs = app.plan.knobs();
        let column = knobs
            .iter()
            .map(|knob| app.plan.name(*knob).chars().count());
        let column = column.max().unwrap_or(0);
        let line = |place: usize| {
            let knob = knobs[place];
            let is_chosen = place == app.knob;
            let value = match app.plan.value(knob) {
                _ if is_chosen && !app.typed.is_empty() => format!("{}_", app.typed),
                value => value.parse().map_or(value, grouped),
            };
            let added = if app.plan.is_added(knob) {
                " 1 core"
            } else {
                ""
            };
            let name = app.plan.name(knob);
            let text = format!("{name:<column$} {value}{added}");
            if is_chosen {
                theme.line(
                    Tone::Strong,
                    &format!("{} {text}", theme.signs.switch),
                    width,
                )
            } else {
                theme.line(Tone::Plain, &format!("  {text}"), width)
            }
        };
        if area.height < 2 {
            let (place, all) = (app.knob + 1, knobs.len());
            let mut only = line(app.knob);
            only.push_span(theme.paint(Tone::Faint, format!(" (knob {place} of {all}, Tab)")));
            return vec![only];
        }
        let first = first(app.knob, knobs.len(), area.height);
        (first..knobs.len())
            .take(area.height.into())
            .map(line)
            .collect()
    }
}
