//! `unsynced`, `mutex-per-op` and the other strategies: count, and report.

use std::time::Instant;

use super::{output, work};
use crate::cli::{CountArgs, OutputArgs};
use crate::error::{Error, Exit};
use crate::lab::{Engine, Lab, Runs};
use crate::page::{self, grouped, plural};
use crate::plan::CountingPlan;
use crate::record::CountingCollector;
use crate::render::CountingStream;
use crate::term::{ProgressGoal, ProgressLine};

pub(super) fn run(typed: &CountArgs, output: &OutputArgs) -> Result<Exit, Error> {
    let began = Instant::now();
    let mut typed = typed.clone();
    let threads = typed.experiment.threads;
    let window_added =
        work::one_core() && typed.experiment.settings.open_window(typed.kind, threads);
    let plan = CountingPlan {
        window_added,
        ..CountingPlan::try_from(&typed)?
    };
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
    let mut record = collector.finish(&plan, &outcome, began.elapsed());
    output::stamp(&mut record.environment, &output.command);
    let document = || page::counting(&record, &plan.strategy);
    output::deliver_rest(&record, document, output, sink)?;
    let (lost, runs) = (record.summary.runs_lost, record.runs_completed);
    let complaint = || format!("{} of {} lost updates", grouped(lost), plural(runs, "run"));
    let lost = (lost > 0).then(complaint);
    let expectation = || work::expectation(typed.experiment.expect, lost, runs);
    Ok(work::cut_short(outcome.stopped).unwrap_or_else(expectation))
}
