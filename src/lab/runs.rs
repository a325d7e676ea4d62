//! An experiment from its first run to its last.

use super::chunk::Chunk;
use super::crew::{Assignment, Crew, Needs};
use super::event::Runs;
use super::machine::{allowed_cores, cpu_name};
use super::run_loop::{RunLoop, Stopped};
use crate::error::Error;
use crate::plan::{CountingPlan, StartLine, Until};
use crate::strategy::{Counters, ReaderStats};
use crate::sync::{Context, Observer};

/// Carries out plans: the [`Lab`], or a script that takes its place in tests.
pub trait Engine {
    /// Makes the runs of the plan, and notifies the observer of each chunk of them.
    ///
    /// # Errors
    ///
    /// [`Error::Machine`] if the threads cannot be started.
    fn carry_out(
        &self,
        plan: &CountingPlan,
        context: &Context,
        observer: &mut dyn Observer<Runs>,
    ) -> Result<CountingOutcome, Error>;
}

/// How an experiment ended, apart from the runs that the observer was notified of.
#[derive(Clone, Debug)]
pub struct CountingOutcome {
    /// The number of completed runs.
    pub runs: u64,
    /// Why there were no further runs.
    pub stopped: Stopped,
    /// What the readers observed; `None` without readers.
    pub readings: Option<ReaderStats>,
    /// The circumstances.
    pub setup: Setup,
}

/// The circumstances of an experiment on this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setup {
    /// The name of the processor, if the system reports it.
    pub cpu: Option<String>,
    /// The number of cores that the threads may use, if the system reports it.
    pub cores: Option<usize>,
    /// Whether every thread is pinned to its core.
    pub pinned: bool,
    /// The start line in use.
    pub start: StartLine,
    /// Runs that were repeated because their threads did not start together.
    pub repeated: u64,
}

impl Setup {
    /// Returns the circumstances of threads on this machine.
    pub fn of(pinned: bool, start: StartLine, repeated: u64) -> Self {
        Self {
            cpu: cpu_name(),
            cores: Some(allowed_cores().len()).filter(|&cores| cores > 0),
            pinned,
            start,
            repeated,
        }
    }
}

/// Real threads.
#[derive(Clone, Copy, Debug, Default)]
pub struct Lab;

impl Engine for Lab {
    fn carry_out(
        &self,
        plan: &CountingPlan,
        context: &Context,
        observer: &mut dyn Observer<Runs>,
    ) -> Result<CountingOutcome, Error> {
        let needs = Needs::of(&plan.strategy, plan.shape);
        let crew = Crew::spawn(needs, plan.start, plan.pinning, context)?;
        let most = crew.most_counters(plan.stride, plan.runs);
        // With more than one increment, a thread that has a line would be done with all its counters.
        let apart = plan.stride == 1 || plan.shape.increments() > 1;
        let counters = plan.strategy.counters(plan.shape, most, apart);
        let mut chunk = Chunk::new(plan.runs, plan.stride).with_counters(most);
        let outcome = make_runs(plan, context, &crew, &*counters, &mut chunk, observer);
        Ok(outcome)
    }
}

/// Makes the runs of the plan, chunk by chunk.
pub(super) fn make_runs(
    plan: &CountingPlan,
    context: &Context,
    crew: &Crew,
    counters: &dyn Counters,
    chunk: &mut Chunk,
    observer: &mut dyn Observer<Runs>,
) -> CountingOutcome {
    let mut run_loop = RunLoop::new(plan.runs, plan.budget, context);
    while let Some(remaining) = run_loop.remaining() {
        let assignment = Assignment {
            counters,
            increments: plan.shape.increments(),
            runs: remaining,
            context,
            repeats: true,
        };
        let runs = crew.execute(assignment, chunk, || observer.idle());
        runs.first = run_loop.completed + 1;
        if let Some(last) = last_run(plan, &runs.actuals) {
            run_loop.found = true;
            runs.truncate(last + 1);
        }
        observer.observe(runs);
        run_loop.completed += runs.count();
    }
    CountingOutcome {
        runs: run_loop.completed,
        stopped: run_loop.stopped(),
        readings: counters.reader_stats(),
        setup: Setup::of(crew.is_pinned(), plan.start, crew.repeated()),
    }
}

/// Returns the index of the first run with the total that `--until` asks for.
fn last_run(plan: &CountingPlan, actuals: &[u64]) -> Option<usize> {
    let expected = plan.shape.expected();
    let until = plan.until?;
    actuals
        .iter()
        .position(|&actual| (actual != expected) == (until == Until::Lost))
}
