//! Runs that are recorded, one after the other, until one is worth explaining.

use std::time::Instant;

use quanta::Clock;

use super::crew::{Chunk, Crew, Needs, Order};
use super::event::{Event, Observer, Runs};
use super::memory::{set_aside, suffices};
use super::runs::{Outcome, last_run, outcome, why_stopped};
use crate::error::Error;
use crate::plan::Plan;
use crate::strategy::{LOG_BYTES, RecordingCounter, Shape, no_memory};
use crate::sync::Context;

/// So many bytes an increment are needed beside the log, at most, until a run is explained: its
/// words and times twice, the order of its stores, and who overwrote how many.
const TO_EXPLAIN: u64 = 72;

/// A run that was recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// The run's number, counted from 1.
    pub run: u64,
    /// From the start line until the last thread was done.
    pub elapsed_ns: u64,
    /// Threads and increments.
    pub shape: Shape,
    /// The words that the increments have loaded: first all of thread A, then all of B, ...
    pub loaded: Vec<u64>,
    /// For each thread, the nanoseconds from the start line until it was done with its first
    /// increment, with each [`clock_every`](Self::clock_every)th from there, and with its last.
    pub looks_ns: Vec<Vec<u64>>,
    /// Every so many increments a thread looks at the clock.
    pub clock_every: usize,
    /// The word at the end.
    pub last: u64,
}

/// Makes the runs of the plan until the one that it waits for, and gives the last that was made:
/// `None` where none was finished, or where it was cut short after others.
///
/// # Errors
///
/// [`Error::Usage`] where the strategy cannot be recorded, [`Error::Machine`] where the threads
/// cannot be started or the memory does not suffice.
pub fn record(
    plan: &Plan,
    context: &Context,
    observer: &mut dyn Observer,
    then: u64,
) -> Result<(Option<Recorded>, Outcome), Error> {
    let clock = Clock::new();
    let mut counter = plan.strategy.recorded(plan.shape, &clock)?;
    suffices(plan.shape, (LOG_BYTES + TO_EXPLAIN).max(then))?;
    // Set aside now, for it would be too late when the runs are over: the threads of the crew take
    // whole regions of memory for themselves. Nobody writes to it, so it costs addresses alone.
    let room = set_aside(plan.shape.expected().saturating_mul(TO_EXPLAIN))
        .ok_or_else(|| no_memory(plan.shape))?;
    counter.make_logs()?;
    let needs = Needs::of(&*plan.strategy, plan.shape);
    let crew = Crew::muster(needs, plan.start, plan.pinning)?;
    let chunk = Chunk::new(1, 1);
    let (mut actuals, mut meetings_ns) = (Vec::new(), Vec::new());
    let began = Instant::now();
    let in_budget = || plan.budget.is_none_or(|budget| began.elapsed() < budget);
    let (mut done, mut found, mut elapsed_ns) = (0, false, None);
    while done < plan.runs && !found && !context.is_done() && (done == 0 || in_budget()) {
        let order = Order {
            counters: &*counter,
            stride: 1,
            increments: plan.shape.increments(),
            runs: 1,
            context,
        };
        crew.execute(order, &chunk, || observer.observe(Event::Waiting));
        chunk.copy_to(&mut actuals, &mut meetings_ns);
        found = last_run(plan, &actuals).is_some();
        observer.observe(Event::Runs(Runs {
            first: done + 1,
            actuals: &actuals,
            meetings_ns: &meetings_ns,
            stride: 1,
        }));
        done += actuals.len() as u64;
        // A run that was cut short has written over the logs of the one before.
        elapsed_ns = meetings_ns.first().copied();
    }
    drop(room);
    let recorded = elapsed_ns.map(|elapsed_ns| read_out(&*counter, &crew, done, elapsed_ns));
    let stopped = why_stopped(plan, context, done, found);
    Ok((recorded, outcome(plan, &crew, &*counter, stopped)))
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
