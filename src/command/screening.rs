//! `replay --play`: the steps of a schedule on an ordinary terminal, at a pace or at the press of Enter.

use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use super::order::Order;
use super::output;
use super::visitor::Typist;
use crate::cli::OutputArgs;
use crate::error::Error;
use crate::model::System;
use crate::plan::Subject;
use crate::record::PlayerBuilder;
use crate::render::shots;
use crate::sync::Context;
use crate::tour::{Reply, Visitor};

/// The lines and the columns of a terminal that does not say how large it is.
const USUAL_LINES: usize = 24;

/// Refuses to play where there is no terminal.
pub(super) fn expect_terminal(output: &OutputArgs) -> Result<(), Error> {
    if !output.format.is_text() || output.output.is_some() {
        return Err(Error::Usage(
            "--play shows the steps on the terminal; leave out --format and --output, or --play"
                .into(),
        ));
    }
    if !io::stdout().is_terminal() {
        return Err(Error::Machine(
            "--play needs a terminal to draw on, and standard output is none; leave out --play to get \
             all steps at once"
                .into(),
        ));
    }
    Ok(())
}

/// Plays a schedule; `pause` is the time between steps, `None` for a press of Enter. Returns false if the
/// context was done before the end.
pub(super) fn play(
    subject: &Subject,
    system: &System,
    order: &Order,
    pause: Option<Duration>,
    output: &OutputArgs,
    context: &Context,
) -> Result<bool, Error> {
    let mut builder = PlayerBuilder::new(subject, system, 1)?;
    let played = builder.schedule(String::new(), String::new(), || order.source(system));
    let played = played.map_err(|error| Error::Usage(format!("--schedule: {error}")))?;
    if !played {
        return Err(Error::Usage(
            "--play: the schedule has too many steps to be played; leave it out, or ask for fewer \
             --increments"
                .into(),
        ));
    }
    let record = builder.finish();
    let steps = record
        .schedules
        .first()
        .map_or(&[][..], |schedule| &schedule.steps);
    let page = output::page(output);
    let size = terminal_size::terminal_size_of(io::stdout());
    let height = size.map_or(USUAL_LINES, |(_, lines)| lines.0.into());
    let mut pacer = Pacer::new(pause, context)?;
    let mut screen = Screen::default();
    let number = steps.len();
    for (place, shot) in shots(&record, steps, &page, height.saturating_sub(2)).enumerate() {
        screen.clear()?;
        screen.keep(&shot.told)?;
        screen.show(&shot.state, pacer.prompt())?;
        if place < number && !pacer.wait(&mut screen)? {
            screen.leave()?;
            return Ok(false);
        }
    }
    screen.leave()?;
    Ok(true)
}

/// What lets the next step come.
enum Pacer {
    Clock(Duration, Context),
    Enter(Typist),
}

impl Pacer {
    fn new(pause: Option<Duration>, context: &Context) -> Result<Self, Error> {
        Ok(match pause {
            Some(pause) => Self::Clock(pause, context.clone()),
            None => Self::Enter(Typist::new(context.clone())?),
        })
    }

    fn prompt(&self) -> Option<&'static str> {
        match self {
            Self::Clock(..) => None,
            Self::Enter(_) => Some("Enter: the next step "),
        }
    }

    /// Waits for the next step; false if there is to be none.
    fn wait(&mut self, screen: &mut Screen) -> Result<bool, Error> {
        match self {
            Self::Clock(pause, context) => Ok(!context.wait_for(*pause)),
            Self::Enter(typist) => match typist.reply() {
                Reply::Line(_) => {
                    screen.entered()?;
                    Ok(true)
                }
                // Where nobody presses Enter any more, the rest comes at once.
                Reply::End => Ok(true),
                Reply::Interrupted => Ok(false),
            },
        }
    }
}

/// The lines at the bottom that are drawn again with every step.
#[derive(Default)]
struct Screen {
    /// The number of lines that are to be replaced above the cursor.
    drawn: usize,
    /// Whether the cursor stands behind a prompt.
    prompted: bool,
}

impl Screen {
    /// Removes the lines of the last state.
    fn clear(&mut self) -> Result<(), Error> {
        let up = match self.drawn {
            0 => String::new(),
            lines => format!("\x1b[{lines}A"),
        };
        self.drawn = 0;
        self.prompted = false;
        write(&format!("\r{up}\x1b[J"))
    }

    /// Writes a line that stays.
    fn keep(&mut self, line: &str) -> Result<(), Error> {
        write(&format!("{line}\n"))
    }

    /// Writes the lines of a state.
    fn show(&mut self, lines: &[String], prompt: Option<&str>) -> Result<(), Error> {
        let mut text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        text += prompt.unwrap_or_default();
        self.drawn = lines.len();
        self.prompted = prompt.is_some();
        write(&text)
    }

    /// Notes that Enter was pressed: a terminal shows that as a new line.
    fn entered(&mut self) -> Result<(), Error> {
        if io::stdin().is_terminal() {
            self.drawn += 1;
            self.prompted = false;
        }
        Ok(())
    }

    /// Leaves the last state where it is.
    fn leave(&mut self) -> Result<(), Error> {
        write(if self.prompted { "\r\x1b[K\n" } else { "\n" })
    }
}

fn write(text: &str) -> Result<(), Error> {
    let mut to = io::stdout().lock();
    let written = to.write_all(text.as_bytes()).and_then(|()| to.flush());
    written.map_err(|error| Error::Machine(format!("the terminal fails: {error}")))
}
