//! `waitgroup`: read the counter without waiting, wait, read it again, and report.

use std::time::Instant;

use super::sink::Sink;
use super::{output, work};
use crate::cli::{Format, Output, WaitGroup};
use crate::error::{Error, Exit};
use crate::lab::{self, WaitGroupRun};
use crate::plan::GroupPlan;
use crate::report::{WaitGroupCollector, WaitGroupRecord, WaitGroupStream};
use crate::term::{Goal, ProgressLine};

pub(super) fn run(typed: &WaitGroup, output: &Output) -> Result<Exit, Error> {
    let began = Instant::now();
    let plan = GroupPlan::try_from(typed)?;
    let (context, canceler) = work::context(plan.timeout)?;
    let mut sink = Sink::open(output.output.as_deref(), output.format)?;
    let (streamed, listed) = output::runs(output.format);
    let mut collector = WaitGroupCollector::new(&plan, listed);
    let mut stream = streamed.map(|lines| WaitGroupStream::new(lines, &mut sink, canceler, &plan));
    let goal = plan.budget.map_or(Goal::Runs(plan.runs), Goal::Time);
    let mut progress =
        ProgressLine::new(goal, output::progress(output), output.ascii).counting("read too early");
    let expected = plan.shape.expected();
    let shown =
        progress.observer(|run: &WaitGroupRun| (1, u64::from(run.without_waiting < expected)));
    let observer = &mut (&mut collector, (stream.as_mut(), shown));
    let outcome = lab::run_wait_groups(&plan, &context, observer)?;
    progress.clear();
    if let Some(Err(error)) = stream.map(WaitGroupStream::finish) {
        sink.settle(Err(error))?;
        return Ok(Exit::Done);
    }
    let record = collector.finish(&plan, &outcome, began.elapsed());
    deliver(&record, output, sink)?;
    Ok(work::cut_short(outcome.stopped).unwrap_or(Exit::Done))
}

fn deliver(record: &WaitGroupRecord, output: &Output, sink: Sink) -> Result<(), Error> {
    if output.format != Format::Csv {
        return output::deliver(record, output, sink);
    }
    // Its runs have been written as they came; there is no place in it for more.
    sink.finish("")?;
    if let Some(left) = &record.unfinished {
        output::warn(&format!("missing: {}", left.missing.join(", ")));
    }
    Ok(())
}
