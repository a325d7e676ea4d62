//! The outcomes of a race program, as `run` reports them.

use std::cmp::Reverse;

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::totals::cells;
use super::view::View;
use crate::page::{end_label, plural, short_percent};
use crate::record::RaceRecord;
use crate::term::Tone;

impl View<'_> {
    pub(super) fn outcomes(self, record: &RaceRecord, area: Rect) -> Vec<Line<'static>> {
        let theme = self.theme;
        let width = usize::from(area.width);
        let mut rows: Vec<_> = record.outcomes.iter().collect();
        let room = usize::from(area.height.saturating_sub(1));
        let mut left_out = 0;
        if rows.len() > room {
            // Those with the most runs, in the order of the model.
            let mut by_runs = rows.clone();
            by_runs.sort_by_key(|outcome| Reverse(outcome.runs));
            by_runs.truncate(room.saturating_sub(1));
            left_out = rows.len() - by_runs.len();
            rows.retain(|row| by_runs.iter().any(|kept| std::ptr::eq(*kept, *row)));
        }
        let label_room = width.saturating_sub(27).max(8);
        let labels: Vec<String> = rows
            .iter()
            .map(|row| theme.cut(&end_label(&row.end), label_room))
            .collect();
        let longest = labels.iter().map(|label| label.chars().count()).max();
        let column = longest.unwrap_or(0).max(7);
        let most = rows.iter().map(|row| row.runs).max().unwrap_or(0).max(1);
        let bars = width.saturating_sub(column + 19);
        let heading = format!("  {:<column$} {:>8}  model", "outcome", "runs");
        let mut lines = vec![theme.line(Tone::Faint, &heading, width)];
        for (row, label) in rows.into_iter().zip(labels) {
            let (mark, tone) = match row.end.correct {
                Some(true) => ("+", Tone::Good),
                Some(false) => ("!", Tone::Lost),
                None => (" ", Tone::Plain),
            };
            let share = row.runs_share.map_or_else(String::new, short_percent);
            let allowed = match row.allowed.sc {
                Some(true) => "yes",
                Some(false) => "no",
                None => "?",
            };
            let sign = match row.end.correct {
                Some(false) => theme.signs.lost,
                _ => theme.signs.full,
            };
            let cells = cells(row.runs, most, bars);
            lines.push(Line::from(vec![
                theme.paint(tone, format!("{mark} {label:<column$} ")),
                Span::raw(format!("{share:>8}  {allowed:<5} ")),
                theme.paint(tone, sign.to_string().repeat(cells)),
            ]));
        }
        if left_out > 0 {
            let text = format!("  {} more", plural(left_out as u64, "outcome"));
            lines.push(theme.line(Tone::Faint, &text, width));
        }
        lines
    }
}
