//! What lies over the panels: help, menus, the token, what came of it.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;
use ratatui::widgets::{Clear, Paragraph};

use super::super::app::App;
use super::super::keys::KEYS;
use super::super::look::Look;
use super::super::menu::Menu;
use super::super::state::Overlay;
use crate::term::Tone;

/// The widest overlay: lines longer than this are hard to read.
const WIDEST: u16 = 76;

pub(super) fn draw(
    frame: &mut Frame<'_>,
    screen: Rect,
    app: &App<'_>,
    look: &Look,
    overlay: &Overlay,
) {
    match overlay {
        Overlay::Help(first) => help(frame, screen, look, *first),
        Overlay::Menu(menu) => choices(frame, screen, look, menu),
        Overlay::About => about(frame, screen, app, look),
        Overlay::Token => token(frame, screen, app, look),
        Overlay::Forced(found) => forced(frame, screen, app, look, found),
        Overlay::Solved(solved) => {
            let par = app.game.par().unwrap_or(solved.switches);
            let mut text = vec![
                (
                    Tone::Good,
                    format!("{}  {}", look.stars(solved.stars), verdict(solved.stars)),
                ),
                (
                    Tone::Plain,
                    format!("Switches: {}, par {par}.", solved.switches),
                ),
            ];
            if let Some(puzzle) = app.about.puzzle {
                text.push((Tone::Plain, String::new()));
                text.push((Tone::Plain, puzzle.lesson.to_owned()));
                text.push((Tone::Plain, String::new()));
                text.push((
                    Tone::Strong,
                    if puzzle.has_next {
                        "n: the next puzzle. Enter: stay and look around.".into()
                    } else {
                        "That was the last puzzle. Enter: stay and look around.".into()
                    },
                ));
            }
            message(frame, screen, look, "Solved", &text);
        }
    }
}

fn verdict(stars: u8) -> &'static str {
    match stars {
        3 => "Par: it cannot be done with fewer switches.",
        2 => "Close to par.",
        _ => "There is a way with fewer switches.",
    }
}

fn about(frame: &mut Frame<'_>, screen: Rect, app: &App<'_>, look: &Look) {
    let mut text = vec![(Tone::Plain, app.about.story.clone())];
    if let Some(goal) = app.game.goal() {
        text.push((Tone::Plain, String::new()));
        let par = app
            .game
            .par()
            .map_or_else(String::new, |par| format!(" Par: {par} switches."));
        text.push((Tone::Strong, format!("Goal: {goal}.{par}")));
    }
    text.push((Tone::Plain, String::new()));
    text.push((Tone::Faint, "Enter: begin. i shows this again.".into()));
    message(frame, screen, look, &app.about.title, &text);
}

fn token(frame: &mut Frame<'_>, screen: Rect, app: &App<'_>, look: &Look) {
    let schedule = app.game.schedule().to_string();
    let text = match (&app.about.replay, app.game.steps()) {
        (_, 0) => vec![(Tone::Plain, "Nothing was played yet.".into())],
        (Some(replay), _) => vec![
            (Tone::Strong, schedule.clone()),
            (Tone::Plain, String::new()),
            (Tone::Plain, format!("{replay} --schedule {schedule}")),
            (Tone::Plain, String::new()),
            (Tone::Faint, "It is printed on leaving, too.".into()),
        ],
        (None, _) => vec![
            (Tone::Strong, schedule),
            (Tone::Plain, String::new()),
            (
                Tone::Faint,
                "This program is the puzzle's own, so replay does not know it; f forces it on \
                 real threads from here."
                    .into(),
            ),
        ],
    };
    message(frame, screen, look, "Token", &text);
}

fn forced(
    frame: &mut Frame<'_>,
    screen: Rect,
    app: &App<'_>,
    look: &Look,
    found: &Result<u64, String>,
) {
    let schedule = app.game.schedule().to_string();
    let total = app.game.machine().total();
    let mut text = vec![(Tone::Plain, schedule), (Tone::Plain, String::new())];
    match found {
        Ok(actual) => {
            let agree = *actual == total;
            text.push((Tone::Plain, format!("in the model     {total}")));
            text.push((Tone::Plain, format!("on real threads  {actual}")));
            text.push((Tone::Plain, String::new()));
            text.push(if agree {
                (
                    Tone::Good,
                    "The same steps on real threads give the same.".into(),
                )
            } else {
                (
                    Tone::Lost,
                    "They differ! That must never be; please report it.".into(),
                )
            });
        }
        Err(reason) => text.push((Tone::Lost, reason.clone())),
    }
    message(frame, screen, look, "Forced on real threads", &text);
}

