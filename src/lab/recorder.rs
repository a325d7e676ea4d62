//! Recorded runs, one after the other, until one is worth explaining.
//!
//! Before the first run it is certain that there is memory for the logs and for explaining them.

use super::chunk::Chunk;
use super::crew::{Crew, Needs};
use super::event::Runs;
use super::memory::{set_aside, suffices};
use super::runs::{CountingOutcome, make_runs};
use crate::error::Error;
use crate::plan::CountingPlan;
use crate::strategy::{LOG_BYTES, Shape, no_memory};
use crate::sync::{Context, Observer};

/// The most bytes per increment that explaining a run takes in addition to its log: its words and
/// times twice, the order of its stores, and the increments that each store overwrote.
const TO_EXPLAIN: u64 = 72;

/// A recorded run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// The run's number, counted from 1.
    pub run: u64,
    /// Nanoseconds from the start line until the last thread was done.
    pub elapsed_ns: u64,
    /// Threads and increments.
    pub shape: Shape,
    /// The words that the increments loaded: first all of thread A, then all of B, ...
    pub loaded: Vec<u64>,
    /// For each thread, its clock readings in nanoseconds from the start line: after its first increment,
    /// after every [`clock_every`](Self::clock_every)-th increment from there, and after its last.
    pub looks_ns: Vec<Vec<u64>>,
    /// The number of increments from one clock reading to the next.
    pub clock_every: usize,
    /// The final word.
    pub last: u64,
}

/// Makes the runs of the plan, and returns the recording of the last one: `None` if no run was
/// finished, or if the last one was cut short. `then` is the number of bytes per increment that the
/// caller needs afterwards.
///
/// # Errors
///
/// [`Error::Usage`] if the strategy cannot be recorded, [`Error::Machine`] if the threads cannot be
/// started or there is not enough memory.
pub fn record(
    plan: &CountingPlan,
    context: &Context,
    observer: &mut dyn Observer<Runs>,
    then: u64,
) -> Result<(Option<Recorded>, CountingOutcome), Error> {
    let mut counter = plan.strategy.recorded(plan.shape)?;
    suffices(plan.shape, (LOG_BYTES + TO_EXPLAIN).max(then))?;
    // Reserved now, because it would be too late after the runs: the threads of the crew take whole
    // regions of memory for themselves. It is never written to, so it costs only addresses.
    let room = set_aside(plan.shape.expected().saturating_mul(TO_EXPLAIN))
        .ok_or_else(|| no_memory(plan.shape))?;
    counter.make_logs()?;
    let needs = Needs::of(&plan.strategy, plan.shape);
    let crew = Crew::spawn(needs, plan.start, plan.pinning, context)?;
    let mut chunk = Chunk::new(1, 1);
    let outcome = make_runs(plan, context, &crew, &*counter, &mut chunk, observer);
    drop(room);
    // A run that was cut short is missing here, and has overwritten the logs of the run before it.
    let last = chunk.finished().meetings_ns.first();
    let recorded = last.map(|&elapsed_ns| {
        let recording = counter.recording();
        let looks = |ticks: Vec<u64>| ticks.into_iter().map(|tick| crew.since_start(tick));
        Recorded {
            run: outcome.runs,
            elapsed_ns,
            shape: recording.shape,
            loaded: recording.loaded,
            looks_ns: recording
                .ticks
                .into_iter()
                .map(|ticks| looks(ticks).collect())
                .collect(),
            clock_every: recording.clock_every,
            last: recording.last,
        }
    });
    Ok((recorded, outcome))
}
