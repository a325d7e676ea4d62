//! The screen at work: draw, wait for a key, do what it says.

use std::io;
use std::time::{Duration, Instant};

use ratatui::crossterm::event::{
    self, Event, KeyEventKind, MouseButton, MouseEvent, MouseEventKind,
};
use ratatui::layout::{Position, Rect};

use super::app::App;
use super::areas::Areas;
use super::keys::{self, Answer, Command};
use super::look::Look;
use super::panel;
use super::state::{Action, Overlay};
use super::terminal::{Notice, Screen};
use crate::model::Schedule;
use crate::puzzle::Solved;
use crate::term::Tone;

/// How long the program waits for a key before it looks whether a signal came.
const PATIENCE: Duration = Duration::from_millis(50);

/// From step to step of what plays by itself.
const TICK: Duration = Duration::from_millis(120);

/// How many moves are thought of between two looks at the keyboard: a few milliseconds.
const THOUGHT: usize = 1 << 13;

/// What the screen cannot do by itself.
pub trait Backend {
    /// Forces a schedule on real threads; gives the total that they left, or why they could not.
    /// Meanwhile it asks, again and again, whether to `go_on`.
    fn force(
        &mut self,
        schedule: &Schedule,
        go_on: &mut dyn FnMut() -> bool,
    ) -> Result<u64, String>;

    /// Writes down that the puzzle was solved; gives what went wrong, if anything.
    fn keep(&mut self, solved: Solved) -> Option<String>;
}

/// How the screen was left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Left {
    /// By the key for it.
    Quit,
    /// By a signal, or Ctrl-C.
    Interrupted,
    /// For the next puzzle.
    Next,
}

/// Plays until the screen is left.
///
/// # Errors
/// When the terminal fails.
pub fn play(
    screen: &mut Screen,
    app: &mut App<'_>,
    look: &Look,
    backend: &mut dyn Backend,
) -> io::Result<Left> {
    let mut area = Rect::default();
    let (mut drawn, mut played) = (Instant::now(), Instant::now());
    let (mut dirty, mut busy) = (true, true);
    loop {
        if dirty {
            screen.draw(|frame| {
                area = frame.area();
                panel::draw(frame, app, look);
            })?;
            (dirty, drawn) = (false, Instant::now());
        }
        match screen.notice() {
            Some(Notice::End) => return Ok(Left::Interrupted),
            Some(Notice::Stop) => {
                screen.suspend()?;
                dirty = true;
            }
            Some(Notice::Continue) => {
                screen.retake()?;
                dirty = true;
            }
            None => {}
        }
        let patience = match (busy, app.auto.is_some()) {
            (true, _) => Duration::ZERO,
            (false, true) => PATIENCE.min(TICK.saturating_sub(played.elapsed())),
            (false, false) => PATIENCE,
        };
        let want = if event::poll(patience)? {
            (dirty, busy) = (true, true);
            take(&event::read()?, area, app)
        } else if app.auto.is_some() && played.elapsed() >= TICK {
            (dirty, busy, played) = (true, true, Instant::now());
            app.tick()
        } else {
            if busy {
                busy = app.think(THOUGHT);
                dirty = !busy || drawn.elapsed() >= PATIENCE;
            }
            Action::Nothing
        };
        match want {
            Action::Nothing => {}
            Action::Quit => return Ok(Left::Quit),
            Action::Interrupt => return Ok(Left::Interrupted),
            Action::Next => return Ok(Left::Next),
            Action::Suspend => screen.suspend()?,
            Action::Force => {
                if force(screen, app, look, backend)? {
                    return Ok(Left::Interrupted);
                }
            }
            Action::Keep(solved) => {
                if let Some(trouble) = backend.keep(solved) {
                    app.message = Some((Tone::Lost, trouble));
                }
            }
        }
    }
}

/// What called off that a schedule is forced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stop {
    /// Any other key.
    Key,
    Suspend,
    Interrupt,
}

