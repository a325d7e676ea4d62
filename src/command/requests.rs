//! `requests`: requests under contexts, on the real clock or on a virtual one.

use std::io;

use super::live::{Live, Pace};
use super::scenario::{flags, scenario};
use super::sink::Sink;
use super::{output, work};
use crate::cli::{OutputArgs, RequestsArgs};
use crate::error::{Error, Exit};
use crate::report::{ClockKind, Lines, RequestsCollector, RequestsStream, StopReason};
use crate::requests::{Event, Observer, Scenario, in_real_time, in_virtual_time};
use crate::sync::Context;

pub(super) fn run(typed: &RequestsArgs, output: &OutputArgs) -> Result<Exit, Error> {
    let scenario = scenario(typed)?;
    let (context, canceler) = work::context(None)?;
    let mut sink = output::open(output)?;
    let tree = scenario.tree();
    let mut observers = Observers {
        gatherer: RequestsCollector::new(tree),
        live: live(typed, output, &scenario),
        stream: (output.format.streamed() == Some(Lines::Json))
            .then(|| RequestsStream::new(tree, &mut sink, canceler)),
    };
    let clock = play(typed, &scenario, &context, &mut observers)?;
    let (gatherer, written) = observers.finish();
    if let Err(error) = written {
        sink.settle(Err(error))?;
        return Ok(Exit::Done);
    }
    let (stopped, exit) = if context.is_done() {
        (StopReason::Interrupted, Exit::Interrupted)
    } else {
        (StopReason::Completed, Exit::Done)
    };
    let record = gatherer.finish(tree, flags(typed), clock, stopped);
    output::deliver(&record, output, sink)?;
    Ok(exit)
}

/// Lets it happen, on the clock that was asked for.
pub(super) fn play(
    typed: &RequestsArgs,
    scenario: &Scenario,
    context: &Context,
    observer: &mut dyn Observer,
) -> Result<ClockKind, Error> {
    if typed.is_virtual {
        in_virtual_time(scenario, context, observer);
        return Ok(ClockKind::Virtual);
    }
    in_real_time(scenario, context, observer).map_err(|error| refusal(&error))?;
    Ok(ClockKind::Real)
}

/// Who shows it while it happens.
fn live<'a>(typed: &RequestsArgs, output: &OutputArgs, scenario: &'a Scenario) -> Live<'a> {
    let pace = if typed.is_virtual {
        // Nothing takes any time, so there is nothing to watch.
        Pace::Played
    } else if output.format.is_text() && !output.quiet {
        Pace::Watched
    } else {
        Pace::Aside
    };
    Live::new(scenario, output.progress, pace, output.ascii)
}

fn refusal(error: &io::Error) -> Error {
    Error::Machine(format!(
        "cannot start the threads that process requests ({error}); --virtual needs none"
    ))
}

/// Everybody who wants to know what happens.
struct Observers<'a> {
    gatherer: RequestsCollector,
    live: Live<'a>,
    stream: Option<RequestsStream<'a, &'a mut Sink>>,
}

impl Observers<'_> {
    /// What was heard, and whether it could be written.
    fn finish(self) -> (RequestsCollector, io::Result<()>) {
        self.live.clear();
        let written = self.stream.map_or(Ok(()), RequestsStream::finish);
        (self.gatherer, written)
    }
}

impl Observer for Observers<'_> {
    fn observe(&mut self, event: &Event) {
        self.gatherer.observe(event);
        self.live.observe(event);
        if let Some(stream) = &mut self.stream {
            stream.observe(event);
        }
    }
}
