//! `requests`: requests under contexts, on the real clock or on a virtual one.

use std::io;

use super::requests_live::Live;
use super::scenario::{flags, scenario};
use super::{output, work};
use crate::cli::{OutputArgs, RequestsArgs};
use crate::error::{Error, Exit};
use crate::page;
use crate::plan::When;
use crate::record::{ClockKind, RequestsCollector, StopReason};
use crate::render::{ItemStream, Lines, requests_stream};
use crate::requests::{Event, Scenario, in_real_time, in_virtual_time};
use crate::sync::{Context, Observer};

pub(super) fn run(typed: &RequestsArgs, output: &OutputArgs) -> Result<Exit, Error> {
    let is_streamed = output.format.streamed() == Some(Lines::Json);
    let every_step = is_streamed || output.progress == When::Always;
    let scenario = scenario(typed, every_step)?;
    let (context, canceler) = work::context(None)?;
    let mut sink = output::open(output)?;
    let tree = scenario.tree();
    let mut collector = RequestsCollector::new(tree);
    let mut live = Live::new(&scenario, typed.is_virtual, output);
    let mut stream = is_streamed.then(|| requests_stream(tree, &mut sink, canceler));
    let observer = &mut (&mut collector, (&mut live, stream.as_mut()));
    let clock = play(typed, &scenario, every_step, &context, observer)?;
    live.clear();
    if let Some(Err(error)) = stream.map(ItemStream::finish) {
        sink.settle(Err(error))?;
        return Ok(Exit::Done);
    }
    let (stopped, exit) = if context.is_done() {
        (StopReason::Interrupted, Exit::Interrupted)
    } else {
        (StopReason::Completed, Exit::Done)
    };
    let record = collector.finish(tree, flags(typed), clock, stopped);
    let document = || page::requests(&record);
    match output.format.streamed() {
        Some(Lines::Json) => output::deliver_rest(&record, document, output, sink)?,
        _ => output::deliver(&record, document, output, sink)?,
    }
    Ok(exit)
}

/// Runs the scenario on the clock that was asked for.
pub(super) fn play(
    typed: &RequestsArgs,
    scenario: &Scenario,
    every_step: bool,
    context: &Context,
    observer: &mut dyn Observer<Event>,
) -> Result<ClockKind, Error> {
    if typed.is_virtual {
        in_virtual_time(scenario, every_step, context, observer);
        return Ok(ClockKind::Virtual);
    }
    in_real_time(scenario, context, observer).map_err(|error| refusal(&error))?;
    Ok(ClockKind::Real)
}

fn refusal(error: &io::Error) -> Error {
    Error::Machine(format!(
        "cannot start the threads that process requests ({error}); --virtual needs none"
    ))
}
