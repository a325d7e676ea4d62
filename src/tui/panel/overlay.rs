//! What covers the panels: help, menus, the token, the results.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Margin, Position, Rect};
use ratatui::text::Line;
use ratatui::widgets::{Clear, Paragraph};

use super::super::app::App;
use super::super::keys::KEYS;
use super::super::overlay::{Menu, Overlay};
use super::super::theme::ScreenTheme;
use super::super::words;
use crate::page::{grouped, plural};
use crate::term::Tone;

/// The greatest width: longer lines are hard to read.
const WIDEST: u16 = 76;

/// Draws an overlay. Returns whether it has more lines than there is room for.
pub(super) fn draw(
    frame: &mut Frame<'_>,
    screen: Rect,
    app: &App<'_>,
    theme: &ScreenTheme,
    overlay: &Overlay,
) -> bool {
    let width = screen.width.min(WIDEST);
    let room = width.saturating_sub(4);
    let (title, lines) = match overlay {
        Overlay::Menu(menu) => return choices(frame, screen, theme, menu),
        Overlay::Help => ("Keys", help(app, theme, room)),
        Overlay::About => (&*app.info.title, paragraphs(theme, room, &about(app))),
        Overlay::Token => ("Token", paragraphs(theme, room, &token(app))),
        Overlay::Forced(found) => (
            "Forced on real threads",
            paragraphs(theme, room, &forced(app, found)),
        ),
        Overlay::Solved(score) => {
            let (stars, par) = (theme.stars(score.stars), app.game.par());
            let par = par.unwrap_or(score.switches);
            let text = words::solved(*score, &stars, par, app.info.puzzle);
            ("Solved", paragraphs(theme, room, &text))
        }
    };
    scrolled(frame, screen, app, theme, title, width, lines)
}

fn about(app: &App<'_>) -> Vec<(Tone, String)> {
    let mut text = vec![(Tone::Plain, app.info.story.clone())];
    if let Some(goal) = app.game.goal() {
        let par = app.game.par().map_or_else(String::new, |par| {
            format!(" Par: {}.", plural(par, "switch"))
        });
        text.push((Tone::Plain, String::new()));
        text.push((Tone::Strong, format!("Goal: {}.{par}", words::goal(goal))));
    }
    text.push((Tone::Plain, String::new()));
    text.push((Tone::Faint, "Enter: begin. i shows this again.".into()));
    text
}

fn token(app: &App<'_>) -> Vec<(Tone, String)> {
    if app.game.steps() == 0 {
        return vec![(Tone::Plain, "Nothing was played yet.".into())];
    }
    let mut text = vec![(Tone::Strong, app.token())];
    for command in app.commands() {
        text.push((Tone::Plain, String::new()));
        text.push((Tone::Plain, command));
    }
    text.push((Tone::Plain, String::new()));
    if let Some(note) = app.commands_note() {
        text.push((Tone::Plain, note));
    }
    let kept = app
        .token_file
        .as_ref()
        .map(|file| format!("On leaving, the token is written to {file}."));
    let printed = "All this is printed on leaving, too.".into();
    text.push((Tone::Faint, kept.unwrap_or(printed)));
    text
}

fn forced(app: &App<'_>, found: &Result<u64, String>) -> Vec<(Tone, String)> {
    let total = app.game.machine().total();
    let mut text = vec![(Tone::Plain, app.token()), (Tone::Plain, String::new())];
    match found {
        Ok(actual) => {
            let verdict = if *actual == total {
                (Tone::Good, "The same steps on real threads give the same.")
            } else {
                let differ = "They differ! That must never be; please report it.";
                (Tone::Lost, differ)
            };
            text.push((Tone::Plain, format!("in the model     {}", grouped(total))));
            let actual = grouped(*actual);
            text.push((Tone::Plain, format!("on real threads  {actual}")));
            text.push((Tone::Plain, String::new()));
            text.push((verdict.0, verdict.1.into()));
        }
        Err(reason) => text.push((Tone::Lost, reason.clone())),
    }
    text
}

fn paragraphs(theme: &ScreenTheme, width: u16, text: &[(Tone, String)]) -> Vec<Line<'static>> {
    let lines = text.iter();
    lines
        .flat_map(|(tone, text)| theme.wrapped(*tone, text, width))
        .collect()
}

/// Draws lines in a frame, from the one that was scrolled to. Returns whether there are more.
fn scrolled(
    frame: &mut Frame<'_>,
    screen: Rect,
    app: &App<'_>,
    theme: &ScreenTheme,
    title: &str,
    width: u16,
    mut lines: Vec<Line<'_>>,
) -> bool {
    let above_footer = above_footer(screen);
    if lines.len() + 2 > usize::from(above_footer.height) {
        lines.retain(|line| line.width() > 0);
    }
    let area = centred(above_footer, width, lines.len());
    let height = usize::from(area.height.saturating_sub(2));
    let last_first = lines.len().saturating_sub(height);
    // Only here the last line to scroll to is known.
    let first = app.scroll.get().min(last_first);
    app.scroll.set(first);
    let shown =
        (last_first > 0).then(|| format!("{} to {} of {}", first + 1, first + height, lines.len()));
    let lines = lines.into_iter().skip(first).collect();
    in_frame(
        frame,
        area,
        theme,
        [title, &shown.unwrap_or_default()],
        lines,
    );
    last_first > 0
}

