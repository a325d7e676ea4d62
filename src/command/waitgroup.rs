//! `waitgroup`: read the counter without waiting, wait, read it again, and report.

use std::time::Instant;

use super::sink::Sink;
use super::{output, work};
use crate::cli::{OutputArgs, WaitGroupArgs};
use crate::error::{Error, Exit};
use crate::lab::{self, GroupEvent, GroupObserver};
use crate::plan::GroupPlan;
use crate::report::{WaitGroupCollector, WaitGroupStream};
use crate::term::{Goal, Progress};

pub(super) fn run(typed: &WaitGroupArgs, output: &OutputArgs) -> Result<Exit, Error> {
    let began = Instant::now();
    let plan = GroupPlan::try_from(typed)?;
    let (context, canceler) = work::context(plan.timeout)?;
    let mut sink = output::open(output)?;
    let (streamed, listed) = (output.format.streamed(), output.format.most_listed());
    let mut observers = Observers {
        collector: WaitGroupCollector::new(&plan, listed),
        progress: Progress::new(
            plan.budget.map_or(Goal::Runs(plan.runs), Goal::Time),
            0,
            output.progress,
            output.ascii,
        )
        .counting("read too early"),
        expected: plan.shape.expected(),
        stream: streamed.map(|lines| WaitGroupStream::new(lines, &mut sink, canceler, &plan)),
    };
    let outcome = lab::gather(&plan, &context, &mut observers)?;
    observers.progress.clear();
    if let Some(Err(error)) = observers.stream.map(WaitGroupStream::finish) {
        sink.settle(Err(error))?;
        return Ok(Exit::Done);
    }
    let record = observers.collector.finish(&plan, &outcome, began.elapsed());
    output::deliver_rest(&record, output, sink)?;
    if let Some(left) = &record.unfinished
        && !output.format.has_summary()
    {
        output::warn(&format!("missing: {}", left.missing.join(", ")));
    }
    Ok(work::cut_short(outcome.stopped).unwrap_or(Exit::Done))
}

/// Everybody who wants to know how the runs go.
struct Observers<'a> {
    collector: WaitGroupCollector,
    progress: Progress,
    expected: u64,
    stream: Option<WaitGroupStream<&'a mut Sink>>,
}

impl GroupObserver for Observers<'_> {
    fn observe(&mut self, event: &GroupEvent) {
        self.collector.observe(event);
        if let Some(stream) = &mut self.stream {
            stream.observe(event);
        }
        match event {
            GroupEvent::Waiting => self.progress.advance(0, 0),
            GroupEvent::Run(run) => {
                let early = run.without_waiting < self.expected;
                self.progress.advance(1, u64::from(early));
            }
        }
    }
}
