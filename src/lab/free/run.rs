//! An experiment with a program, from its first execution to its last.

use super::stage::{LEFT_OUT, Stage, default_stride};
use super::tally::MOST_ENDS;
use crate::error::Error;
use crate::lab::chunk::Chunk;
use crate::lab::crew::{Assignment, Crew, Needs};
use crate::lab::event::Runs;
use crate::lab::run_loop::{RunLoop, Stopped};
use crate::lab::runs::Setup;
use crate::model::{Ending, System};
use crate::plan::RacePlan;
use crate::strategy::lock;
use crate::sync::{Context, Observer};

/// Executions that have ended, in the order in which they were made.
#[derive(Clone, Debug)]
pub struct FreeRuns {
    /// The ends of all executions so far, each different one once, in the order of their first.
    pub endings: Vec<Ending>,
    /// How these executions ended, as indices of `endings`.
    pub runs: Runs,
}

/// How an experiment with a program went, apart from the executions that the observer was notified of.
#[derive(Clone, Debug)]
pub struct FreeOutcome {
    /// The number of executions.
    pub runs: u64,
    /// Why there were no more.
    pub stopped: Stopped,
    /// Executions for each meeting at the start line.
    pub stride: usize,
    /// The circumstances.
    pub setup: Setup,
}

/// Executes the system of a plan freely on real threads.
///
/// # Errors
///
/// [`Error::Machine`] if the threads cannot be started; [`Error::Usage`] if there are too many
/// different ends to count them.
pub fn run_freely(
    system: &System,
    plan: &RacePlan,
    context: &Context,
    observer: &mut dyn Observer<FreeRuns>,
) -> Result<FreeOutcome, Error> {
    let needs = Needs::threads(system.threads());
    let crew = Crew::spawn(needs, plan.start, plan.pinning, context)?;
    let stride = plan.stride.unwrap_or_else(|| default_stride(system));
    let runs = plan.runs.unwrap_or(u64::MAX);
    let stride = usize::try_from(runs).map_or(stride, |runs| stride.min(runs));
    let stage = Stage::new(system.clone(), stride, plan.start);
    let mut chunk = Chunk::new(runs, stride);
    let mut run_loop = RunLoop::new(runs, plan.budget, context);
    let mut event = FreeRuns {
        endings: Vec::new(),
        runs: Runs::new(stride),
    };
    let mut last = Vec::new();
    while let Some(remaining) = run_loop.remaining() {
        let assignment = Assignment {
            counters: &stage,
            increments: 0,
            runs: remaining,
            context,
            repeats: true,
        };
        let runs = crew.execute(assignment, &mut chunk, || observer.idle());
        runs.first = run_loop.completed + 1;
        std::mem::swap(runs, &mut event.runs);
        // All of them count but for those that were left out.
        event.runs.actuals.retain(|&end| end != LEFT_OUT);
        let known = event.endings.len();
        let tally = lock(&stage.tally);
        event.endings.extend_from_slice(&tally.endings[known..]);
        drop(tally);
        last.extend(
            event.endings[known..]
                .iter()
                .map(|ending| plan.is_last(ending)),
        );
        let is_last = |&end: &u64| usize::try_from(end).is_ok_and(|end| last[end]);
        if last.contains(&true)
            && let Some(found) = event.runs.actuals.iter().position(is_last)
        {
            run_loop.found = true;
            event.runs.truncate(found + 1);
        }
        observer.observe(&event);
        run_loop.completed += event.runs.count();
        if event.endings.len() > MOST_ENDS {
            return Err(Error::Usage(format!(
                "there are more than {MOST_ENDS} different outcomes; let the program show fewer values"
            )));
        }
    }
    Ok(FreeOutcome {
        runs: run_loop.completed,
        stopped: run_loop.stopped(),
        stride,
        setup: Setup::of(crew.is_pinned(), plan.start, crew.repeated()),
    })
}
