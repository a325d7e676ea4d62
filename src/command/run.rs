//! `run`: real threads run a race program freely, and the model stands beside.

use std::time::{Duration, Instant};

use super::{output, program, work};
use crate::cli::{OutputArgs, RaceExpectation, RunArgs};
use crate::error::{Error, Exit};
use crate::lab::{self, FreeRuns, run_freely};
use crate::model::{Limits, Options, System, census};
use crate::page::{self, grouped, plural};
use crate::plan::RacePlan;
use crate::record::{Beside, RaceCollector, RaceRecord};
use crate::sync::Context;
use crate::term::{ProgressGoal, ProgressLine};

/// The time that the model may take.
const MODEL_TIME: Duration = Duration::from_secs(2);

pub(super) fn run(typed: &RunArgs, output: &OutputArgs) -> Result<Exit, Error> {
    let plan = typed.plan(&program::read)?;
    let system = plan.subject.system()?;
    let (context, _canceler) = work::context(typed.timeout)?;
    let sink = output::open(output)?;
    let record = carry_out(&plan, &system, &context, output)?;
    output::deliver(&record, || page::race(&record), output, sink)?;
    let unexplained = record.unexplained().count() as u64;
    if unexplained > 0 {
        output::warn(&format!(
            "error: no interleaving explains {}; this is a bug in miscount, please report it with \
             the program",
            plural(unexplained, "outcome")
        ));
        return Ok(Exit::Unexpected);
    }
    let expectation = || expectation(typed.expect, &record);
    Ok(work::cut_short(record.stopped).unwrap_or_else(expectation))
}

/// Makes the runs, then asks the model.
fn carry_out(
    plan: &RacePlan,
    system: &System,
    context: &Context,
    output: &OutputArgs,
) -> Result<RaceRecord, Error> {
    let began = Instant::now();
    let goal = match (plan.runs, plan.budget) {
        (Some(runs), _) => ProgressGoal::Runs(runs),
        (None, budget) => ProgressGoal::Time(budget.unwrap_or_default()),
    };
    let mut progress = ProgressLine::new(goal, output.progress, output.ascii)
        .counting("ended wrong", "ended wrong");
    let mut collector = RaceCollector::default();
    let mut wrong = Vec::new();
    let shown = progress.observer(|event: &FreeRuns| {
        let news = &event.endings[wrong.len()..];
        wrong.extend(
            news.iter()
                .map(|end| plan.subject.is_correct(end) == Some(false)),
        );
        let ends = event.runs.actuals.iter();
        let is_wrong = |&&end: &&u64| usize::try_from(end).is_ok_and(|end| wrong[end]);
        (event.runs.count(), ends.filter(is_wrong).count() as u64)
    });
    let outcome = run_freely(system, plan, context, &mut (&mut collector, shown))?;
    let took = began.elapsed();
    progress.clear();
    let beside = ask(system, context);
    Ok(collector.finish(plan, system, &outcome, took, beside.as_ref()))
}

/// Examines all schedules, as far as that does not take long; `None` if the model can't.
fn ask(system: &System, context: &Context) -> Option<Beside> {
    let began = Instant::now();
    let stop = || context.is_done() || began.elapsed() > MODEL_TIME;
    let most = Limits::default().memory;
    let options = Options {
        limits: Limits {
            states: u64::MAX,
            memory: lab::memory_left().map_or(most, |left| most.min(left / 2)),
            stop: &stop,
        },
        ..Options::default()
    };
    let found = census(system, &options).ok()?;
    Some((found, began.elapsed()))
}

/// Returns the exit code for `--expect`, and warns where it does not hold.
fn expectation(expected: Option<RaceExpectation>, record: &RaceRecord) -> Exit {
    let (wrong, runs) = (record.runs_wrong, record.runs_completed);
    let complaint = match expected {
        Some(RaceExpectation::Correct) if wrong > 0 => {
            format!(
                "correct: {} of {} ended wrong",
                grouped(wrong),
                plural(runs, "run")
            )
        }
        Some(RaceExpectation::Wrong) if wrong == 0 => {
            format!("wrong: none of {} ended wrong", plural(runs, "run"))
        }
        _ => return Exit::Done,
    };
    output::warn(&format!("--expect {complaint}"));
    Exit::Unexpected
}
