//! The loop of the live screen: draw at a steady pace, and do what keys say at once.

use std::io;
use std::time::{Duration, Instant};

use ratatui::crossterm::event::{self, Event, MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::{Position, Rect};

use super::super::app::AppRequest;
use super::super::keys::OverlayCommand;
use super::super::terminal::Screen;
use super::super::theme::ScreenTheme;
use super::app::{LiveApp, LiveRequest};
use super::keys::LiveCommand;
use super::panel::{self, Areas};
use crate::plan::LivePlan;
use crate::record::LiveReading;

/// The most pictures a second, but for those after a key: more would cost the race its cores.
pub const FRAMES: u32 = 12;

/// How long the screen waits for a key before it looks for signals.
const PATIENCE: Duration = Duration::from_millis(50);

/// The program around the live screen, which makes the runs.
pub trait LiveHost {
    /// Ends what is going on, and races with this plan from now on.
    fn race(&mut self, plan: &LivePlan);

    /// Makes no more runs until it is called again, or goes on.
    fn pause(&mut self, paused: bool);

    /// Ends what is going on.
    fn stop(&mut self);

    /// Returns what has been found out since the race began.
    fn reading(&mut self) -> LiveReading;

    /// Begins to make the report of a command, given without the program's name, for a page of this
    /// many columns. The race must be paused.
    fn report(&mut self, command: &str, width: usize);

    /// Returns the report that was begun last, once, when it is there; or why there is none.
    fn reported(&mut self) -> Option<Result<String, String>>;
}

/// Why the live screen was left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LiveExit {
    /// The person has quit.
    Quit,
    /// A signal or Ctrl-C came.
    Interrupted,
    /// To play the same race step by step, and to come back.
    Step,
}

/// Races until the screen is left. The race must have begun; it goes on only after [`LiveExit::Step`],
/// paused.
///
/// # Errors
/// When the terminal fails.
pub fn race(
    screen: &mut Screen,
    app: &mut LiveApp,
    theme: &ScreenTheme,
    host: &mut dyn LiveHost,
) -> io::Result<LiveExit> {
    let pace = Duration::from_secs(1) / FRAMES;
    let mut drawn: Option<Instant> = None;
    loop {
        let due = drawn.map_or(Duration::ZERO, |drawn| pace.saturating_sub(drawn.elapsed()));
        if due.is_zero() || screen.stale {
            app.update(host.reading());
            if let Some(text) = host.reported() {
                app.reported(text);
            }
            screen.draw(|frame| {
                app.area = frame.area();
                panel::draw(frame, app, theme);
            })?;
            drawn = Some(Instant::now());
            continue;
        }
        let request = if let Some(request) = screen.signalled()? {
            match request {
                AppRequest::Suspend => LiveRequest::Suspend,
                _ => LiveRequest::Interrupt,
            }
        } else if event::poll(due.min(PATIENCE))? {
            // Its effect is to be seen at once.
            drawn = None;
            take(&event::read()?, app)
        } else {
            LiveRequest::Nothing
        };
        match request {
            LiveRequest::Nothing => {}
            LiveRequest::Race => host.race(&app.plan),
            LiveRequest::Pause(paused) => host.pause(paused),
            LiveRequest::Report(command) => {
                host.pause(true);
                host.report(&command, panel::report_width(app.area));
            }
            LiveRequest::Step => return Ok(LiveExit::Step),
            LiveRequest::Quit => return Ok(LiveExit::Quit),
            LiveRequest::Interrupt => return Ok(LiveExit::Interrupted),
            LiveRequest::Suspend => screen.suspend()?,
        }
    }
}

/// Carries out what an event says.
fn take(event: &Event, app: &mut LiveApp) -> LiveRequest {
    match event {
        Event::Key(key) if Areas::new(app.area, app).is_none() => app.blind_key(key),
        Event::Key(key) => app.key(key),
        Event::Mouse(mouse) => click(*mouse, app.area, app),
        Event::Resize(width, height) => {
            app.area = Rect::new(0, 0, *width, *height);
            LiveRequest::Nothing
        }
        _ => LiveRequest::Nothing,
    }
}

/// Carries out what the mouse does on a screen of this size.
pub fn click(mouse: MouseEvent, area: Rect, app: &mut LiveApp) -> LiveRequest {
    if app.report.is_some() || app.help {
        return match mouse.kind {
            MouseEventKind::Down(_) => app.overlay_command(OverlayCommand::Accept),
            MouseEventKind::ScrollUp => app.overlay_command(OverlayCommand::Up),
            MouseEventKind::ScrollDown => app.overlay_command(OverlayCommand::Down),
            _ => LiveRequest::Nothing,
        };
    }
    let Some(areas) = Areas::new(area, app) else {
        return LiveRequest::Nothing;
    };
    let place = Position::new(mouse.column, mouse.row);
    let knob = areas.knob_at(place, app);
    if let (Some(knob), true) = (knob, !matches!(mouse.kind, MouseEventKind::Moved)) {
        app.choose_knob(knob);
    }
    match (mouse.kind, knob, areas.item_at(place, app)) {
        (MouseEventKind::Down(MouseButton::Left), None, Some(item)) => app.choose(item),
        (MouseEventKind::Down(MouseButton::Right) | MouseEventKind::ScrollDown, Some(_), _) => {
            app.command(LiveCommand::Lower, None)
        }
        (MouseEventKind::ScrollUp, Some(_), _) => app.command(LiveCommand::Raise, None),
        (MouseEventKind::ScrollUp, None, _) => app.command(LiveCommand::Previous, None),
        (MouseEventKind::ScrollDown, None, _) => app.command(LiveCommand::Next, None),
        _ => LiveRequest::Nothing,
    }
}
