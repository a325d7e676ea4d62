//! `unsynced`, `mutex-per-op` and the other strategies: count, and report.

use std::time::Instant;

use super::{output, work};
use crate::cli::{CountArgs, OutputArgs};
use crate::error::{Error, Exit};
use crate::lab::{Engine, Lab, Runs};
use crate::page::{self, grouped, plural};
use crate::plan::{CountingPlan, Until};
use crate::record::{CountingCollector, CountingRecord};
use crate::render::CountingStream;
use crate::term::{ProgressGoal, ProgressLine};

pub(super) fn run(typed: &CountArgs, output: &OutputArgs) -> Result<Exit, Error> {
    let began = Instant::now();
    let plan = CountingPlan::try_from(typed)?;
    let (context, canceler) = work::context(typed.experiment.timeout)?;
    let mut sink = output::open(output)?;
    let (streamed, listed) = (output.format.streamed(), output.format.most_listed());
    let mut collector = CountingCollector::new(&plan, listed);
    let mut stream = streamed.map(|lines| CountingStream::new(lines, &mut sink, canceler, &plan));
    let goal = plan
        .budget
        .map_or(ProgressGoal::Runs(plan.runs), ProgressGoal::Time);
    let mut progress = ProgressLine::new(goal, output.progress, output.ascii);
    let expected = plan.shape.expected();
    let shown = progress.observer(|runs: &Runs| (runs.count(), runs.lost(expected)));
    let observer = &mut (&mut collector, (stream.as_mut(), shown));
    let outcome = Lab.carry_out(&plan, &context, observer)?;
    progress.clear();
    if let Some(Err(error)) = stream.map(CountingStream::finish) {
        sink.settle(Err(error))?;
        return Ok(Exit::Done);
    }
    let record = collector.finish(&plan, &outcome, began.elapsed());
    let document = || page::counting(&record, &*plan.strategy);
    output::deliver_rest(&record, document, output, sink)?;
    let asked = typed.experiment.expect;
    Ok(work::cut_short(outcome.stopped).unwrap_or_else(|| expectation(asked, &record)))
}

/// Returns the exit code for the expectation, and warns where it does not hold.
fn expectation(expected: Option<Until>, record: &CountingRecord) -> Exit {
    let (lost, runs) = (
        record.summary.runs_lost,
        plural(record.runs_completed, "run"),
    );
    let complaint = match expected {
        Some(Until::Correct) if lost > 0 => {
            format!("--expect correct: {} of {runs} lost updates", grouped(lost))
        }
        Some(Until::Lost) if lost == 0 => {
            format!("--expect lost: none of {runs} lost an update")
        }
        _ => return Exit::Done,
    };
    output::warn(&complaint);
    Exit::Unexpected
}
