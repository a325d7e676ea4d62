//! `explain`: what the model finds out about a strategy, beside its words; or the map of all.

use quanta::Clock;

use super::output;
use super::sink::Sink;
use crate::cli::{self, Output};
use crate::error::{Error, Exit};
use crate::model::{Options, Story, census, worst};
use crate::plan::Explaining;
use crate::report::{Breaking, Counted, Explanation, Found, Listing, Map};

pub(super) fn run(typed: &cli::Explain, output: &Output) -> Result<Exit, Error> {
    let Some(kind) = typed.kind else {
        if let Some(setting) = typed.settings.typed().next() {
            return Err(Error::Usage(format!(
                "--{} needs the strategy that it is a flag of: name {} before it",
                cli::flag(setting),
                cli::takers(setting).join(" or ")
            )));
        }
        let sink = Sink::open(output.output.as_deref(), output.format)?;
        output::deliver(&Map::new()?, output, sink)?;
        return Ok(Exit::Done);
    };
    let plan = Explaining::new(kind, &typed.settings)?;
    let sink = Sink::open(output.output.as_deref(), output.format)?;
    // Nothing is timed here, so any clock will do.
    let (clock, _) = Clock::mock();
    let traceable = plan.strategy.recorded(plan.broken, &clock).is_ok();
    let found = examine(&plan);
    let explanation = Explanation::new(&*plan.strategy, found, traceable);
    output::deliver(&explanation, output, sink)?;
    Ok(Exit::Done)
}

/// Lets the model look at the strategy.
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

/// The schedule that loses most, told step by step; `None` where none loses anything.
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
