//! `unsynced`, `mutex-per-op` and the other strategies: count, and report.

use std::time::Instant;

use super::sink::Sink;
use super::{output, work};
use crate::cli::{Count, Format, Output, Total};
use crate::error::{Error, Exit};
use crate::lab::{Engine, Event, Lab, Observer};
use crate::plan::Plan;
use crate::report::{
    CountingCollector, CountingRecord, CountingReport, CountingStream, grouped, plural,
};
use crate::term::{Goal, Progress};

pub(super) fn run(typed: &Count, output: &Output) -> Result<Exit, Error> {
    let began = Instant::now();
    let plan = Plan::try_from(typed)?;
    let (context, canceler) = work::context(typed.experiment.timeout)?;
    let mut sink = Sink::open(output.output.as_deref(), output.format)?;
    let (streamed, listed) = output::runs(output.format);
    let mut observers = Observers {
        collector: CountingCollector::new(&plan, listed),
        progress: Progress::new(
            plan.budget.map_or(Goal::Runs(plan.runs), Goal::Time),
            plan.shape.expected(),
            output::progress(output),
            output.ascii,
        ),
        stream: streamed.map(|lines| CountingStream::new(lines, &mut sink, canceler, &plan)),
    };
    let outcome = Lab.carry_out(&plan, &context, &mut observers)?;
    observers.progress.clear();
    if let Some(Err(error)) = observers.stream.map(CountingStream::finish) {
        sink.settle(Err(error))?;
        return Ok(Exit::Done);
    }
    let report = CountingReport {
        record: observers.collector.finish(&plan, &outcome, began.elapsed()),
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

/// Everybody who wants to know how the experiment goes.
struct Observers<'a> {
    collector: CountingCollector,
    progress: Progress,
    stream: Option<CountingStream<&'a mut Sink>>,
}

impl Observer for Observers<'_> {
    fn observe(&mut self, event: Event<'_>) {
        self.collector.observe(event);
        if let Some(stream) = &mut self.stream {
            stream.observe(event);
        }
        self.progress.observe(event);
    }
}
