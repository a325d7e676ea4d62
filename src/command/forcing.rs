//! Forces what was played on real threads, while somebody may call it off.

use std::panic::resume_unwind;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use super::work;
use crate::lab::{self, Crew, Needs};
use crate::model::{Completion, Plan, Schedule, System};
use crate::plan::{Pinning, StartLine};
use crate::sync::{Context, ContextError};

/// How long threads may take to do what was played.
const MOST_FORCING: Duration = Duration::from_secs(10);

/// How often the keyboard is looked at meanwhile.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// Forces a schedule, as far as it goes; gives the total, or why there is none. It asks now and then
/// whether to `go_on`.
pub(super) fn force(
    system: &System,
    schedule: &Schedule,
    go_on: &mut dyn FnMut() -> bool,
) -> Result<u64, String> {
    let (context, canceler) = work::limited(&Context::background(), MOST_FORCING)?;
    let began = Instant::now();
    let (sender, done) = mpsc::channel();
    let found = thread::scope(|scope| {
        let context = &context;
        let work = move || {
            let found = forced(system, schedule, context);
            // Whoever waits for it has not gone away.
            let _ = sender.send(());
            found
        };
        let worker = thread::Builder::new().name("force".into());
        let worker = worker.spawn_scoped(scope, work);
        let worker = worker.map_err(|error| error.to_string())?;
        loop {
            if !go_on() {
                canceler.cancel();
            }
            if done.recv_timeout(LOOK_EVERY) != Err(RecvTimeoutError::Timeout) {
                break;
            }
        }
        worker.join().unwrap_or_else(|panic| resume_unwind(panic))
    });
    found?.ok_or_else(|| {
        if context.err() == Some(ContextError::DeadlineExceeded) {
            let seconds = MOST_FORCING.as_secs();
            return format!("After {seconds} seconds the threads were not done, and were stopped.");
        }
        let seconds = began.elapsed().as_secs_f64();
        format!("Stopped after {seconds:.1} seconds, before the threads were done.")
    })
}

/// The total; `None` if the context was done first.
fn forced(system: &System, schedule: &Schedule, context: &Context) -> Result<Option<u64>, String> {
    let segments = schedule.segments();
    let plan = Plan::new(system, segments.iter(), Completion::Serial);
    let mut moves = Vec::with_capacity(segments.len());
    // As far as it was played, and not to the end.
    for moved in plan.take(segments.len()) {
        moves.push(moved.map_err(|error| error.to_string())?);
        if context.is_done() {
            return Ok(None);
        }
    }
    let needs = Needs::threads(system.threads());
    let crew = Crew::spawn(needs, StartLine::None, Pinning::Spread);
    let crew = crew.map_err(|error| error.to_string())?;
    Ok(lab::force(&crew, system, &moves, context))
}
