//! The loop of the screen: draw, wait for a key, do what it says.

use std::io;
use std::time::{Duration, Instant};

use ratatui::crossterm::event::{
    self, Event, KeyEventKind, MouseButton, MouseEvent, MouseEventKind,
};
use ratatui::layout::{Position, Rect};

use super::app::{App, AppRequest};
use super::keys::{self, Command, OverlayCommand};
use super::overlay::Overlay;
use super::panel::{self, Areas};
use super::terminal::Screen;
use super::theme::ScreenTheme;
use crate::game::Game;
use crate::game::puzzle::Score;
use crate::model::{Ending, Schedule};
use crate::term::Tone;

/// How long the screen waits for a key before it looks for signals.
const PATIENCE: Duration = Duration::from_millis(50);

/// The time between two ticks of the automatic player.
const TICK: Duration = Duration::from_millis(120);

/// The moves to search between two looks at the keyboard: a few milliseconds.
const MOVES_AT_A_TIME: usize = 1 << 13;

/// The program around the screen, which does what the screen cannot.
pub trait Host {
    /// Forces a schedule on real threads; returns how they ended, or why it failed. Threads that were
    /// not done yet end as if they had been.
    /// Meanwhile it repeatedly asks whether to `go_on`.
    fn force(
        &mut self,
        schedule: &Schedule,
        go_on: &mut dyn FnMut() -> bool,
    ) -> Result<Ending, String>;

    /// Is told of the game each time it may have gone on.
    fn played(&mut self, game: &Game<'_>);

    /// Saves the score of the puzzle; returns what went wrong, if anything.
    fn save(&mut self, score: Score) -> Option<String>;
}

/// Why the screen was left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExitReason {
    /// The player has quit.
    Quit,
    /// A signal or Ctrl-C came.
    Interrupted,
    /// The player goes to the next puzzle.
    Next,
}

/// Plays until the screen is left.
///
/// # Errors
/// When the terminal fails.
pub fn play(
    screen: &mut Screen,
    app: &mut App<'_>,
    theme: &ScreenTheme,
    host: &mut dyn Host,
) -> io::Result<ExitReason> {
    let mut area = Rect::default();
    let (mut drawn, mut played) = (Instant::now(), Instant::now());
    let (mut dirty, mut busy) = (true, true);
    loop {
        if dirty || screen.stale {
            // First, as a terminal that has hung up can't be drawn on.
            host.played(&app.game);
            screen.draw(|frame| {
                area = frame.area();
                panel::draw(frame, app, theme);
            })?;
            (dirty, drawn) = (false, Instant::now());
        }
        let patience = match (busy, app.auto.is_some()) {
            (true, _) => Duration::ZERO,
            (false, true) => PATIENCE.min(TICK.saturating_sub(played.elapsed())),
            (false, false) => PATIENCE,
        };
        let mut request = AppRequest::Nothing;
        if let Some(asked) = screen.signalled()? {
            request = asked;
        } else if event::poll(patience)? {
            (dirty, busy) = (true, true);
            request = take(&event::read()?, area, app);
        } else if app.auto.is_some() && played.elapsed() >= TICK {
            (dirty, busy, played) = (true, true, Instant::now());
            request = app.tick();
        } else if busy {
            busy = app.think(MOVES_AT_A_TIME);
            dirty = !busy || drawn.elapsed() >= PATIENCE;
        }
        if request == AppRequest::Force {
            request = force(screen, app, theme, host)?;
        }
        match request {
            AppRequest::Nothing | AppRequest::Force => {}
            AppRequest::Quit => return Ok(ExitReason::Quit),
            AppRequest::Interrupt => return Ok(ExitReason::Interrupted),
            AppRequest::Next => return Ok(ExitReason::Next),
            AppRequest::Suspend => screen.suspend()?,
            AppRequest::Save(score) => {
                if let Some(trouble) = host.save(score) {
                    app.message = Some((Tone::Lost, trouble));
                }
            }
        }
    }
}

/// Forces the schedule so far, unless a key or a signal stops it; returns what that asks for.
fn force(
    screen: &mut Screen,
    app: &mut App<'_>,
    theme: &ScreenTheme,
    host: &mut dyn Host,
) -> io::Result<AppRequest> {
    let text = "Forcing on real threads; any key stops it.";
    app.message = Some((Tone::Plain, text.into()));
    let mut looks = 0;
    let mut stop = Ok(None);
    let found = host.force(&app.game.schedule(), &mut || {
        if matches!(stop, Ok(None)) {
            looks += 1;
            // Most schedules are forced before the second look, and need no picture.
            stop = look_up(screen, app, theme, looks == 2);
        }
        matches!(stop, Ok(None))
    });
    app.message = None;
    app.forced(found);
    Ok(stop?.unwrap_or(AppRequest::Nothing))
}

/// Looks for a key or a signal that stops the forcing, and draws if necessary.
fn look_up(
    screen: &mut Screen,
    app: &App<'_>,
    theme: &ScreenTheme,
    mut dirty: bool,
) -> io::Result<Option<AppRequest>> {
    if let Some(request) = screen.signalled()? {
        return Ok(Some(request));
    }
    while event::poll(Duration::ZERO)? {
        dirty = true;
        if let Event::Key(key) = event::read()?
            && key.kind != KeyEventKind::Release
        {
            return Ok(Some(match keys::command(keys::KEYS, &key) {
                Some((Command::Interrupt, _)) => AppRequest::Interrupt,
                Some((Command::Suspend, _)) => AppRequest::Suspend,
                _ => AppRequest::Nothing,
            }));
        }
    }
    if dirty || screen.stale {
        screen.draw(|frame| panel::draw(frame, app, theme))?;
    }
    Ok(None)
}

/// Carries out what an event says. Every event makes the loop draw again.
fn take(event: &Event, area: Rect, app: &mut App<'_>) -> AppRequest {
    match event {
        Event::Key(key) if Areas::new(area, app).is_none() => app.blind_key(key),
        Event::Key(key) => app.key(key),
        Event::Mouse(mouse) => click(*mouse, area, app),
        _ => AppRequest::Nothing,
    }
}

/// Carries out what the mouse does on a screen of this size.
pub fn click(mouse: MouseEvent, area: Rect, app: &mut App<'_>) -> AppRequest {
    let place = Position::new(mouse.column, mouse.row);
    if let Some(overlay) = &app.overlay {
        let is_menu = matches!(overlay, Overlay::Menu(_));
        let command = match (mouse.kind, panel::menu_line_at(area, overlay, place)) {
            (MouseEventKind::Down(_), Some(line)) => {
                app.pick(line);
                return AppRequest::Nothing;
            }
            (MouseEventKind::Down(_), None) if is_menu => OverlayCommand::Close,
            (MouseEventKind::Down(_), None) => OverlayCommand::Accept,
            (MouseEventKind::ScrollUp, _) => OverlayCommand::Up,
            (MouseEventKind::ScrollDown, _) => OverlayCommand::Down,
            _ => return AppRequest::Nothing,
        };
        return app.overlay_command(command);
    }
    let thread = Areas::new(area, app).and_then(|areas| areas.thread_at(place));
    match (mouse.kind, thread) {
        (MouseEventKind::Down(MouseButton::Left), Some(_)) => app.command(Command::Step, thread),
        (MouseEventKind::Down(MouseButton::Right), Some(_)) => app.command(Command::Run, thread),
        (MouseEventKind::ScrollUp, _) => app.command(Command::Undo, None),
        (MouseEventKind::ScrollDown, _) => app.command(Command::Redo, None),
        _ => AppRequest::Nothing,
    }
}
