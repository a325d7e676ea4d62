//! A line about work that goes on, on standard error: redrawn on a terminal, or written again now
//! and then where there is none.

use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use super::margin;
use super::screen::fitting;
use crate::plan::When;

/// Work that ends sooner needs no line.
const PATIENCE: Duration = Duration::from_millis(500);

/// How often the line is written where there is no terminal.
const LINE_EVERY: Duration = Duration::from_secs(1);

/// The line.
#[derive(Debug)]
pub(super) struct StatusLine {
    face: Face,
    began: Instant,
    /// The position at which the work is done, if it is known.
    length: Option<u64>,
    template: &'static str,
    ascii: bool,
}

#[derive(Debug)]
enum Face {
    /// Nothing is shown.
    None,
    /// A bar or a spinner that is redrawn; `None` while the work is young.
    Bar(Option<ProgressBar>),
    /// Line after line, for logs; the last was written at this time.
    Lines(Instant),
}

impl StatusLine {
    /// Returns the line of work that begins now.
    pub(super) fn new(
        when: When,
        length: Option<u64>,
        template: &'static str,
        ascii: bool,
    ) -> Self {
        let began = Instant::now();
        let face = match when {
            When::Auto | When::Always if io::stderr().is_terminal() => Face::Bar(None),
            When::Always => Face::Lines(began),
            When::Auto | When::Never => Face::None,
        };
        Self {
            face,
            began,
            length,
            template,
            ascii,
        }
    }

    /// Returns the time since the work began.
    pub(super) fn elapsed(&self) -> Duration {
        self.began.elapsed()
    }

    /// Shows the line, if it is time. Its parts, the most important first, may depend on the bar,
    /// if there is one; the last are left out if there is no room for them.
    pub(super) fn show(
        &mut self,
        position: u64,
        parts: impl FnOnce(Option<&ProgressBar>) -> Vec<String>,
    ) {
        let elapsed = self.elapsed();
        match &mut self.face {
            Face::Bar(bar) if elapsed >= PATIENCE => {
                let bar = bar.get_or_insert_with(|| {
                    ProgressBar::with_draw_target(self.length, margin::stderr())
                        .with_style(style(self.template, self.ascii))
                        .with_elapsed(elapsed)
                });
                bar.set_message(fitting(&parts(Some(bar)), margin::room()));
                bar.set_position(position);
                bar.tick();
            }
            Face::Lines(last) if last.elapsed() >= LINE_EVERY => {
                *last = Instant::now();
                // A failure has no one to be reported to.
                let _ = writeln!(io::stderr(), "{}", parts(None).join(", "));
            }
            Face::None | Face::Bar(_) | Face::Lines(_) => {}
        }
    }

    /// Removes the line from the screen.
    pub(super) fn clear(&self) {
        if let Face::Bar(Some(bar)) = &self.face {
            bar.finish_and_clear();
        }
    }
}

/// Returns the style of a bar or a spinner, in Unicode or in ASCII.
pub(super) fn style(template: &str, ascii: bool) -> ProgressStyle {
    let style =
        ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    if ascii {
        style.progress_chars("#>.").tick_chars("-\\|/")
    } else {
        style
    }
}
