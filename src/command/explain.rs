//! `explain`: the words of a strategy or a puzzle beside the findings of the model; or the map of
//! all strategies.

use quanta::Clock;

use super::output;
use crate::cli::{ExplainArgs, OutputArgs};
use crate::error::{Error, Exit};
use crate::model::{Census, Options, Outcome, Story, System, census};
use crate::page;
use crate::plan::{Explaining, Subject};
use crate::record::{
    Breaking, Counted, ExplanationRecord, Found, Listing, MapRecord, SubjectRecord,
};
use crate::strategy::Shape;

pub(super) fn run(typed: &ExplainArgs, output: &OutputArgs) -> Result<Exit, Error> {
    let plan = typed.plan()?;
    let sink = output::open(output)?;
    let Some(plan) = plan else {
        let map = MapRecord::new()?;
        output::deliver(&map, || page::map(&map), output, sink)?;
        return Ok(Exit::Done);
    };
    // Nothing is timed here, so any clock will do.
    let (clock, _) = Clock::mock();
    let strategy = plan.strategy.as_deref();
    let traceable = strategy
        .zip(plan.broken.shape())
        .is_some_and(|(strategy, shape)| strategy.recorded(shape, &clock).is_ok());
    let found = examine(&plan);
    let explanation = ExplanationRecord::new(&plan.counted, strategy, found, traceable);
    output::deliver(
        &explanation,
        || page::explanation(&explanation),
        output,
        sink,
    )?;
    Ok(Exit::Done)
}

/// Lets the model examine the subject.
fn examine(plan: &Explaining) -> Result<Found, Error> {
    let listed = plan.listed.system()?;
    let counted = plan.counted.system()?;
    let census = count(&counted, false)?;
    Ok(Found {
        listing: Listing::new(plan.listed.shape().map(Shape::increments), &listed),
        breaking: breaking(&plan.broken)?,
        counted: Counted::new(&SubjectRecord::new(&plan.counted, &counted), &census),
    })
}

/// Returns a deadlock, or the smallest total that is wrong, step by step; `None` if there is none.
fn breaking(subject: &Subject) -> Result<Option<Breaking>, Error> {
    let system = subject.system()?;
    let census = count(&system, true)?;
    let deadlock = |outcome: &&Outcome| outcome.end.total().is_none();
    let wrong = |outcome: &&Outcome| {
        let expected = subject.expected;
        expected.is_some() && outcome.end.total() != expected
    };
    let outcomes = || census.outcomes.iter();
    let found = outcomes().find(deadlock).or_else(|| outcomes().find(wrong));
    let found = found.and_then(|outcome| Some((outcome.end.total(), outcome.witness.as_ref()?)));
    let Some((total, schedule)) = found else {
        return Ok(None);
    };
    let story = Story::of(&system, schedule.segments().iter())
        .map_err(|error| Error::Usage(error.to_string()))?;
    let subject = SubjectRecord::new(subject, &system);
    Ok(Some(Breaking::new(&subject, total, schedule, &story)))
}

/// Counts all schedules of a small system.
fn count(system: &System, witnesses: bool) -> Result<Census, Error> {
    let options = Options {
        witnesses,
        ..Options::default()
    };
    census(system, &options).map_err(|error| Error::Usage(error.to_string()))
}
