//! The progress line on standard error, for whatever takes longer than half a second.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{HumanCount, ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::lab::{Event, Observer};

/// Whatever ends sooner needs no progress.
const PATIENCE: Duration = Duration::from_millis(500);

/// Without a terminal, a line is written as often as this.
const LINE_EVERY: Duration = Duration::from_secs(1);

/// Shows runs done, runs that lost updates, rate and time left.
#[derive(Debug)]
pub struct Progress {
    face: Face,
    expected: u64,
    runs: u64,
    runs_lost: u64,
    began: Instant,
    ascii: bool,
}

#[derive(Debug)]
enum Face {
    /// Nothing is shown.
    None,
    /// A bar that is redrawn; `None` until it is worth it.
    Bar(Option<ProgressBar>),

    /// Line after line, for logs.
    Lines(Instant),
}

/// When to show progress.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// On a terminal.
    Auto,
    /// Anywhere: without a terminal, as lines.
    Always,
    /// Not at all.
    Never,
}

impl Progress {
    /// Progress of so many runs that each should end with `expected`.
    pub fn new(runs: u64, expected: u64, wanted: Wanted, ascii: bool) -> Self {
        let terminal = std::io::stderr().is_terminal();
        let face = match wanted {
            Wanted::Auto | Wanted::Always if terminal => Face::Bar(None),
            Wanted::Always => Face::Lines(Instant::now()),
            Wanted::Auto | Wanted::Never => Face::None,
        };
        Self {
            face,
            expected,
            runs,
            runs_lost: 0,
            began: Instant::now(),
            ascii,
        }
    }

    /// Takes the progress line off the screen.
    pub fn clear(&self) {
        if let Face::Bar(Some(bar)) = &self.face {
            bar.finish_and_clear();
        }
    }

    fn show(&mut self, done: u64) {
        let lost = HumanCount(self.runs_lost);
        match &mut self.face {
            Face::None => {}
            Face::Bar(bar) => {
                if self.began.elapsed() < PATIENCE {
                    return;
                }
                let bar = bar.get_or_insert_with(|| {
                    ProgressBar::with_draw_target(Some(self.runs), ProgressDrawTarget::stderr())
                        .with_style(style(self.ascii))
                        .with_elapsed(self.began.elapsed())
                });
                bar.set_message(lost.to_string());
                bar.set_position(done);
                bar.tick();
            }
            Face::Lines(last) => {
                if last.elapsed() >= LINE_EVERY {
                    *last = Instant::now();
                    let (done, runs) = (HumanCount(done), HumanCount(self.runs));
                    eprintln(&format!("{done} of {runs} runs, {lost} lost updates"));
                }
            }
        }
    }
}

/// A line on standard error; nobody is there to be told if that fails.
fn eprintln(line: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}

fn style(ascii: bool) -> ProgressStyle {
    let template =
        "{wide_bar} {human_pos} of {human_len} runs, {msg} lost updates, {per_sec}, {eta} left";
    let style =
        ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    if ascii {
        style.progress_chars("#>.").tick_chars("-\\|/")
    } else {
        style
    }
}

impl Observer for Progress {
    fn observe(&mut self, event: Event<'_>) {
        let done = match event {
            Event::Runs(runs) => {
                let lost = runs
                    .actuals
                    .iter()
                    .filter(|&&actual| actual != self.expected);
                self.runs_lost += lost.count() as u64;
                runs.first - 1 + runs.actuals.len() as u64
            }
            Event::Waiting => match &self.face {
                Face::Bar(Some(bar)) => bar.position(),
                _ => 0,
            },
        };
        self.show(done);
    }
}
