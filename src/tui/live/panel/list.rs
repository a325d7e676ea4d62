//! The strategies, and the programs of the gallery under their themes.

use ratatui::layout::Rect;
use ratatui::text::Line;

use super::super::app::LiveApp;
use super::areas::first;
use super::view::View;
use crate::term::Tone;

/// Returns the lines of the list: each item by its place, or `None` for the heading of its theme.
pub(super) fn lines(app: &LiveApp) -> Vec<Option<usize>> {
    let mut lines = Vec::new();
    for (place, item) in app.items.iter().enumerate() {
        let is_same = |before: usize| app.items[before].theme == item.theme;
        if place > 0 && !place.checked_sub(1).is_some_and(is_same) {
            lines.push(None);
        }
        lines.push(Some(place));
    }
    lines
}

impl View<'_> {
    pub(super) fn list(self, area: Rect) -> Vec<Line<'static>> {
        let width = usize::from(area.width);
        let (app, theme) = (self.app, self.theme);
        if area.height < 2 {
            let (place, all) = (app.at + 1, app.items.len());
            let name = app.items[app.at].subject.name();
            let text = format!("{} {name} ({place} of {all})", theme.signs.switch);
            return vec![theme.line(Tone::Strong, &text, width)];
        }
        let lines = lines(app);
        let at = lines.iter().position(|line| *line == Some(app.at));
        let first = first(at.unwrap_or(0), lines.len(), area.height);
        let shown = (first..lines.len()).take(area.height.into());
        let idle = theme.signs.idle.to_string();
        let line = |place: usize| match lines[place] {
            None => {
                let below = lines.get(place + 1).copied().flatten();
                let heading = below.map_or("", |below| &app.items[below].theme);
                theme.line(Tone::Faint, heading, width)
            }
            Some(item) => {
                let name = app.items[item].subject.name();
                let (mark, tone) = match (item == app.at, app.looked.contains_key(&item)) {
                    (true, _) => (theme.signs.switch, Tone::Strong),
                    (false, true) => (idle.as_str(), Tone::Plain),
                    (false, false) => (" ", Tone::Plain),
                };
                theme.line(tone, &format!("{mark} {name}"), width)
            }
        };
        shown.map(line).collect()
    }
}
