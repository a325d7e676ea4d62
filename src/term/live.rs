//! Requests as they go, on standard error: bars on a terminal, lines elsewhere. Noted by one thread,
//! and shown by another.

use std::io::{self, Write};
use std::mem;

use super::bars::{Bars, Standing};
use crate::requests::{Event, Tree};

/// The most bytes of lines that wait to be written. More are left out.
const MOST_UNWRITTEN: usize = 8 << 20;

/// What there is to be seen.
#[derive(Clone, Debug)]
pub struct LiveState(What);

#[derive(Clone, Debug)]
enum What {
    Bars(Standing),
    Lines(Lines),
}

/// Lines that have not been written yet.
#[derive(Clone, Debug, Default)]
struct Lines {
    text: String,
    left_out: u64,
}

impl LiveState {
    /// A bar for each request, where the terminal has room for that, else one for all; they will do
    /// so many steps.
    pub fn bars(tree: &Tree, steps: u64) -> Self {
        Self(What::Bars(Standing::new(tree, steps)))
    }

    /// One bar for all requests, which will do so many steps.
    pub fn one_bar(tree: &Tree, steps: u64) -> Self {
        Self(What::Bars(Standing::all(tree, steps)))
    }

    /// Line after line.
    pub fn lines() -> Self {
        Self(What::Lines(Lines::default()))
    }

    /// Whether it is lines, all of which are to be shown; of bars, only how they stand.
    pub fn is_lines(&self) -> bool {
        matches!(self.0, What::Lines(_))
    }

    /// Takes note of an event.
    pub fn note(&mut self, tree: &Tree, event: &Event) {
        match &mut self.0 {
            What::Bars(bars) => bars.note(event),
            What::Lines(lines) => lines.note(tree, event),
        }
    }

    /// What is to be shown now. Lines are shown once.
    #[must_use]
    pub fn take(&mut self) -> Self {
        Self(match &mut self.0 {
            What::Bars(bars) => What::Bars(bars.clone()),
            What::Lines(lines) => What::Lines(mem::take(lines)),
        })
    }
}

/// Where it is shown.
#[derive(Debug, Default)]
pub struct LiveDisplay {
    ascii: bool,
    bars: Option<Bars>,
}

impl LiveDisplay {
    /// Standard error, in these signs.
    pub fn new(ascii: bool) -> Self {
        Self { ascii, bars: None }
    }

    /// Shows the state. Nobody is there to be told if that fails.
    pub fn show(&mut self, state: LiveState) {
        match state.0 {
            What::Bars(standing) => self
                .bars
                .get_or_insert_with(|| Bars::new(self.ascii))
                .draw(&standing),
            What::Lines(lines) => drop(io::stderr().write_all(lines.into_text().as_bytes())),
        }
    }

    /// Whether there are bars that were drawn for a terminal of another size.
    pub fn is_resized(&self) -> bool {
        self.bars.as_ref().is_some_and(Bars::is_resized)
    }

    /// Takes the bars off the screen.
    pub fn clear(&self) {
        if let Some(bars) = &self.bars {
            bars.clear();
        }
    }
}

impl Lines {
    fn note(&mut self, tree: &Tree, event: &Event) {
        if self.text.len() < MOST_UNWRITTEN {
            self.text += &live_line(tree, event);
        } else {
            self.left_out += 1;
        }
    }

    fn into_text(mut self) -> String {
        if self.left_out > 0 {
            self.text += &format!("... {} lines that nobody has read\n", self.left_out);
        }
        self.text
    }
}

/// Returns an event as a line.
pub fn live_line(tree: &Tree, event: &Event) -> String {
    match event {
        Event::Step {
            request,
            step,
            items,
            ..
        } => format!("request {}: step {step} of {items}\n", tree.name(*request)),
        Event::Ended { request, outcome } => {
            let through = outcome
                .reason
                .signal()
                .map(|signal| tree.name(signal.through));
            let through = through.map_or_else(String::new, |name| format!(" through {name}"));
            let ended = outcome.reason.name();
            format!("request {}: {ended}{through}\n", tree.name(*request))
        }
    }
}