/// Forces what was played, unless a key or a signal calls it off; gives whether to leave.
fn force(
    screen: &mut Screen,
    app: &mut App<'_>,
    look: &Look,
    backend: &mut dyn Backend,
) -> io::Result<bool> {
    app.message = Some((
        Tone::Plain,
        "Forcing it on real threads; any key stops it.".into(),
    ));
    let mut looks = 0;
    let mut stop = Ok(None);
    let found = backend.force(&app.game.schedule(), &mut || {
        if matches!(stop, Ok(None)) {
            looks += 1;
            // What is done in no time is not worth a picture.
            stop = look_up(screen, app, look, looks == 2);
        }
        matches!(stop, Ok(None))
    });
    app.message = None;
    app.forced(found);
    match stop? {
        Some(Stop::Interrupt) => return Ok(true),
        Some(Stop::Suspend) => screen.suspend()?,
        Some(Stop::Key) | None => {}
    }
    Ok(false)
}

/// Looks whether somebody wants it to stop, and draws where there is reason to.
fn look_up(
    screen: &mut Screen,
    app: &App<'_>,
    look: &Look,
    mut dirty: bool,
) -> io::Result<Option<Stop>> {
    match screen.notice() {
        Some(Notice::End) => return Ok(Some(Stop::Interrupt)),
        Some(Notice::Stop) => return Ok(Some(Stop::Suspend)),
        Some(Notice::Continue) => {
            screen.retake()?;
            dirty = true;
        }
        None => {}
    }
    while event::poll(Duration::ZERO)? {
        match event::read()? {
            Event::Key(key) if key.kind != KeyEventKind::Release => {
                return Ok(Some(match keys::command(keys::KEYS, &key) {
                    Some((Command::Interrupt, _)) => Stop::Interrupt,
                    Some((Command::Suspend, _)) => Stop::Suspend,
                    _ => Stop::Key,
                }));
            }
            _ => dirty = true,
        }
    }
    if dirty {
        screen.draw(|frame| panel::draw(frame, app, look))?;
    }
    Ok(None)
}

fn take(event: &Event, area: Rect, app: &mut App<'_>) -> Action {
    match event {
        Event::Key(key) if Areas::new(area, app).is_none() => app.blind_key(key),
        Event::Key(key) => app.key(key),
        Event::Mouse(mouse) => click(*mouse, area, app),
        // It is drawn anew after each.
        Event::Resize(..) | Event::FocusGained | Event::FocusLost | Event::Paste(_) => {
            Action::Nothing
        }
    }
}

/// What the mouse does on a screen of this size.
pub fn click(mouse: MouseEvent, area: Rect, app: &mut App<'_>) -> Action {
    let place = Position::new(mouse.column, mouse.row);
    if let Some(overlay) = &app.overlay {
        let is_menu = matches!(overlay, Overlay::Menu(_));
        match (mouse.kind, panel::menu_line_at(area, app, place)) {
            (MouseEventKind::Down(_), Some(line)) => app.pick(line),
            (MouseEventKind::Down(_), None) if is_menu => {
                return app.answer(Answer::Close);
            }
            (MouseEventKind::Down(_), None) => return app.answer(Answer::Accept),
            (MouseEventKind::ScrollUp, _) => return app.answer(Answer::Up),
            (MouseEventKind::ScrollDown, _) => return app.answer(Answer::Down),
            _ => {}
        }
        return Action::Nothing;
    }
    let thread = Areas::new(area, app).and_then(|areas| areas.thread_at(place));
    match (mouse.kind, thread) {
        (MouseEventKind::Down(MouseButton::Left), Some(_)) => app.command(Command::Step, thread),
        (MouseEventKind::Down(MouseButton::Right), Some(_)) => app.command(Command::Run, thread),
        (MouseEventKind::ScrollUp, _) => app.command(Command::Undo, None),
        (MouseEventKind::ScrollDown, _) => app.command(Command::Redo, None),
        _ => Action::Nothing,
    }
}
