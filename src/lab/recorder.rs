//! Recorded runs, one after the other, until one is worth explaining.

use quanta::Clock;

use super::crew::{Chunk, Crew, Needs};
use super::event::Runs;
use super::memory::{set_aside, suffices};
use super::runs::{CountingOutcome, make_runs};
use crate::error::Error;
use crate::plan::Plan;
use crate::strategy::{LOG_BYTES, RecordingCounter, Shape, no_memory};
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
    /// For each thread, the nanoseconds from the start line to the end of its first increment, of
    /// every [`clock_every`](Self::clock_every)-th increment from there, and of its last.
    pub looks_ns: Vec<Vec<u64>>,
    /// The number of increments from one look at the clock to the next.
    pub clock_every: usize,
    /// The word at the end.
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
    plan: &Plan,
    context: &Context,
    observer: &mut dyn Observer<Runs>,
    then: u64,
) -> Result<(Option<Recorded>, CountingOutcome), Error> {
    let clock = Clock::new();
    let mut counter = plan.strategy.recorded(plan.shape, &clock)?;
    suffices(plan.shape, (LOG_BYTES + TO_EXPLAIN).max(then))?;
    // Reserved now, because it would be too late after the runs: the threads of the crew take whole
    // regions of memory for themselves. It is never written to, so it costs only addresses.
    let room = set_aside(plan.shape.expected().saturating_mul(TO_EXPLAIN))
        .ok_or_else(|| no_memory(plan.shape))?;
    counter.make_logs()?;
    let needs = Needs::of(&*plan.strategy, plan.shape);
    let crew = Crew::spawn(needs, plan.start, plan.pinning)?;
    let mut last = LastTime(None);
    let chunk = Chunk::new(1, 1);
    let outcome = make_runs(
        plan,
        context,
        &crew,
        &*counter,
        &chunk,
        &mut (&mut last, observer),
    );
    drop(room);
    let recorded = last
        .0
        .map(|elapsed_ns| read_out(&*counter, &crew, outcome.runs, elapsed_ns));
    Ok((recorded, outcome))
}

/// How long the last run took; `None` if it was cut short, for it has then overwritten the logs of
/// the run before it.
struct LastTime(Option<u64>);

impl Observer<Runs> for LastTime {
    fn observe(&mut self, runs: &Runs) {
        self.0 = runs.meetings_ns.first().copied();
    }
}

fn read_out(counter: &dyn RecordingCounter, crew: &Crew, run: u64, elapsed_ns: u64) -> Recorded {
    let recording = counter.recording();
    let looks = recording.ticks.iter().map(|ticks| {
        let looks = ticks.iter().map(|&tick| crew.since_start(tick));
        looks.collect()
    });
    Recorded {
        run,
        elapsed_ns,
        shape: recording.shape,
        loaded: recording.loaded,
        looks_ns: looks.collect(),
        clock_every: recording.clock_every,
        last: recording.last,
    }
}
