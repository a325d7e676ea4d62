//! `waitgroup`: read the counter without waiting, wait, read it again, and report.

use std::time::Instant;

use super::sink::Sink;
use super::{output, work};
use crate::cli::{Format, Output, WaitGroup};
use crate::error::{Error, Exit};
use crate::lab::{self, GroupEvent, GroupObserver};
use crate::plan::GroupPlan;
use crate::report::{WaitGroupCollector, WaitGroupRecord, WaitGroupStream};
use crate::term::{Goal, Progress};

pub(super) fn run(typed: &WaitGroup, output: &Output) -> Result<Exit, Error> {
    let began = Instant::now();
    let plan = GroupPlan::try_from(typed)?;
    let (context, canceler) = work::context(plan.timeout)?;
    let mut sink = Sink::open(output.output.as_deref(), output.format)?;
    let (streamed, listed) = output::runs(output.format);
    let mut observers = Observers {
        collector: WaitGroupCollector::new(&plan, listed),
        progress: Progress::new(
            plan.budget.map_or(Goal::Runs(plan.runs), Goal::Time),
            0,
            output::progress(output),
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
