//! `unsynced`, `mutex-per-op` and the other strategies: count, and report.

use std::time::Instant;

use super::sink::Sink;
use super::{output, work};
use crate::cli::{CountArgs, OutputArgs};
use crate::error::{Error, Exit};
use crate::lab::{Engine, Event, Lab, Observer};
use crate::plan::{Plan, Until};
use crate::report::{CountingCollector, CountingRecord, CountingReport, CountingStream, grouped, plural};
use crate::term::{Goal, Progress};

pub(super) fn run(typed: &CountArgs, output: &OutputArgs) -> Result<Exit, Error> {
    let began = Instant::now();
    let plan = Plan::try_from(typed)?;
    let (context, canceler) = work::context(typed.experiment.timeout)?;
    let mut sink = output::open(output)?;
    let (streamed, listed) = (output.format.streamed(), output.format.most_listed());
    let mut observers = Observers {
        collector: CountingCollector::new(&plan, listed),
        progress: Progress::new(
            plan.budget.map_or(Goal::Runs(plan.runs), Goal::Time),
            plan.shape.expected(),
            output.progress,
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
    output::deliver_rest(&report, output, sink)?;
    let asked = typed.experiment.expect;
    Ok(work::cut_short(outcome.stopped).unwrap_or_else(|| expectation(asked, &report.record)))
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