/// Draws lines in a frame with a title above and, unless it is empty, one below.
fn in_frame(
    frame: &mut Frame<'_>,
    area: Rect,
    theme: &ScreenTheme,
    [above, below]: [&str; 2],
    lines: Vec<Line<'_>>,
) {
    let room = usize::from(area.width.saturating_sub(4));
    let mut block = theme.block(&theme.cut(above, room), true);
    if !below.is_empty() {
        let below = theme.paint(Tone::Strong, format!(" {below} "));
        block = block.title_bottom(Line::from(below).right_aligned());
    }
    let inner = block.inner(area).inner(Margin::new(1, 0));
    frame.render_widget(Clear, area);
    frame.render_widget(block, area);
    frame.render_widget(Paragraph::new(lines), inner);
}

fn above_footer(screen: Rect) -> Rect {
    let [above, _] = Layout::vertical([Constraint::Fill(1), Constraint::Length(1)]).areas(screen);
    above
}

/// Returns the area for this number of lines with a frame around them.
fn centred(within: Rect, width: u16, lines: usize) -> Rect {
    let height = u16::try_from(lines + 2).unwrap_or(u16::MAX);
    let height = height.min(within.height);
    within.centered(Constraint::Length(width), Constraint::Length(height))
}

/// The notes below the keys.
const NOTES: [&str; 5] = [
    "Lines with a dot touch a thread's own registers only: they ride with the step before.",
    "Mouse: a click lets a thread step, the right button runs it, the wheel undoes.",
    "Schedules, or ways: in how many orders the threads can get there.",
    "Chance: when each step goes to a thread drawn evenly among those that can move.",
    "In the history, ! marks a store over updates that its thread has not seen.",
];

fn help(app: &App<'_>, theme: &ScreenTheme, width: u16) -> Vec<Line<'static>> {
    let threads = app.game.system().threads();
    let names: Vec<String> = KEYS.iter().map(|binding| binding.shown(threads)).collect();
    let column = names.iter().map(String::len).max().unwrap_or(0) + 1;
    let room = usize::from(width).saturating_sub(column).max(1);
    let mut lines = Vec::new();
    for (binding, name) in KEYS.iter().zip(names) {
        for (index, help) in textwrap::wrap(binding.help, room).iter().enumerate() {
            let name = if index == 0 { &*name } else { "" };
            lines.push(Line::from(vec![
                theme.paint(Tone::Strong, format!("{name:<column$}")),
                help.to_string().into(),
            ]));
        }
    }
    let notes = NOTES.into_iter();
    lines.extend(notes.flat_map(|note| theme.wrapped(Tone::Faint, note, width)));
    lines
}

/// Returns the area of a menu, and the first line that it shows.
fn menu_area(screen: Rect, menu: &Menu) -> (Rect, usize) {
    let lines = menu.lines.iter().map(|(line, _)| line.len());
    let widest = lines.max().unwrap_or(0).max(24);
    let width = u16::try_from(widest + 8).unwrap_or(u16::MAX);
    let area = centred(
        above_footer(screen),
        width.min(screen.width),
        menu.lines.len(),
    );
    let height = usize::from(area.height.saturating_sub(2));
    let last_first = menu.lines.len().saturating_sub(height);
    (area, menu.at.saturating_sub(height / 2).min(last_first))
}

fn choices(frame: &mut Frame<'_>, screen: Rect, theme: &ScreenTheme, menu: &Menu) -> bool {
    let (area, first) = menu_area(screen, menu);
    let room = usize::from(area.width.saturating_sub(4));
    let lines = menu.lines.iter().enumerate().skip(first);
    let lines = lines.map(|(index, (text, _))| {
        let (mark, tone) = if index == menu.at {
            (theme.signs.switch, Tone::Strong)
        } else {
            (" ", Tone::Plain)
        };
        let text = theme.cut(&format!("{mark} {text}"), room);
        Line::from(theme.paint(tone, text))
    });
    let shown = usize::from(area.height.saturating_sub(2));
    let hidden = menu.lines.len() > shown;
    let place = hidden.then(|| format!("{} of {}", menu.at + 1, menu.lines.len()));
    let titles = [menu.title, &place.unwrap_or_default()];
    in_frame(frame, area, theme, titles, lines.collect());
    true
}

/// Returns the line of a menu at a place of the screen.
pub(super) fn line_at(screen: Rect, menu: &Menu, place: Position) -> Option<usize> {
    let (area, first) = menu_area(screen, menu);
    let row = usize::from(place.y.checked_sub(area.y + 1)?);
    let inside = area.contains(place) && place.y + 1 < area.bottom();
    (inside && first + row < menu.lines.len()).then_some(first + row)
}
