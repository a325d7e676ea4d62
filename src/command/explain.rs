//! `explain`: the words of a strategy beside the findings of the model; or the map of all.

use quanta::Clock;

use super::output;
use crate::cli::{ExplainArgs, OutputArgs};
use crate::error::{Error, Exit};
use crate::model::{Options, Story, census, worst};
use crate::page;
use crate::plan::Explaining;
use crate::record::{Breaking, Counted, ExplanationRecord, Found, Listing, MapRecord};

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
    let traceable = plan.strategy.recorded(plan.broken, &clock).is_ok();
    let found = examine(&plan);
    let explanation = ExplanationRecord::new(&*plan.strategy, found, traceable);
    output::deliver(
        &explanation,
        || page::explanation(&explanation),
        output,
        sink,
    )?;
    Ok(Exit::Done)
}

/// Lets the model examine the strategy.
fn examine(plan: &Explaining) -> Result<Found, Error> {
    let listed = plan.strategy.system(plan.listed)?;
    let counted = plan.strategy.system(plan.counted)?;
    let options = Options {
        witnesses: false,
        ..Options::default()
    };
    let census = census(&counted, &options).map_err(|error| Error::Usage(error.to_string()))?;
    Ok(Found {
        listing: Listing::new(plan.listed, &listed),
        breaking: breaking(plan)?,
        counted: Counted::new(plan.counted, &census),
    })
}

/// Returns the schedule that loses most, step by step; `None` where no schedule loses anything.
fn breaking(plan: &Explaining) -> Result<Option<Breaking>, Error> {
    let system = plan.strategy.system(plan.broken)?;
    let worst = worst(&system);
    if worst.total == Some(plan.broken.expected()) {
        return Ok(None);
    }
    let story = Story::of(&system, worst.schedule.segments().iter())
        .map_err(|error| Error::Usage(error.to_string()))?;
    Ok(Some(Breaking::new(plan.broken, &worst, &story)))
}
