//! The share of runs lost, the last runs one by one, and the pace.

use ratatui::layout::Rect;
use ratatui::text::Line;

use super::super::digits::big;
use super::super::words;
use super::view::View;
use crate::page::{grouped, plural, short_percent};
use crate::record::{CountingReading, LiveReading};
use crate::stats::whole;
use crate::term::Tone;

impl View<'_> {
    pub(super) fn runs(self, area: Rect, is_big: bool) -> Vec<Line<'static>> {
        let (app, theme) = (self.app, self.theme);
        let width = usize::from(area.width);
        let mut lines = Vec::new();
        let what = match app.reading {
            LiveReading::Race(_) => "end wrong",
            _ => "lose updates",
        };
        match words::share(&app.reading) {
            None => lines.push(theme.line(Tone::Faint, "no run yet", width)),
            Some((hits, runs)) => {
                let tone = if hits > 0 { Tone::Lost } else { Tone::Good };
                let share = short_percent(hits as f64 / runs as f64);
                if is_big {
                    let digits = big(&share, theme.signs.full);
                    lines.extend(digits.iter().map(|line| theme.line(tone, line, width)));
                    lines.push(Line::default());
                }
                let text = format!("{share} of runs {what}");
                let between = format!(" ({})", words::between(hits, runs));
                let mut line = theme.line(tone, &text, width);
                if text.chars().count() + between.chars().count() <= width {
                    line.push_span(between);
                }
                lines.push(line);
            }
        }
        let (runs, rate) = match &app.reading {
            LiveReading::Counting(reading) => (reading.runs, reading.runs_per_second),
            LiveReading::Race(record) => (record.runs_completed, record.runs_per_second),
            LiveReading::Nothing | LiveReading::Failed(_) => (0, None),
        };
        if let Some(reading) = app.counting() {
            lines.push(self.strip(reading, width));
        }
        if self.is_roomy() {
            let rate = rate.map(|rate| format!(", {} a second", rounded(rate)));
            let text = plural(runs, "run") + &rate.unwrap_or_default();
            lines.push(theme.line(Tone::Plain, &text, width));
        }
        lines
    }

    /// Returns the last runs, a cell each, the newest last.
    fn strip(self, reading: &CountingReading, width: usize) -> Line<'static> {
        let theme = self.theme;
        let signs = theme.signs;
        let last = &reading.last[reading.last.len().saturating_sub(width)..];
        let of = |actual: u64| match reading.expected.saturating_sub(actual) {
            0 => (Tone::Good, signs.full),
            lost if lost <= reading.expected / 2 => (Tone::Lost, signs.mostly_lost),
            _ => (Tone::Lost, signs.lost),
        };
        let stretches = last.chunk_by(|a, b| of(*a) == of(*b));
        let spans = stretches.map(|stretch| {
            let (tone, sign) = of(stretch[0]);
            theme.paint(tone, sign.to_string().repeat(stretch.len()))
        });
        spans.collect()
    }
}

/// Returns a rate to three digits: more of them would only flicker.
fn rounded(rate: f64) -> String {
    let digits = rate.max(1.0).log10().floor() - 2.0;
    let unit = 10_f64.powf(digits.max(0.0));
    let rounded = (rate / unit).round() * unit;
    if rate < 10.0 {
        return format!("{rate:.1}");
    }
    grouped(whole(rounded))
}
