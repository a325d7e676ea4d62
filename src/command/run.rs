//! `run`: real threads run a race program freely, and the model stands beside.

use std::time::{Duration, Instant};

use super::{output, program, work};
use crate::cli::{OutputArgs, RaceExpectation, RunArgs};
use crate::error::{Error, Exit};
use crate::lab::{self, FreeRuns, run_freely};
use crate::model::{Limits, MemoryModel, Options, Program, System, census};
use crate::page::{self, grouped, plural};
use crate::plan::{RacePlan, When};
use crate::record::{Beside, Models, RaceCollector, RaceRecord};
use crate::sync::Context;
use crate::term::{ProgressGoal, ProgressLine};

/// The time that the model may take.
const MODEL_TIME: Duration = Duration::from_secs(2);

pub(super) fn run(typed: &RunArgs, output: &OutputArgs) -> Result<Exit, Error> {
    let plan = typed.plan(&program::read)?;
    let system = plan.subject.system()?;
    let (context, _canceler) = work::context(typed.timeout)?;
    let sink = output::open(output)?;
    let mut record = carry_out(&plan, &system, &context, output.progress, output.ascii)?;
    output::stamp(&mut record.environment, &output.command);
    let document = || page::race(&record);
    output::deliver(&record, document, output, sink)?;
    let unexplained = record.unexplained().count() as u64;
    if unexplained > 0 {
        output::warn(&format!(
            "error: the model of this processor does not explain {}; this is a bug in miscount, please \
             report it with the program",
            plural(unexplained, "outcome")
        ));
        return Ok(Exit::Unexpected);
    }
    let expectation = || expectation(typed.expect, &record);
    Ok(work::cut_short(record.stopped).unwrap_or_else(expectation))
}

/// Makes the runs, then asks the model.
pub(super) fn carry_out(
    plan: &RacePlan,
    system: &System,
    context: &Context,
    progress: When,
    ascii: bool,
) -> Result<RaceRecord, Error> {
    let began = Instant::now();
    let goal = match (plan.runs, plan.budget) {
        (Some(runs), _) => ProgressGoal::Runs(runs),
        (None, budget) => ProgressGoal::Time(budget.unwrap_or_default()),
    };
    let mut progress =
        ProgressLine::new(goal, progress, ascii).counting("ended wrong", "ended wrong");
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
    let models = models(system, context, MODEL_TIME);
    Ok(collector.finish(plan, system, &outcome, took, &models))
}

/// Asks the model about all schedules, and about store buffers where this processor has some that matter;
/// each question may take this long.
pub(super) fn models(system: &System, context: &Context, most_time: Duration) -> Models {
    let overtakes = system.programs().iter().any(Program::may_overtake);
    let memory = MemoryModel::of_this_machine().filter(|_| overtakes);
    Models {
        sc: ask(system, context, most_time),
        tso: memory.and_then(|memory| ask(&system.clone().under(memory), context, most_time)),
        overtakes,
    }
}

/// Examines all schedules, as far as that takes no longer than this; `None` if the model can't.
fn ask(system: &System, context: &Context, most_time: Duration) -> Option<Beside> {
    let began = Instant::now();
    let stop = || context.is_done() || began.elapsed() > most_time;
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
