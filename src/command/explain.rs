//! `explain`: the words of a strategy or a race program beside the findings of the model; or the map of
//! all strategies.

use super::{explore, output, program, report, work};
use crate::cli::{ExplainArgs, ExplainTopic, OutputArgs};
use crate::error::{Error, Exit};
use crate::language::Race;
use crate::model::{Census, Ending, Options, Outcome, Schedule, Story, System, census, retell};
use crate::plan::{Exploration, Maker, Subject, When};
use crate::record::{
    AnyRecord, Breaking, Counted, ExplainedProgram, ExplanationRecord, Found, Listing, MapRecord,
    SubjectRecord, TermsRecord,
};
use crate::render::{Format, document};
use crate::strategy::{Shape, Strategy};
use crate::sync::Context;
use crate::term::{Page, Searching};

/// The number of increments that a program is listed for: the default of the counting subcommands.
const LISTED: u64 = 5000;

/// The smallest number of increments at which two threads can interleave.
const BROKEN: u64 = 1;

/// The most states of a race program that are examined: a second's work.
const MOST_STATES: u64 = 1_000_000;

pub(super) fn run(typed: &ExplainArgs, output: &OutputArgs) -> Result<Exit, Error> {
    write(typed.subject(&program::read)?, output)
}

/// Writes an explanation.
pub(super) fn write(topic: ExplainTopic, output: &OutputArgs) -> Result<Exit, Error> {
    let sink = output::open(output)?;
    let (context, _canceler) = work::context(None)?;
    let progress = Searching::new(output.progress, output.ascii);
    let record = record(topic, &context, &progress)?;
    report::deliver(&record, &[], output, sink)?;
    Ok(Exit::Done)
}

/// Returns the explanation as text.
pub(super) fn text(typed: &ExplainArgs, context: &Context, page: &Page) -> Result<String, Error> {
    let topic = typed.subject(&program::read)?;
    let record = record(topic, context, &Searching::new(When::Never, false))?;
    Ok(document(
        &report::document(&record, Format::Text, &[])?,
        page,
    ))
}

fn record(
    topic: ExplainTopic,
    context: &Context,
    progress: &Searching,
) -> Result<AnyRecord, Error> {
    Ok(match topic {
        ExplainTopic::Map => MapRecord::new()?.into(),
        ExplainTopic::Topic(topic) => TermsRecord::from(topic).into(),
        ExplainTopic::Subject(subject) => match &subject.maker {
            Maker::Program(race) => explained(&subject, race, context, progress)?.into(),
            Maker::Strategy(strategy, _) => explanation(&subject, strategy).into(),
        },
    })
}

/// Lets the model examine a strategy.
fn explanation(subject: &Subject, strategy: &Strategy) -> ExplanationRecord {
    let shape = Shape::new(2, BROKEN);
    let traceable = shape.is_some_and(|shape| strategy.recorded(shape).is_ok());
    ExplanationRecord::new(subject, strategy, examine(subject), traceable)
}

/// Lets the model examine a race program.
pub(super) fn explained(
    subject: &Subject,
    race: &Race,
    context: &Context,
    progress: &Searching,
) -> Result<ExplainedProgram, Error> {
    let plan = Exploration {
        subject: subject.clone(),
        reach: None,
        question: None,
        states: Some(MOST_STATES),
        memory: None,
        timeout: None,
        witnesses: true,
    };
    let explored = explore::explore(&plan, &race.system, context, progress);
    progress.clear();
    let (census, _) = explored?;
    let token = census.breaking().and_then(|wrong| wrong.witness.as_deref());
    let schedule = token.and_then(|token| token.parse::<Schedule>().ok());
    let story = schedule.map(|schedule| Story::of(&race.system, schedule.segments().iter()));
    let story = story
        .transpose()
        .map_err(|error| Error::Usage(error.to_string()))?;
    Ok(ExplainedProgram::new(race, census, story.as_ref()))
}

/// Lets the model examine the subject.
fn examine(subject: &Subject) -> Result<Found, Error> {
    let sized = |increments| {
        let shape = Shape::new(2, increments);
        shape.map_or_else(|| subject.clone(), |shape| subject.resized(shape))
    };
    let counted = subject.system()?;
    let census = count(&counted, false)?;
    Ok(Found {
        listing: Listing::new(LISTED, &sized(LISTED).system()?),
        breaking: breaking(&sized(BROKEN))?,
        counted: Counted::new(&SubjectRecord::new(subject, &counted), &census),
    })
}

/// Returns a deadlock, or the smallest total that is wrong, step by step; `None` if there is none.
fn breaking(subject: &Subject) -> Result<Option<Breaking>, Error> {
    let system = subject.system()?;
    let found = wrong_end(subject, &system)?;
    let found = found.and_then(|outcome| Some((outcome.end.total(), outcome.witness?)));
    let Some((total, schedule)) = found else {
        return Ok(None);
    };
    let story = Story::of(&system, schedule.segments().iter())
        .map_err(|error| Error::Usage(error.to_string()))?;
    let subject = SubjectRecord::new(subject, &system);
    Ok(Some(Breaking::new(&subject, total, &schedule, &story)))
}

/// Returns a deadlock of a small system, or the smallest total that is wrong; `None` if there is none.
pub(super) fn wrong_end(subject: &Subject, system: &System) -> Result<Option<Outcome>, Error> {
    let outcomes = count(system, true)?.outcomes;
    // A livelock is no schedule that ends.
    let is_wrong = |outcome: &&Outcome| {
        subject.is_correct(&outcome.end) == Some(false) && outcome.end != Ending::Livelock
    };
    let wrong = outcomes.iter().filter(is_wrong);
    Ok(wrong
        .min_by_key(|outcome| outcome.end.total().is_some())
        .cloned())
}

/// Counts all schedules of a small system.
fn count(system: &System, witnesses: bool) -> Result<Census, Error> {
    let options = Options {
        witnesses,
        ..Options::default()
    };
    let mut found = census(system, &options).map_err(|error| Error::Usage(error.to_string()))?;
    retell(&mut found, system);
    Ok(found)
}
