//! The totals that are still reachable, with their schedules and chances.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::Paragraph;

use super::super::app::App;
use super::super::theme::ScreenTheme;
use super::ends::{Row, folded, rows};
use crate::game::Sample;
use crate::model::Extent;
use crate::page::{abbreviated, grouped, short_percent};
use crate::term::Tone;

pub(super) fn draw(
    frame: &mut Frame<'_>,
    area: Rect,
    app: &App<'_>,
    theme: &ScreenTheme,
    roomy: bool,
) {
    let sampled = app.game.sample().filter(|sample| sample.runs() > 0);
    let sampled = sampled.filter(|_| app.game.chances().is_none());
    let title = sampled.map_or("still reachable".into(), |sample| {
        format!("sampled: {} schedules", grouped(sample.runs()))
    });
    let inner = if roomy {
        theme.framed(frame, area, &title)
    } else {
        area
    };
    let lines = match rows(app) {
        Some(rows) if roomy => table(&rows, inner, theme),
        Some(rows) => {
            let heading = sampled.map(|sample| format!("{} sampled:", grouped(sample.runs())));
            list(&rows, heading, inner, theme)
        }
        None => unknown(app, inner, theme),
    };
    frame.render_widget(Paragraph::new(lines), inner);
}

fn unknown(app: &App<'_>, area: Rect, theme: &ScreenTheme) -> Vec<Line<'static>> {
    let text = match app.game.extent() {
        Extent::Growing(states) => format!("counting: {} states", grouped(states as u64)),
        Extent::TooMany if app.game.machine().ending().is_some() => {
            grouped(app.game.machine().total())
        }
        Extent::TooMany if app.game.sample().is_some_and(Sample::is_hopeless) => {
            "too many states and totals to count, and runs too long to draw".into()
        }
        Extent::TooMany => "too many states and totals to count; drawing random schedules".into(),
        Extent::Endless => "some schedules never end, so they cannot be counted".into(),
        Extent::Known(_) => "nothing is known of this state".into(),
    };
    theme.wrapped(Tone::Faint, &text, area.width)
}

/// Returns a heading and the rows in columns.
fn table(rows: &[Row], area: Rect, theme: &ScreenTheme) -> Vec<Line<'static>> {
    let exact = rows.iter().all(|row| row.schedules.is_some());
    let rows = folded(rows, usize::from(area.height).saturating_sub(1));
    let cells: Vec<[String; 3]> = rows.iter().map(cells).collect();
    let widths = |headings: [&str; 3]| {
        let width = |column: usize| {
            let cells = cells.iter().map(|cells| cells[column].chars().count());
            cells.chain([headings[column].len()]).max().unwrap_or(0)
        };
        [width(0), width(1), width(2).max(7)]
    };
    let long = ["total", "schedules", "chance"];
    // The longest note after a row must have room.
    let crowded = widths(long).iter().sum::<usize>() + "   correct".len() > usize::from(area.width);
    let headings = match (exact, crowded) {
        (false, _) => ["total", "", "drawn"],
        (true, false) => long,
        (true, true) => ["total", "ways", "chance"],
    };
    let [name, schedules, chance] = widths(headings);
    let joined = |cells: [&str; 3]| {
        let [a, b, c] = cells;
        format!("{a:>name$} {b:>schedules$} {c:>chance$}")
    };
    let width = usize::from(area.width);
    let heading = theme.cut(&joined(headings), width);
    let mut lines = vec![Line::from(theme.paint(Tone::Faint, heading))];
    for (row, cells) in rows.iter().zip(&cells) {
        let text = joined(cells.each_ref().map(String::as_str));
        let left = width.saturating_sub(text.chars().count() + 1);
        let notes = row.notes(left);
        let rest = if notes.is_empty() {
            bar(row.chance, left.min(10), theme)
        } else {
            notes
        };
        let text = format!("{text} {rest}");
        lines.push(Line::from(theme.paint(row.tone, theme.cut(&text, width))));
    }
    lines
}

fn cells(row: &Row) -> [String; 3] {
    let schedules = row.schedules.map_or_else(String::new, count);
    [row.name(), schedules, short_percent(row.chance)]
}

/// Returns the rows without columns, for a small area, below the heading if there is one.
fn list(
    rows: &[Row],
    heading: Option<String>,
    area: Rect,
    theme: &ScreenTheme,
) -> Vec<Line<'static>> {
    let width = usize::from(area.width);
    let room = usize::from(area.height).saturating_sub(usize::from(heading.is_some()));
    let heading = heading.map(|text| Line::from(theme.paint(Tone::Faint, theme.cut(&text, width))));
    let line = |row: &Row| {
        let [name, schedules, chance] = cells(row);
        let ways = match &*schedules {
            "" => String::new(),
            "1" => " (1 way)".into(),
            many => format!(" ({many} ways)"),
        };
        // The chance matters more than the number of schedules.
        let texts = [
            format!("{name}: {chance}{ways}"),
            format!("{name}: {chance}"),
        ];
        let whole = texts.map(|text| {
            let notes = row.notes(width.saturating_sub(text.len() + 1));
            format!("{text} {notes}").trim_end().to_owned()
        });
        let fits = whole.iter().find(|text| text.len() <= width);
        let text = theme.cut(fits.unwrap_or(&whole[1]), width);
        Line::from(theme.paint(row.tone, text))
    };
    let rows = folded(rows, room);
    heading.into_iter().chain(rows.iter().map(line)).collect()
}

fn bar(share: f64, width: usize, theme: &ScreenTheme) -> String {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a share of some ten columns"
    )]
    let full = (share * width as f64).round() as usize;
    theme.signs.full.to_string().repeat(full)
}

fn count(schedules: u128) -> String {
    if schedules == u128::MAX {
        return "over 3e38".into();
    }
    // This leaves room for a note.
    abbreviated(&schedules.to_string(), 7)
}
