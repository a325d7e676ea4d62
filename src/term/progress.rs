//! The progress of runs, on standard error: shown if they take longer than half a second.

use std::time::Duration;

use indicatif::{HumanCount, HumanDuration};

use super::status::StatusLine;
use crate::plan::When;
use crate::sync::Observer;

/// Shows the number of completed runs, of those that lost updates, the rate and the time left.
#[derive(Debug)]
pub struct ProgressLine {
    line: StatusLine,
    goal: ProgressGoal,
    runs: u64,
    runs_lost: u64,
    /// What is said of one such run, and of any other number.
    lost: [&'static str; 2],
    /// What else is said of them, the most important first; may be empty.
    details: Vec<String>,
}

/// The end of the work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProgressGoal {
    /// After this number of runs.
    Runs(u64),
    /// After this time.
    Time(Duration),
}

impl ProgressLine {
    /// Returns a line for the progress towards the goal.
    pub fn new(goal: ProgressGoal, when: When, ascii: bool) -> Self {
        let length = match goal {
            ProgressGoal::Runs(all) => all,
            ProgressGoal::Time(all) => milliseconds(all),
        };
        Self {
            line: StatusLine::new(when, Some(length), "{wide_bar} {msg}", ascii),
            goal,
            runs: 0,
            runs_lost: 0,
            lost: ["lost updates"; 2],
            details: Vec::new(),
        }
    }

    /// Replaces what is said of a run that does not end as it should, and of several: "lost updates".
    #[must_use]
    pub fn counting(self, one: &'static str, several: &'static str) -> Self {
        let lost = [one, several];
        Self { lost, ..self }
    }

    /// Notes another run, whether it is one of those that are counted, and what there is to say of them.
    /// Then shows the line, if it is time.
    pub fn advance(&mut self, is_counted: bool, details: impl Iterator<Item = String>) {
        self.runs += 1;
        self.runs_lost += u64::from(is_counted);
        self.details.clear();
        self.details.extend(details);
        self.show();
    }

    /// Returns an observer that advances the line. For each event, `count` returns the number of runs
    /// that it reports, and of those that did not end as they should.
    pub fn observer<E, F>(&mut self, count: F) -> ProgressObserver<'_, F>
    where
        F: FnMut(&E) -> (u64, u64),
    {
        ProgressObserver { line: self, count }
    }

    /// Removes the line from the screen.
    pub fn clear(&self) {
        self.line.clear();
    }

    /// Shows the line, if it is time.
    pub fn show(&mut self) {
        let elapsed = self.line.elapsed();
        let position = match self.goal {
            ProgressGoal::Runs(_) => self.runs,
            ProgressGoal::Time(all) => milliseconds(elapsed.min(all)),
        };
        self.line.show(position, |bar| {
            let done = match self.goal {
                ProgressGoal::Runs(all) => {
                    format!("{} of {}", HumanCount(self.runs), in_words(all))
                }
                ProgressGoal::Time(_) => in_words(self.runs),
            };
            let [one, several] = self.lost;
            let lost = if self.runs_lost == 1 { one } else { several };
            let lost = format!("{} {lost}", HumanCount(self.runs_lost));
            let mut parts = match self.details.split_first() {
                None => vec![done, lost],
                Some((first, others)) => [&[done, format!("{lost}: {first}")], others].concat(),
            };
            if let Some(bar) = bar {
                parts.push(format!("{}/s", HumanCount(rate(self.runs, elapsed))));
                let left = match self.goal {
                    ProgressGoal::Time(all) => Some(all.saturating_sub(elapsed)),
                    // The time left is unknown until a run is done.
                    ProgressGoal::Runs(_) => (position > 0).then(|| bar.eta()),
                };
                parts.extend(left.map(|left| format!("{:#} left", HumanDuration(left))));
            }
            parts
        });
    }
}

fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// Returns a number of runs in words.
fn in_words(runs: u64) -> String {
    let noun = if runs == 1 { "run" } else { "runs" };
    format!("{} {noun}", HumanCount(runs))
}

/// Returns the number of runs per second.
fn rate(runs: u64, elapsed: Duration) -> u64 {
    let nanoseconds = elapsed.as_nanos().max(1);
    u64::try_from(u128::from(runs) * 1_000_000_000 / nanoseconds).unwrap_or(u64::MAX)
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
        self.line.runs += runs;
        self.line.runs_lost += lost;
        self.line.show();
    }

    fn idle(&mut self) {
        self.line.show();
    }
}
