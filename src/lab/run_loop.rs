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
    completed: u64,
    found: bool,
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

    /// Returns the number of the next run; the first run is 1.
    pub(super) fn next_number(&self) -> u64 {
        self.completed + 1
    }

    /// Counts runs as completed.
    pub(super) fn complete(&mut self, runs: u64) {
        self.completed += runs;
    }

    /// Ends the experiment, because the run that it was looking for has occurred.
    pub(super) fn find(&mut self) {
        self.found = true;
    }

    /// Returns the number of completed runs.
    pub(super) fn completed(&self) -> u64 {
        self.completed
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
        let context = Context::background();
        let hour = Some(Duration::from_hours(1));
        let mut limits = RunLoop::new(3, hour, &context);
        limits.complete(1);
        assert_eq!((limits.next_number(), limits.remaining()), (2, Some(2)));
        limits.complete(2);
        assert_eq!(limits.remaining(), None);
        assert_eq!(limits.stopped(), Stopped::Completed);

        limits.find();
        assert_eq!(limits.stopped(), Stopped::Found);
        let mut limits = RunLoop::new(3, None, &context);
        limits.find();
        assert_eq!(limits.remaining(), None);

        // One run is always in the budget.
        let mut limits = RunLoop::new(3, Some(Duration::ZERO), &context);
        assert_eq!(limits.remaining(), Some(3));
        limits.complete(1);
        assert_eq!(limits.remaining(), None);
        assert_eq!(limits.stopped(), Stopped::Budget);

        let (late, _canceler) = context.with_timeout(Duration::ZERO);
        let limits = RunLoop::new(3, None, &late);
        assert_eq!(limits.remaining(), None);
        assert_eq!(limits.stopped(), Stopped::Timeout);

        let (canceled, canceler) = context.with_cancel();
        let limits = RunLoop::new(3, hour, &canceled);
        canceler.cancel();
        assert_eq!(limits.remaining(), None);
        assert_eq!(limits.stopped(), Stopped::Interrupted);
    }
}
