//! Runs that are recorded, one after the other, until one is worth explaining.

use std::time::Instant;

use quanta::Clock;

use super::crew::{Chunk, Crew, Order};
use super::event::{Event, Observer, Runs};
use super::memory::{set_aside, suffices};
use super::runs::{Outcome, last_run, outcome, why_stopped};
use crate::error::Error;
use crate::plan::Plan;
use crate::strategy::{LOGGED, Shape, Tape, no_memory};
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
    /// When each increment was done, after the start line.
    pub times_ns: Vec<u64>,
    /// The first increment of a thread, each so-manieth after it and the last have looked at the
    /// clock; the times of those between are spread evenly.
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
) -> Result<(Option<Recorded>, Outcome), Error> {
    let clock = Clock::new();
    let mut tape = plan.strategy.recorder(plan.shape, &clock)?;
    let readers = plan.strategy.readers();
    suffices(plan.shape, LOGGED + TO_EXPLAIN)?;
    // Set aside now, for it would be too late when the runs are over: the threads of the crew take
    // whole regions of memory for themselves. Nobody writes to it, so it costs addresses alone.
    let room = set_aside(plan.shape.expected().saturating_mul(TO_EXPLAIN))
        .ok_or_else(|| no_memory(plan.shape))?;
    tape.make_logs()?;
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
    drop(room);
    let recorded = elapsed_ns.map(|elapsed_ns| read_out(&*tape, &crew, done, elapsed_ns));
    let stopped = why_stopped(plan, context, done, found);
    Ok((recorded, outcome(plan, &crew, &*tape, stopped)))
}

fn read_out(tape: &dyn Tape, crew: &Crew, run: u64, elapsed_ns: u64) -> Recorded {
    let recording = tape.recording();
    let increments = usize::try_from(recording.shape.increments()).unwrap_or(usize::MAX);
    let mut times_ns = Vec::with_capacity(recording.loaded.len());
    for ticks in &recording.ticks {
        let known: Vec<u64> = ticks.iter().map(|&tick| crew.since_start(tick)).collect();
        times_ns.extend(spread(&known, increments, recording.clock_every));
    }
    Recorded {
        run,
        elapsed_ns,
        shape: recording.shape,
        loaded: recording.loaded,
        times_ns,
        clock_every: recording.clock_every,
        last: recording.last,
    }
}

/// A time for each of so many increments, of which the first, each `every`th after it and the last
/// are known.
fn spread(known: &[u64], increments: usize, every: usize) -> impl Iterator<Item = u64> {
    (0..increments).map(move |place| {
        let (before, steps) = (place / every, place % every);
        // The last known time is that of the last increment.
        let apart = every.min(increments - 1 - before * every).max(1);
        let of = |place: usize| known.get(place).copied().unwrap_or(0);
        let (from, to) = if place + 1 == increments {
            (of(known.len() - 1), 0)
        } else {
            (of(before), of(before + 1))
        };
        from + to.saturating_sub(from) * steps as u64 / apart as u64
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_between_known_ones_are_spread_evenly() {
        let times =
            |known: &[u64], increments| -> Vec<u64> { spread(known, increments, 4).collect() };
        assert_eq!(times(&[7], 0), Vec::<u64>::new());
        assert_eq!(times(&[7, 8], 1), [8]);
        assert_eq!(times(&[10, 30], 3), [10, 20, 30]);
        assert_eq!(times(&[0, 40, 60], 7), [0, 10, 20, 30, 40, 50, 60]);
        assert_eq!(times(&[0, 40, 60], 5), [0, 10, 20, 30, 60]);
    }
}
