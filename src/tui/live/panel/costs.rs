//! What an increment costs, beside the other strategies that were looked at.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::super::app::{LiveApp, Looked};
use super::totals::cells;
use super::view::View;
use crate::page::{duration, short};
use crate::record::{CountingReading, LiveReading};
use crate::stats::whole;
use crate::term::Tone;

impl LiveApp {
    /// Returns the strategies that were looked at, by their place, with what was found out.
    pub(in super::super) fn strategies_looked(
        &self,
    ) -> impl Iterator<Item = (usize, &Looked, &CountingReading)> {
        self.looked
            .iter()
            .filter_map(|(place, looked)| match &looked.reading {
                LiveReading::Counting(reading) => Some((*place, looked, reading)),
                _ => None,
            })
    }
}

impl View<'_> {
    pub(super) fn costs(self, area: Rect) -> Vec<Line<'static>> {
        let (app, theme) = (self.app, self.theme);
        let mut rows: Vec<_> = app.strategies_looked().collect();
        let height = usize::from(area.height);
        if rows.len() > height {
            // The one that races, and those before it in the list.
            let at = rows.iter().position(|(place, ..)| *place == app.at);
            let first = (at.unwrap_or(0) + 1).saturating_sub(height);
            rows.drain(..first);
            rows.truncate(height);
        }
        let size = (app.plan.threads, app.plan.increments);
        let is_like = |looked: &Looked| (looked.plan.threads, looked.plan.increments) == size;
        let all = app.strategies_looked();
        let correct = all.filter(|(_, looked, reading)| reading.lost == 0 && is_like(looked));
        let cheapest = correct.filter_map(|(.., reading)| reading.ns_per_increment);
        let cheapest = cheapest.reduce(f64::min);
        let dearest = rows
            .iter()
            .filter_map(|(.., reading)| reading.ns_per_increment);
        let dearest = dearest.fold(f64::MIN_POSITIVE, f64::max);
        let names = rows
            .iter()
            .map(|(_, looked, _)| looked.plan.subject.name().chars().count());
        let column = names.max().unwrap_or(0);
        let lines = rows.iter().map(|(place, looked, reading)| {
            let name = looked.plan.subject.name();
            let (mark, tone) = if *place == app.at {
                (theme.signs.switch, Tone::Strong)
            } else {
                (" ", Tone::Plain)
            };
            let cost = reading.ns_per_increment;
            let shown = cost.map_or_else(String::new, |cost| {
                duration(cost).replace('µ', theme.signs.micro)
            });
            // Costs that do not belong together are not set in relation.
            let note = match (cost, cheapest) {
                _ if !is_like(looked) => {
                    let (threads, increments) = (looked.plan.threads, looked.plan.increments);
                    format!("at {threads} {} {increments}", theme.signs.times)
                }
                (Some(_), _) if reading.lost > 0 => "loses updates".into(),
                (Some(cost), Some(cheapest)) if cost > cheapest => {
                    format!("{}{}", short(cost / cheapest), theme.signs.times)
                }
                (Some(_), Some(_)) => "cheapest correct".into(),
                _ => String::new(),
            };
            let left = format!("{mark} {name:<column$} {shown:>8} ");
            let room = usize::from(area.width).saturating_sub(left.chars().count() + 15);
            let parts = cost.unwrap_or(0.0) / dearest * 1000.0;
            let cells = cells(whole(parts), 1000, room);
            let bar = if reading.lost > 0 {
                Tone::Lost
            } else {
                Tone::Good
            };
            let sign = if reading.lost > 0 {
                theme.signs.lost
            } else {
                theme.signs.full
            };
            Line::from(vec![
                theme.paint(tone, left),
                Span::raw(format!("{note:<14} ")),
                theme.paint(bar, sign.to_string().repeat(cells)),
            ])
        });
        lines.collect()
    }
}
