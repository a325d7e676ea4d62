//! Runs that are recorded, one after the other, until one is worth explaining.

use std::time::Instant;

use quanta::Clock;

use super::crew::{Chunk, Crew, Order};
use super::event::{Event, Observer, Runs};
use super::runs::{Outcome, last_run, outcome, why_stopped};
use crate::error::Error;
use crate::plan::Plan;
use crate::strategy::{Recording, Tape};
use crate::sync::Context;

/// A run that was recorded, its times in nanoseconds from the start line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// The run's number, counted from 1.
    pub run: u64,
    /// From the start line until the last thread was done.
    pub elapsed_ns: u64,
    /// What each increment has loaded. Its ticks are nanoseconds.
    pub recording: Recording,
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
) -> Result<(Option<Recorded>, Outcome), Error> {
    let clock = Clock::new();
    let tape = plan.strategy.recorder(plan.shape, &clock)?;
    let readers = plan.strategy.readers();
    let crew = Crew::muster(plan.shape.threads(), readers, plan.start, plan.pinning)?;
    let chunk = Chunk::new(1, 1);
    let (mut actuals, mut meetings_ns) = (Vec::new(), Vec::new());
    let began = Instant::now();
    let in_budget = || plan.budget.is_none_or(|budget| began.elapsed() < budget);
    let (mut done, mut found, mut elapsed_ns) = (0, false, None);
    while done < plan.runs && !found && !context.is_done() && (done == 0 || in_budget()) {
        let order = Order {
            counters: &*tape,
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
    let recorded = elapsed_ns.map(|elapsed_ns| Recorded {
        run: done,
        elapsed_ns,
        recording: since_start(&*tape, &crew),
    });
    let stopped = why_stopped(plan, context, done, found);
    Ok((recorded, outcome(plan, &crew, &*tape, stopped)))
}

/// The recording, with nanoseconds since the start for its ticks.
fn since_start(tape: &dyn Tape, crew: &Crew) -> Recording {
    let mut recording = tape.recording();
    for tick in recording.ticks.iter_mut().flatten() {
        *tick = crew.since_start(*tick);
    }
    recording
}
