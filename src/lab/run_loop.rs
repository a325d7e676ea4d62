//! The limits of an experiment: whether there is another run, and if not, why.

use std::time::{Duration, Instant};

use crate::sync::{Context, ContextError};

/// Why an experiment made no further runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// All requested runs are done.
    Completed,
    /// The run that `--until` asks for has occurred.
    Found,
    /// The time for making runs is used up.
    Budget,
    /// The deadline of the context has passed.
    Timeout,
    /// The context was cancelled.
    Interrupted,
}

impl Stopped {
    /// Returns why work under this context ends early: the context is done, or else the time for
    /// the work is used up.
    pub fn by(context: &Context) -> Self {
        match context.err() {
            None => Self::Budget,
            Some(ContextError::DeadlineExceeded) => Self::Timeout,
            Some(ContextError::Canceled) => Self::Interrupted,
        }
    }
}

/// The progress of an experiment towards its limits.
#[derive(Debug)]
pub(super) struct RunLoop<'a> {
    runs: u64,
    budget: Option<Duration>,
    context: &'a Context,
    began: Instant,
    /// The number of completed runs.
    pub(super) completed: u64,
    /// Whether the run that the experiment is looking for has occurred.
    pub(super) found: bool,
}

impl<'a> RunLoop<'a> {
    /// Begins an experiment that ends after `runs` runs, when the budget is used up or when the
    /// context is done, whichever comes first.
    pub(super) fn new(runs: u64, budget: Option<Duration>, context: &'a Context) -> Self {
        Self {
            runs,
            budget,
            context,
            began: Instant::now(),
            completed: 0,
            found: false,
        }
    }

    /// Returns how many runs may still be made, or `None` if the experiment is over.
    ///
    /// However small the budget is, it allows one run.
    pub(super) fn remaining(&self) -> Option<u64> {
        let in_budget = || self.budget.is_none_or(|all| self.began.elapsed() < all);
        let goes_on = self.completed < self.runs
            && !self.found
            && !self.context.is_done()
            && (self.completed == 0 || in_budget());
        goes_on.then(|| self.runs - self.completed)
    }

    /// Returns why the experiment is over.
    pub(super) fn stopped(&self) -> Stopped {
        if self.found {
            Stopped::Found
        } else if self.completed == self.runs {
            Stopped::Completed
        } else {
            Stopped::by(self.context)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_experiment_ends_at_the_first_limit_it_reaches() {
        let background = Context::background();
        let (late, _canceler) = background.with_timeout(Duration::ZERO);
        let (canceled, canceler) = background.with_cancel();
        canceler.cancel();
        let (hour, no_time) = (Some(Duration::from_hours(1)), Some(Duration::ZERO));
        for (budget, context, completed, found, remaining, stopped) in [
            (hour, &background, 1, false, Some(2), Stopped::Budget),
            (hour, &background, 3, false, None, Stopped::Completed),
            (hour, &background, 3, true, None, Stopped::Found),
            (None, &background, 0, true, None, Stopped::Found),
            // One run is always in the budget.
            (no_time, &background, 0, false, Some(3), Stopped::Budget),
            (no_time, &background, 1, false, None, Stopped::Budget),
            (None, &late, 0, false, None, Stopped::Timeout),
            (hour, &canceled, 0, false, None, Stopped::Interrupted),
        ] {
            let mut run_loop = RunLoop::new(3, budget, context);
            (run_loop.completed, run_loop.found) = (completed, found);
            assert_eq!(run_loop.remaining(), remaining, "{run_loop:?}");
            assert_eq!(run_loop.stopped(), stopped, "{run_loop:?}");
        }
    }
}
