//! `unsynced`, `mutex-per-op` and the other strategies: count, and report.

use std::time::Instant;

use super::sink::Sink;
use super::{output, work};
use crate::cli::{Count, Format, Output, Total};
use crate::error::{Error, Exit};
use crate::lab::{Engine, Lab, Runs};
use crate::plan::Plan;
use crate::report::{
    CountingCollector, CountingRecord, CountingReport, CountingStream, grouped, plural,
};
use crate::term::{Goal, ProgressLine};

pub(super) fn run(typed: &Count, output: &Output) -> Result<Exit, Error> {
    let began = Instant::now();
    let plan = Plan::try_from(typed)?;
    let (context, canceler) = work::context(typed.experiment.timeout)?;
    let mut sink = Sink::open(output.output.as_deref(), output.format)?;
    let (streamed, listed) = output::runs(output.format);
    let mut collector = CountingCollector::new(&plan, listed);
    let mut stream = streamed.map(|lines| CountingStream::new(lines, &mut sink, canceler, &plan));
    let goal = plan.budget.map_or(Goal::Runs(plan.runs), Goal::Time);
    let mut progress = ProgressLine::new(goal, output::progress(output), output.ascii);
    let expected = plan.shape.expected();
    let shown = progress.observer(|runs: &Runs| (runs.count(), runs.lost(expected)));
    let observer = &mut (&mut collector, (stream.as_mut(), shown));
    let outcome = Lab.carry_out(&plan, &context, observer)?;
    progress.clear();
    if let Some(Err(error)) = stream.map(CountingStream::finish) {
        sink.settle(Err(error))?;
        return Ok(Exit::Done);
    }
    let report = CountingReport {
        record: collector.finish(&plan, &outcome, began.elapsed()),
        strategy: &*plan.strategy,
    };
    match output.format {
        // Its runs have been written as they came; CSV has no place for a summary.
        Format::Csv => sink.finish("")?,
        _ => output::deliver(&report, output, sink)?,
    }
    let asked = typed.experiment.expect;
    Ok(work::cut_short(outcome.stopped).unwrap_or_else(|| expectation(asked, &report.record)))
}

/// Whether the runs were as expected; if not, says so.
fn expectation(expected: Option<Total>, record: &CountingRecord) -> Exit {
    let (lost, runs) = (
        record.summary.runs_lost,
        plural(record.runs_completed, "run"),
    );
    let complaint = match expected {
        Some(Total::Correct) if lost > 0 => {
            format!("--expect correct: {} of {runs} lost updates", grouped(lost))
        }
        Some(Total::Lost) if lost == 0 => {
            format!("--expect lost: none of {runs} lost an update")
        }
        _ => return Exit::Done,
    };
    output::warn(&complaint);
    Exit::Unexpected
}
