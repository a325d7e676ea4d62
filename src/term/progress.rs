//! The progress line on standard error, for whatever takes longer than half a second.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{HumanCount, HumanDuration, ProgressBar, ProgressStyle};

use super::margin;
use super::screen::fitting;
use crate::lab::{Event, Observer};
use crate::plan::When;

/// Whatever ends sooner needs no progress.
const PATIENCE: Duration = Duration::from_millis(500);

/// Without a terminal, a line is written as often as this.
const LINE_EVERY: Duration = Duration::from_secs(1);

/// Shows runs done, runs that lost updates, rate and time left.
#[derive(Debug)]
pub struct Progress {
    face: Face,
    expected: u64,
    goal: Goal,
    runs: u64,
    runs_lost: u64,
    /// What those have done.
    lost: &'static str,
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

/// When the work will be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goal {
    /// After so many runs.
    Runs(u64),
    /// After so long.
    Time(Duration),
}

impl Progress {
    /// Progress towards the goal, in runs that each should end with `expected`. `Always` shows it
    /// without a terminal too, as lines.
    pub fn new(goal: Goal, expected: u64, when: When, ascii: bool) -> Self {
        let terminal = std::io::stderr().is_terminal();
        let face = match when {
            When::Auto | When::Always if terminal => Face::Bar(None),
            When::Always => Face::Lines(Instant::now()),
            When::Auto | When::Never => Face::None,
        };
        Self {
            face,
            expected,
            goal,
            runs: 0,
            runs_lost: 0,
            lost: "lost updates",
            began: Instant::now(),
            ascii,
        }
    }

    /// The same, where runs that do not end as they should have done this instead of losing updates.
    #[must_use]
    pub fn counting(self, lost: &'static str) -> Self {
        Self { lost, ..self }
    }

    /// Notes that so many more runs are done, of which so many did not end as they should.
    pub fn advance(&mut self, runs: u64, runs_lost: u64) {
        self.runs += runs;
        self.runs_lost += runs_lost;
        self.show();
    }

    /// Takes the progress line off the screen.
    pub fn clear(&self) {
        if let Face::Bar(Some(bar)) = &self.face {
            bar.finish_and_clear();
        }
    }

    fn show(&mut self) {
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
                    // How long it takes is unknown until something is done.
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

/// A line on standard error; nobody is there to be told if that fails.
fn write_line(line: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}

/// So many runs, in words.
fn runs(count: u64) -> String {
    let noun = if count == 1 { "run" } else { "runs" };
    format!("{} {noun}", HumanCount(count))
}

/// Runs in a second.
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

impl Observer for Progress {
    fn observe(&mut self, event: Event<'_>) {
        let Event::Runs(runs) = event else {
            self.advance(0, 0);
            return;
        };
        let lost = runs
            .actuals
            .iter()
            .filter(|&&actual| actual != self.expected);
        self.advance(runs.actuals.len() as u64, lost.count() as u64);
    }
}
