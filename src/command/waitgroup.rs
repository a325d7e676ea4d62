//! `waitgroup`: read the counter without waiting, wait, read it again, and report.

use std::time::Instant;

use super::{output, work};
use crate::cli::{OutputArgs, WaitGroupArgs};
use crate::error::{Error, Exit};
use crate::lab::{self, WaitGroupRun};
use crate::page;
use crate::plan::WaitGroupPlan;
use crate::record::WaitGroupCollector;
use crate::render::{ItemStream, waitgroup_stream};
use crate::term::{ProgressGoal, ProgressLine};

pub(super) fn run(typed: &WaitGroupArgs, output: &OutputArgs) -> Result<Exit, Error> {
    let began = Instant::now();
    let plan = WaitGroupPlan::try_from(typed)?;
    let (context, canceler) = work::context(plan.timeout)?;
    let mut sink = output::open(output)?;
    let (streamed, listed) = (output.format.streamed(), output.format.most_listed());
    let mut collector = WaitGroupCollector::new(&plan, listed);
    let mut stream = streamed.map(|lines| waitgroup_stream(lines, &mut sink, canceler, &plan));
    let goal = plan
        .budget
        .map_or(ProgressGoal::Runs(plan.runs), ProgressGoal::Time);
    let mut progress = ProgressLine::new(goal, output.progress, output.ascii)
        .counting("read too early", "read too early");
    let expected = plan.shape.expected();
    let shown =
        progress.observer(|run: &WaitGroupRun| (1, u64::from(run.without_waiting < expected)));
    let observer = &mut (&mut collector, (stream.as_mut(), shown));
    let outcome = lab::run_wait_groups(&plan, &context, observer)?;
    progress.clear();
    if let Some(Err(error)) = stream.map(ItemStream::finish) {
        sink.settle(Err(error))?;
        return Ok(Exit::Done);
    }
    let mut record = collector.finish(&plan, &outcome, began.elapsed());
    output::stamp(&mut record.environment, &output.command);
    output::deliver_rest(&record, || page::waitgroup(&record), output, sink)?;
    if let Some(left) = &record.unfinished
        && !output.format.has_summary()
    {
        output::warn(&format!("missing: {}", left.missing.join(", ")));
    }
    Ok(work::cut_short(outcome.stopped).unwrap_or(Exit::Done))
}
