//! An experiment with a program, from its first execution to its last.

use std::time::Duration;

use super::stage::{Stage, default_stride};
use super::tally::{FreeEnding, MOST_ENDS};
use crate::error::Error;
use crate::lab::crew::{Assignment, Chunk, Crew, Needs};
use crate::lab::event::Runs;
use crate::lab::run_loop::{RunLoop, Stopped};
use crate::lab::runs::Setup;
use crate::model::System;
use crate::plan::{Pinning, StartLine};
use crate::strategy::lock;
use crate::sync::{Context, Observer};

/// How a program is to be executed.
#[derive(Clone, Copy, Debug)]
pub struct FreePlan {
    /// The most executions to make.
    pub runs: u64,
    /// How long to go on; `None` for as long as there are executions to make.
    pub budget: Option<Duration>,
    /// How threads start together.
    pub start: StartLine,
    /// Where threads run.
    pub pinning: Pinning,
    /// Executions for each meeting at the start line; `None` for as many as do well.
    pub stride: Option<usize>,
}

/// Executions that have ended, in the order in which they were made.
#[derive(Clone, Debug)]
pub struct FreeRuns {
    /// The ends of all executions so far, each different one once, in the order of their first.
    pub endings: Vec<FreeEnding>,
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

/// Executes a system freely on real threads; the last execution is the first of which `is_last` holds.
///
/// # Errors
///
/// [`Error::Machine`] if the threads cannot be started; [`Error::Usage`] if there are too many
/// different ends to count them.
pub fn run_freely(
    system: &System,
    plan: &FreePlan,
    is_last: &dyn Fn(&FreeEnding) -> bool,
    context: &Context,
    observer: &mut dyn Observer<FreeRuns>,
) -> Result<FreeOutcome, Error> {
    let needs = Needs::threads(system.threads());
    let crew = Crew::spawn(needs, plan.start, plan.pinning)?;
    let stride = plan.stride.unwrap_or_else(|| default_stride(system));
    let stride = usize::try_from(plan.runs).map_or(stride, |runs| stride.min(runs));
    let stage = Stage::new(system.clone(), stride);
    let mut chunk = Chunk::new(plan.runs, stride);
    let mut run_loop = RunLoop::new(plan.runs, plan.budget, context);
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
        };
        let runs = crew.execute(assignment, &mut chunk, || observer.idle());
        runs.first = run_loop.completed + 1;
        std::mem::swap(runs, &mut event.runs);
        let known = event.endings.len();
        let tally = lock(&stage.tally);
        event.endings.extend_from_slice(&tally.endings[known..]);
        drop(tally);
        last.extend(event.endings[known..].iter().map(is_last));
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
        setup: Setup::of(crew.is_pinned(), plan.start),
    })
}
