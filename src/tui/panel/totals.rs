//! What can still come of it: every total that is left, with its schedules and its chance.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::Paragraph;

use super::super::app::App;
use super::super::look::Look;
use crate::model::{Extent, Finish, Goal};
use crate::report::{abbreviated, grouped, percent};
use crate::term::Tone;

pub(super) fn draw(frame: &mut Frame<'_>, area: Rect, app: &App<'_>, look: &Look, roomy: bool) {
    let inner = if roomy {
        let block = look.block("still reachable", false);
        let inner = block.inner(area);
        frame.render_widget(block, area);
        inner
    } else {
        // A column is left between this and the history.
        Rect {
            width: area.width.saturating_sub(1),
            ..area
        }
    };
    let lines = match rows(app) {
        Some(rows) if roomy => table(&rows, inner, look),
        Some(rows) => list(&rows, inner, look),
        None => unknown(app, inner, look),
    };
    frame.render_widget(Paragraph::new(lines), inner);
}

struct Row {
    name: String,
    schedules: Option<u128>,
    chance: f64,
    tone: Tone,
    goal: bool,
    correct: bool,
}

fn row(app: &App<'_>, finish: Finish, schedules: Option<u128>, chance: f64) -> Row {
    let (name, goal) = match finish {
        Finish::Total(total) => (grouped(total), Goal::Total(total)),
        Finish::Deadlock => ("deadlock".into(), Goal::Deadlock),
    };
    let correct = match finish {
        Finish::Total(total) => app.about.correct.map(|correct| correct == total),
        Finish::Deadlock => Some(false),
    };
    Row {
        name,
        schedules,
        chance,
        tone: match correct {
            Some(true) => Tone::Good,
            Some(false) => Tone::Lost,
            None => Tone::Plain,
        },
        goal: app.game.goal() == Some(goal),
        correct: correct == Some(true),
    }
}

/// What is known, exactly or from random schedules.
fn rows(app: &App<'_>) -> Option<Vec<Row>> {
    if let Some(chances) = app.game.chances() {
        let rows = chances.iter();
        return Some(
            rows.map(|c| row(app, c.finish, Some(c.schedules), c.fair))
                .collect(),
        );
    }
    let sample = app.game.sample().filter(|sample| sample.runs() > 0)?;
    let share = |runs: u64| runs as f64 / sample.runs() as f64;
    let rows = sample.ends().iter();
    Some(
        rows.map(|(&finish, &runs)| row(app, finish, None, share(runs)))
            .collect(),
    )
}

fn unknown(app: &App<'_>, area: Rect, look: &Look) -> Vec<Line<'static>> {
    let text = match app.game.extent() {
        Extent::Growing(states) => format!("counting: {} states", grouped(states as u64)),
        Extent::TooMany if app.game.machine().ending().is_some() => {
            grouped(app.game.machine().total())
        }
        Extent::TooMany => "too many states to count; drawing random schedules".into(),
        Extent::Endless => "some schedules never end, so they cannot be counted".into(),
        Extent::Known(_) => "nothing is known of this state".into(),
    };
    let lines = textwrap::wrap(&text, usize::from(area.width.max(1)));
    let lines = lines.into_iter();
    lines
        .map(|line| Line::from(look.paint(Tone::Faint, line.into_owned())))
        .collect()
}

/// A heading, the rows, and how many are left out.
fn table(rows: &[Row], area: Rect, look: &Look) -> Vec<Line<'static>> {
    let exact = rows.iter().all(|row| row.schedules.is_some());
    let heading = if exact { "schedules" } else { "" };
    let room = usize::from(area.height).saturating_sub(1);
    let chosen = chosen(rows, room);
    let name = chosen
        .iter()
        .map(|&row| rows[row].name.len())
        .max()
        .unwrap_or(0)
        .max(5);
    let schedules: Vec<String> = rows
        .iter()
        .map(|row| row.schedules.map_or_else(String::new, count))
        .collect();
    let wide = chosen
        .iter()
        .map(|&row| schedules[row].len())
        .max()
        .unwrap_or(0)
        .max(heading.len());
    let chance = if exact { "chance" } else { "drawn" };
    let width = usize::from(area.width);
    let mut lines = vec![Line::from(look.paint(
        Tone::Faint,
        look.cut(
            &format!("{:>name$} {heading:>wide$} {chance:>7}", "total"),
            width,
        ),
    ))];
    for &index in &chosen {
        let row = &rows[index];
        let text = format!(
            "{:>name$} {:>wide$} {:>7}",
            row.name,
            schedules[index],
            percent(row.chance)
        );
        let mut notes = Vec::new();
        if row.goal {
            notes.push("goal");
        }
        if row.correct {
            notes.push("correct");
        }
        let left = width.saturating_sub(text.chars().count() + 1);
        let notes = notes.join(", ");
        let rest = if notes.is_empty() {
            bar(row.chance, left.min(10), look)
        } else {
            notes
        };
        let text = format!("{text} {rest}");
        lines.push(Line::from(look.paint(row.tone, look.cut(&text, width))));
    }
    if chosen.len() < rows.len() {
        let more = rows.len() - chosen.len();
        lines.push(Line::from(look.paint(Tone::Faint, format!("{more} more"))));
    }
    lines
}

/// The rows without columns, where there is little room.
fn list(rows: &[Row], area: Rect, look: &Look) -> Vec<Line<'static>> {
    let chosen = chosen(rows, usize::from(area.height));
    let row = |&index: &usize| {
        let row = &rows[index];
        let schedules = row
            .schedules
            .map_or_else(String::new, |s| format!(" by {}", count(s)));
        let correct = if row.correct { " correct" } else { "" };
        let text = format!("{}{schedules}: {}{correct}", row.name, percent(row.chance));
        Line::from(look.paint(row.tone, look.cut(&text, usize::from(area.width))))
    };
    let mut lines: Vec<_> = chosen.iter().map(row).collect();
    if chosen.len() < rows.len() {
        let more = rows.len() - chosen.len();
        lines.push(Line::from(look.paint(Tone::Faint, format!("{more} more"))));
    }
    lines
}

/// The rows to be shown where there is room for so many lines: the goal, the correct total, and
/// the likeliest, in their order.
fn chosen(rows: &[Row], room: usize) -> Vec<usize> {
    let mut all: Vec<usize> = (0..rows.len()).collect();
    if rows.len() <= room {
        return all;
    }
    all.sort_by(|&a, &b| {
        let rank = |row: &Row| (!row.goal, !row.correct);
        let (a, b) = (&rows[a], &rows[b]);
        rank(a).cmp(&rank(b)).then(b.chance.total_cmp(&a.chance))
    });
    all.truncate(room.saturating_sub(1));
    all.sort_unstable();
    all
}

fn bar(share: f64, width: usize, look: &Look) -> String {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a share of some ten columns"
    )]
    let full = (share * width as f64).round() as usize;
    look.signs.full.to_string().repeat(full)
}

fn count(schedules: u128) -> String {
    if schedules == u128::MAX {
        return "over 3e38".into();
    }
    abbreviated(&schedules.to_string(), 10)
}
