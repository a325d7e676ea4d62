//! The progress line on standard error, for runs that take longer than half a second.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{HumanCount, HumanDuration, ProgressBar, ProgressStyle};

use super::margin;
use super::screen::fitting;
use crate::plan::When;
use crate::sync::Observer;

/// Work that ends sooner needs no progress line.
const PATIENCE: Duration = Duration::from_millis(500);

/// How often a line is written where there is no terminal.
const LINE_EVERY: Duration = Duration::from_secs(1);

/// Shows the number of completed runs, of those that lost updates, the rate and the time left.
#[derive(Debug)]
pub struct ProgressLine {
    face: Face,
    goal: Goal,
    runs: u64,
    runs_lost: u64,
    /// What those runs did.
    lost: &'static str,
    began: Instant,
    ascii: bool,
}

#[derive(Debug)]
enum Face {
    /// Nothing is shown.
    None,
    /// A bar that is redrawn; `None` while the work is young.
    Bar(Option<ProgressBar>),
    /// Line after line, for logs.
    Lines(Instant),
}

/// The end of the work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goal {
    /// After this number of runs.
    Runs(u64),
    /// After this time.
    Time(Duration),
}

impl ProgressLine {
    /// Makes a line for the progress towards the goal.
    pub fn new(goal: Goal, when: When, ascii: bool) -> Self {
        let terminal = std::io::stderr().is_terminal();
        let face = match when {
            When::Auto | When::Always if terminal => Face::Bar(None),
            When::Always => Face::Lines(Instant::now()),
            When::Auto | When::Never => Face::None,
        };
        Self {
            face,
            goal,
            runs: 0,
            runs_lost: 0,
            lost: "lost updates",
            began: Instant::now(),
            ascii,
        }
    }

    /// Replaces what is said of runs that do not end as they should: "lost updates".
    #[must_use]
    pub fn counting(self, lost: &'static str) -> Self {
        Self { lost, ..self }
    }

    /// Returns an observer that advances the line. For each event, `count` returns the number of runs
    /// that it reports, and of those that did not end as they should.
    pub fn observer<E, F>(&mut self, count: F) -> ProgressObserver<'_, F>
    where
        F: FnMut(&E) -> (u64, u64),
    {
        ProgressObserver { line: self, count }
    }

    fn advance(&mut self, runs: u64, runs_lost: u64) {
        self.runs += runs;
        self.runs_lost += runs_lost;
        self.show();
    }

    /// Removes the line from the screen.
    pub fn clear(&self) {
        if let Face::Bar(Some(bar)) = &self.face {
            bar.finish_and_clear();
        }
    }

    /// Shows the line, if it is time.
    pub fn show(&mut self) {
        let lost = format!("{} {}", HumanCount(self.runs_lost), self.lost);
        let elapsed = self.began.elapsed();
        let milliseconds = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        let (position, length, runs) = match self.goal {
            Goal::Runs(all) => (
                self.runs,
                all,
                format!("{} of {}", HumanCount(self.runs), runs(all)),
            ),
            Goal::Time(all) => (
                milliseconds(elapsed.min(all)),
                milliseconds(all),
                runs(self.runs),
            ),
        };
        match &mut self.face {
            Face::None => {}
            Face::Bar(bar) => {
                if elapsed < PATIENCE {
                    return;
                }
                let bar = bar.get_or_insert_with(|| {
                    ProgressBar::with_draw_target(Some(length), margin::stderr())
                        .with_style(style(self.ascii))
                        .with_elapsed(elapsed)
                });
                let rate = HumanCount(rate(self.runs, elapsed));
                let left = match self.goal {
                    Goal::Time(all) => Some(all.saturating_sub(elapsed)),
                    // The time left is unknown until a run is done.
                    Goal::Runs(_) => (position > 0).then(|| bar.eta()),
                };
                let mut parts = vec![runs, lost, format!("{rate}/s")];
                parts.extend(left.map(|left| format!("{:#} left", HumanDuration(left))));
                bar.set_message(fitting(&parts, margin::room()));
                bar.set_position(position);
                bar.tick();
            }
            Face::Lines(last) => {
                if last.elapsed() >= LINE_EVERY {
                    *last = Instant::now();
                    write_line(&format!("{runs}, {lost}"));
                }
            }
        }
    }
}

/// Writes a line to standard error. A failure has no one to be reported to.
fn write_line(line: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}

/// Returns a number of runs in words.
fn runs(count: u64) -> String {
    let noun = if count == 1 { "run" } else { "runs" };
    format!("{} {noun}", HumanCount(count))
}

/// Returns the number of runs per second.
fn rate(runs: u64, elapsed: Duration) -> u64 {
    let nanoseconds = elapsed.as_nanos().max(1);
    u64::try_from(u128::from(runs) * 1_000_000_000 / nanoseconds).unwrap_or(u64::MAX)
}

fn style(ascii: bool) -> ProgressStyle {
    let template = "{wide_bar} {msg}";
    let style =
        ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    if ascii {
        style.progress_chars("#>.").tick_chars("-\\|/")
    } else {
        style
    }
}

/// An observer that shows progress.
#[derive(Debug)]
pub struct ProgressObserver<'a, F> {
    line: &'a mut ProgressLine,
    count: F,
}

impl<E, F: FnMut(&E) -> (u64, u64)> Observer<E> for ProgressObserver<'_, F> {
    fn observe(&mut self, event: &E) {
        let (runs, lost) = (self.count)(event);
        self.line.advance(runs, lost);
    }

    fn idle(&mut self) {
        self.line.show();
    }
}
