//! `waitgroup`: read the counter without waiting, wait, read it again, and report.

use std::io;
use std::time::Instant;

use super::sink::Sink;
use super::{output, work};
use crate::cli::{Format, Output, WaitGroup};
use crate::error::{Error, Exit};
use crate::lab::{self, GroupEvent, Stopped};
use crate::plan::GroupPlan;
use crate::report::{Gathering, GroupCollector, GroupStream, Lines, MOST_LINES};
use crate::sync::Canceler;
use crate::term::{Goal, Progress};

/// The most runs that a JSON record lists one by one.
const MOST_LISTED: usize = 100_000;

pub(super) fn run(typed: &WaitGroup, output: &Output) -> Result<Exit, Error> {
    let began = Instant::now();
    let plan = GroupPlan::try_from(typed)?;
    let mut sink = Sink::open(output.output.as_deref(), output.format)?;
    let (context, canceler) = work::context(plan.timeout)?;
    let (streamed, listed) = match output.format {
        Format::Jsonl => (Some(Lines::Json), 0),
        Format::Csv => (Some(Lines::Csv), 0),
        Format::Json => (None, MOST_LISTED),
        Format::Text | Format::Markdown => (None, MOST_LINES),
    };
    let stream = streamed.map(|lines| GroupStream::new(lines, &mut sink, &plan));
    let mut listeners = Listeners {
        collector: GroupCollector::new(&plan, listed),
        progress: Progress::new(
            plan.budget.map_or(Goal::Runs(plan.runs), Goal::Time),
            0,
            output::progress(output),
            output.ascii,
        )
        .counting("read too early"),
        expected: plan.shape.expected(),
        stream: stream.transpose(),
        canceler,
    };
    listeners.stop_if_unheard();
    let outcome = lab::gather(&plan, &context, &mut |event| listeners.hear(event))?;
    listeners.progress.clear();
    if let Err(error) = listeners.stream {
        sink.settle(Err(error))?;
        return Ok(Exit::Done);
    }
    let record = listeners.collector.finish(&plan, &outcome, began.elapsed());
    deliver(&record, output, sink)?;
    Ok(match outcome.stopped {
        Stopped::Timeout => Exit::TimedOut,
        Stopped::Interrupted => Exit::Interrupted,
        Stopped::Completed | Stopped::Found | Stopped::Budget => Exit::Done,
    })
}

fn deliver(record: &Gathering, output: &Output, sink: Sink) -> Result<(), Error> {
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
struct Listeners<'a> {
    collector: GroupCollector,
    progress: Progress,
    expected: u64,
    /// Writes line by line, where that is wanted, until it cannot.
    stream: io::Result<Option<GroupStream<&'a mut Sink>>>,
    canceler: Canceler,
}

impl Listeners<'_> {
    fn hear(&mut self, event: GroupEvent) {
        let GroupEvent::Run(run) = event else {
            return self.progress.advance(0, 0);
        };
        self.collector.take(run);
        let early = run.without_waiting < self.expected;
        self.progress.advance(1, u64::from(early));
        if let Ok(Some(stream)) = &mut self.stream
            && let Err(error) = stream.write(run)
        {
            self.stream = Err(error);
            self.stop_if_unheard();
        }
    }

    /// Ends the runs when what they give cannot be written.
    fn stop_if_unheard(&self) {
        if self.stream.is_err() {
            self.canceler.cancel();
        }
    }
}
