//! Forces a schedule: its moves are tried in the model, and then made on real threads.

use std::panic::resume_unwind;
use std::thread;
use std::time::{Duration, Instant};

use super::work;
use crate::error::Error;
use crate::lab::{self, Crew, Needs};
use crate::model::{Completion, Ending, Move, OnStep, Schedule, ScheduleRun, Scheduler, System};
use crate::plan::{Pinning, StartLine};
use crate::sync::{Context, ContextError};

/// How long threads may take to do what was played.
const MOST_FORCING: Duration = Duration::from_secs(10);

/// How many moves the model makes between two looks at the context.
const LOOK_AFTER: usize = 1 << 12;

/// How often the keyboard is looked at meanwhile.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// Forces a schedule that was played, as far as it goes, and asks now and then whether to `go_on`.
/// Returns how it ended, or how it would have ended if the threads had been done; or why there is no
/// such end.
pub(super) fn force(
    system: &System,
    schedule: &Schedule,
    go_on: &mut dyn FnMut() -> bool,
) -> Result<Ending, String> {
    let (context, canceler) = work::limited(&Context::background(), MOST_FORCING)?;
    let began = Instant::now();
    let caller = thread::current();
    let found = thread::scope(|scope| {
        let context = &context;
        let work = move || {
            let found = forced(system, schedule, context).map_err(|error| error.to_string());
            caller.unpark();
            found
        };
        let worker = thread::Builder::new().name("force".into());
        let worker = worker.spawn_scoped(scope, work);
        let worker = worker.map_err(|error| error.to_string())?;
        while !worker.is_finished() {
            if !go_on() {
                canceler.cancel();
            }
            thread::park_timeout(LOOK_EVERY);
        }
        worker.join().unwrap_or_else(|panic| resume_unwind(panic))
    });
    found?.ok_or_else(|| {
        if context.err() == Some(ContextError::DeadlineExceeded) {
            let seconds = MOST_FORCING.as_secs();
            return format!("The threads were stopped after {seconds} seconds.");
        }
        let seconds = began.elapsed().as_secs_f64();
        format!("The threads were stopped after {seconds:.1} seconds.")
    })
}

fn forced(
    system: &System,
    schedule: &Schedule,
    context: &Context,
) -> Result<Option<Ending>, Error> {
    let segments = schedule.segments();
    let mut plan = ScheduleRun::new(system, segments.iter(), Completion::Serial);
    // As far as it was played, and not to the end.
    let mut moves = Vec::new();
    let keep = |moved| moves.push(moved);
    if !try_moves(&mut plan, segments.len(), None, context, keep)? {
        return Ok(None);
    }
    let run = lab::force(
        &crew(system, Pinning::Spread, context)?,
        system,
        &moves,
        context,
    );
    Ok(run.map(|run| run.ending.unwrap_or(run.now)))
}

/// Tries at most this many moves in the model, and hands them to `keep`. Returns whether the context left
/// the time for it.
pub(super) fn try_moves<'s>(
    plan: &mut ScheduleRun<'s, impl Scheduler>,
    at_most: usize,
    mut observer: Option<&mut OnStep<'_, 's>>,
    context: &Context,
    mut keep: impl FnMut(Move),
) -> Result<bool, Error> {
    for number in 0..at_most {
        let next = match &mut observer {
            Some(observer) => plan.next_move(observer),
            None => plan.next(),
        };
        let Some(moved) = next else {
            break;
        };
        keep(moved.map_err(|error| Error::Usage(format!("--schedule: {error}")))?);
        if (number + 1) % LOOK_AFTER == 0 && context.is_done() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Starts the real threads that are to be forced.
pub(super) fn crew(system: &System, pinning: Pinning, context: &Context) -> Result<Crew, Error> {
    let needs = Needs::threads(system.threads());
    Crew::spawn(needs, StartLine::None, pinning, context)
}