/// Paragraphs in a frame; the last lines are kept where there is no room for all.
fn message(frame: &mut Frame<'_>, screen: Rect, look: &Look, title: &str, text: &[(Tone, String)]) {
    let width = screen.width.min(WIDEST);
    let mut lines = Vec::new();
    for (tone, text) in text {
        for line in textwrap::wrap(text, usize::from(width.saturating_sub(4)).max(1)) {
            lines.push(Line::from(look.paint(*tone, line.into_owned())));
        }
    }
    let room = usize::from(screen.height.saturating_sub(2));
    if lines.len() > room {
        // Blank lines first.
        lines.retain(|line| line.width() > 0);
        lines.truncate(room);
    }
    let area = centred(screen, width, lines.len());
    in_frame(frame, area, look, title, lines);
}

fn in_frame(frame: &mut Frame<'_>, area: Rect, look: &Look, title: &str, lines: Vec<Line<'_>>) {
    let room = usize::from(area.width.saturating_sub(4));
    let block = look.block(&look.cut(title, room), true);
    let mut inner = block.inner(area);
    inner.x += 1;
    inner.width = inner.width.saturating_sub(2);
    frame.render_widget(Clear, area);
    frame.render_widget(block, area);
    frame.render_widget(Paragraph::new(lines), inner);
}

/// The place for so many lines with a frame around them, above the footer.
fn centred(screen: Rect, width: u16, lines: usize) -> Rect {
    let most = screen.height.saturating_sub(1);
    let height = u16::try_from(lines + 2).unwrap_or(u16::MAX).min(most);
    Rect {
        x: screen.x + (screen.width - width) / 2,
        y: screen.y + (most - height) / 2,
        width,
        height,
    }
}

/// What is no key.
const NOTES: [&str; 3] = [
    "Mouse: a click lets a thread step, the right button runs it, the wheel undoes.",
    "Chance: when each step goes to a thread drawn evenly among those that can move.",
    "In the history, ! marks a store over updates that its thread has not seen.",
];

fn help(frame: &mut Frame<'_>, screen: Rect, look: &Look, first: usize) {
    let width = screen.width.min(WIDEST);
    let column = 12;
    let room = usize::from(width.saturating_sub(4))
        .saturating_sub(column)
        .max(1);
    let mut lines = Vec::new();
    for binding in KEYS {
        for (index, help) in textwrap::wrap(binding.help, room).iter().enumerate() {
            let shown = if index == 0 { binding.shown } else { "" };
            lines.push(Line::from(vec![
                look.paint(Tone::Strong, format!("{shown:<column$}")),
                help.to_string().into(),
            ]));
        }
    }
    for note in NOTES {
        for line in textwrap::wrap(note, room + column) {
            lines.push(Line::from(look.paint(Tone::Faint, line.into_owned())));
        }
    }
    let area = centred(screen, width, lines.len());
    let height = usize::from(area.height.saturating_sub(2));
    let last_first = lines.len().saturating_sub(height);
    let first = first.min(last_first);
    let title = match last_first {
        0 => "Keys".to_owned(),
        _ => format!(
            "Keys (Up, Down: {} to {} of {})",
            first + 1,
            first + height,
            lines.len()
        ),
    };
    let lines = lines.into_iter().skip(first).collect();
    in_frame(frame, area, look, &title, lines);
}

/// Where a menu is, and the first line that it shows.
fn menu_area(screen: Rect, menu: &Menu) -> (Rect, usize) {
    let widest = menu
        .lines
        .iter()
        .map(|(line, _)| line.len())
        .max()
        .unwrap_or(0)
        .max(24);
    let width = u16::try_from(widest + 8)
        .unwrap_or(u16::MAX)
        .min(screen.width);
    let area = centred(screen, width, menu.lines.len());
    let height = usize::from(area.height.saturating_sub(2));
    let last_first = menu.lines.len().saturating_sub(height);
    (area, menu.at.saturating_sub(height / 2).min(last_first))
}

fn choices(frame: &mut Frame<'_>, screen: Rect, look: &Look, menu: &Menu) {
    let (area, first) = menu_area(screen, menu);
    let lines = menu.lines.iter().enumerate().skip(first);
    let lines = lines.map(|(index, (text, _))| {
        let (mark, tone) = if index == menu.at {
            (look.signs.switch, Tone::Strong)
        } else {
            (" ", Tone::Plain)
        };
        Line::from(look.paint(tone, format!("{mark} {text}")))
    });
    in_frame(frame, area, look, menu.title, lines.collect());
}

/// The line of a menu that is at a place of the screen.
pub(super) fn line_at(screen: Rect, menu: &Menu, place: Position) -> Option<usize> {
    let (area, first) = menu_area(screen, menu);
    let row = usize::from(place.y.checked_sub(area.y + 1)?);
    let inside = area.contains(place) && place.y + 1 < area.bottom();
    (inside && first + row < menu.lines.len()).then_some(first + row)
}
