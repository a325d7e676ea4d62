//! Requests as they go, on standard error: bars on a terminal, lines elsewhere.

use std::io::{self, Write};

use indicatif::{MultiProgress, ProgressBar};

use super::live::{LiveState, Standing, View};
use super::margin;
use super::status::style;

/// Standard error, where the state of requests is shown.
#[derive(Debug)]
pub struct LiveDisplay {
    ascii: bool,
    /// The size of the terminal when the bars were drawn.
    size: (usize, usize),
    all: MultiProgress,
    drawn: Vec<ProgressBar>,
}

impl LiveDisplay {
    /// Returns a display that shows nothing yet, in Unicode or in ASCII.
    pub fn new(ascii: bool) -> Self {
        Self {
            ascii,
            size: margin::size(),
            all: MultiProgress::with_draw_target(margin::stderr()),
            drawn: Vec::new(),
        }
    }

    /// Shows the state. A failure has no one to be reported to.
    pub fn show(&mut self, state: LiveState) {
        match state.0 {
            View::Bars(standing) => self.draw(&standing),
            View::Lines(lines) => drop(io::stderr().write_all(lines.into_text().as_bytes())),
        }
    }

    /// Whether there are bars that were drawn for a terminal of another size.
    pub fn is_resized(&self) -> bool {
        !self.drawn.is_empty() && self.size != margin::size()
    }

    /// Removes the bars from the screen.
    pub fn clear(&self) {
        if !self.drawn.is_empty() {
            // A failure has no one to be reported to.
            let _ = self.all.clear();
        }
    }

    fn draw(&mut self, standing: &Standing) {
        self.size = margin::size();
        let bars = standing.bars(self.size);
        if self.drawn.len() != bars.len() {
            self.clear();
            for bar in self.drawn.drain(..) {
                self.all.remove(&bar);
            }
            let style = style("{prefix}{wide_bar} {msg}", self.ascii);
            let fresh = || self.all.add(ProgressBar::new(1).with_style(style.clone()));
            self.drawn.extend(bars.iter().map(|_| fresh()));
        }
        for (drawn, bar) in self.drawn.iter().zip(bars) {
            drawn.set_prefix(bar.prefix);
            drawn.set_length(bar.length);
            drawn.set_position(bar.position);
            drawn.set_message(bar.message);
        }
        // The terminal leaves out drawings that follow the one before too soon.
        if let Some(bar) = self.drawn.last() {
            bar.force_draw();
        }
    }
}
