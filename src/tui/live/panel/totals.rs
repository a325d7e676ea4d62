//! The totals of all runs, as a histogram that grows.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::view::View;
use crate::page::{grouped, short_percent};
use crate::record::CountingReading;
use crate::stats::fold;
use crate::term::Tone;

impl View<'_> {
    pub(super) fn totals(self, reading: &CountingReading, area: Rect) -> Vec<Line<'static>> {
        let theme = self.theme;
        let expected = reading.expected;
        let is_correct = |from: u64| from == expected;
        let groups = fold(
            &reading.totals,
            usize::from(area.height),
            |group| u8::from(is_correct(group.from)),
            |group| Some(group.from),
        );
        let rows = groups.iter().filter_map(|group| {
            let (first, last) = (group.first()?, group.last()?);
            let count: u64 = group.iter().map(|bucket| bucket.count).sum();
            let mut label = grouped(first.from);
            if first.from != last.to {
                label += &format!("{}{}", theme.signs.to, grouped(last.to));
            }
            Some((label, count, is_correct(first.from)))
        });
        let rows: Vec<_> = rows.collect();
        let most = rows.iter().map(|row| row.1).max().unwrap_or(0).max(1);
        let column = rows
            .iter()
            .map(|row| row.0.chars().count())
            .max()
            .unwrap_or(0);
        let shares = rows.iter().map(|(_, count, _)| match reading.runs {
            0 => String::new(),
            runs => short_percent(*count as f64 / runs as f64),
        });
        let shares: Vec<String> = shares.collect();
        let share_column = shares.iter().map(|share| share.chars().count()).max();
        let share_column = share_column.unwrap_or(0);
        let room = usize::from(area.width).saturating_sub(column + share_column + 4);
        let lines = rows.into_iter().zip(shares);
        let lines = lines.map(|((label, count, correct), share)| {
            let tone = if correct { Tone::Good } else { Tone::Lost };
            // The correct one is marked whatever the colours.
            let mark = if correct { "+" } else { "!" };
            let sign = if correct {
                theme.signs.full
            } else {
                theme.signs.lost
            };
            let cells = cells(count, most, room);
            Line::from(vec![
                Span::raw(format!("{label:>column$} ")),
                theme.paint(tone, format!("{mark} ")),
                Span::raw(format!("{share:>share_column$} ")),
                theme.paint(tone, sign.to_string().repeat(cells)),
            ])
        });
        lines.collect()
    }
}

/// Returns the length of a bar: at least a cell for what is not nothing.
pub(super) fn cells(part: u64, most: u64, room: usize) -> usize {
    let cells = part as f64 / most as f64 * room as f64;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it is at most the width of a screen, and not negative"
    )]
    let cells = cells.round() as usize;
    cells.max(usize::from(part > 0)).min(room)
}
