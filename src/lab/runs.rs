//! An experiment from its first run to its last.

use std::time::Instant;

use super::crew::{Chunk, Crew, Needs, Order};
use super::event::{Event, Observer, Runs};
use crate::error::Error;
use crate::plan::{Plan, StartLine, Until};
use crate::strategy::{Counters, ReaderStats};
use crate::sync::{Context, ContextError};

/// Whatever can carry out a plan: the [`Lab`], or a script in its place.
pub trait Engine {
    /// Makes the runs of the plan, and tells the observer of them as they are known.
    ///
    /// # Errors
    ///
    /// [`Error::Machine`] where the threads cannot be started.
    fn carry_out(
        &self,
        plan: &Plan,
        context: &Context,
        observer: &mut dyn Observer,
    ) -> Result<Outcome, Error>;
}

/// How an experiment ended, beyond the runs that the observer has seen.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Why there were no further runs.
    pub stopped: Stopped,
    /// What the readers have seen, where there were any.
    pub readings: Option<ReaderStats>,
    /// The circumstances.
    pub setup: Setup,
}

/// Why an experiment made no further runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// All runs asked for are done.
    Completed,
    /// The run that was waited for has come.
    Found,
    /// The time for making runs is used up.
    Budget,
    /// The context's deadline has passed.
    Timeout,
    /// The context was cancelled.
    Interrupted,
}

impl Stopped {
    /// Why runs under this context end before all are done: it has ended, or there was only so much
    /// time for them.
    pub fn by(context: &Context) -> Self {
        match context.err() {
            None => Self::Budget,
            Some(ContextError::DeadlineExceeded) => Self::Timeout,
            Some(ContextError::Canceled) => Self::Interrupted,
        }
    }
}

/// The circumstances of an experiment on this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setup {
    /// The processor's name, where the system tells it.
    pub cpu: Option<String>,
    /// Cores the threads may use; `None` where the system does not say.
    pub cores: Option<usize>,
    /// Whether every thread is pinned to its core.
    pub pinned: bool,
    /// The start line in use.
    pub start: StartLine,
}

impl Setup {
    /// That of this crew.
    pub(super) fn of(crew: &Crew, start: StartLine) -> Self {
        Self {
            cpu: cpu_name(),
            cores: crew.cores(),
            pinned: crew.is_pinned(),
            start,
        }
    }
}

/// Real threads.
#[derive(Clone, Copy, Debug, Default)]
pub struct Lab;

impl Engine for Lab {
    fn carry_out(
        &self,
        plan: &Plan,
        context: &Context,
        observer: &mut dyn Observer,
    ) -> Result<Outcome, Error> {
        let needs = Needs::of(&*plan.strategy, plan.shape);
        let crew = Crew::muster(needs, plan.start, plan.pinning)?;
        let counters = plan.strategy.counters(plan.shape, plan.stride);
        let chunk = Chunk::new(plan.runs, plan.stride);
        let (mut actuals, mut meetings_ns) = (Vec::new(), Vec::new());
        let began = Instant::now();
        let in_budget = || plan.budget.is_none_or(|budget| began.elapsed() < budget);
        let (mut done, mut found) = (0, false);
        while done < plan.runs && !found && !context.is_done() && (done == 0 || in_budget()) {
            let order = Order {
                counters: &*counters,
                stride: plan.stride,
                increments: plan.shape.increments(),
                runs: plan.runs - done,
                context,
            };
            crew.execute(order, &chunk, || observer.observe(Event::Waiting));
            chunk.copy_to(&mut actuals, &mut meetings_ns);
            if let Some(last) = last_run(plan, &actuals) {
                found = true;
                actuals.truncate(last + 1);
                meetings_ns.truncate(last / plan.stride + 1);
            }
            observer.observe(Event::Runs(Runs {
                first: done + 1,
                actuals: &actuals,
                meetings_ns: &meetings_ns,
                stride: plan.stride,
            }));
            done += actuals.len() as u64;
        }
        let stopped = why_stopped(plan, context, done, found);
        Ok(outcome(plan, &crew, &*counters, stopped))
    }
}

/// Why there were no runs after the first `done`.
pub(super) fn why_stopped(plan: &Plan, context: &Context, done: u64, found: bool) -> Stopped {
    if found {
        Stopped::Found
    } else if done == plan.runs {
        Stopped::Completed
    } else {
        Stopped::by(context)
    }
}

/// What there is to say of an experiment that has ended.
pub(super) fn outcome(
    plan: &Plan,
    crew: &Crew,
    counters: &dyn Counters,
    stopped: Stopped,
) -> Outcome {
    Outcome {
        stopped,
        readings: counters.reader_stats(),
        setup: Setup::of(crew, plan.start),
    }
}

/// The place of the run that is to be the last, where it is among these.
pub(super) fn last_run(plan: &Plan, actuals: &[u64]) -> Option<usize> {
    let expected = plan.shape.expected();
    let wanted = |actual: u64| match plan.until {
        None => false,
        Some(Until::Lost) => actual != expected,
        Some(Until::Correct) => actual == expected,
    };
    actuals.iter().position(|&actual| wanted(actual))
}

/// The processor's name, as Linux tells it.
pub(super) fn cpu_name() -> Option<String> {
    let info = std::fs::read_to_string("/proc/cpuinfo").ok()?;
    let line = info.lines().find(|line| line.starts_with("model name"))?;
    Some(line.split_once(':')?.1.trim().to_string())
}
