//! `explore`: a survey of all schedules, and a report.

use std::time::Instant;

use super::{litmus, output, picture, program, work};
use crate::cli::{ExploreArgs, OutputArgs, RaceExpectation};
use crate::error::{Error, Exit};
use crate::lab;
use crate::language::Claim;
use crate::model::{
    Census, Completion, Family, Limits, Options, ReachAnswer, Survey, SurveyError, SurveyQuestion,
    System, census, survey,
};
use crate::page;
use crate::plan::Exploration;
use crate::record::{CensusRecord, Stop};
use crate::render;
use crate::strategy::Shape;
use crate::sync::{Context, ContextError};
use crate::term::Searching;

pub(super) fn run(typed: &ExploreArgs, output: &OutputArgs) -> Result<Exit, Error> {
    if let Some(paths) = litmus::several(typed)? {
        return litmus::run(typed, &paths, output);
    }
    let plan = typed.plan(&program::read)?;
    if typed.herd {
        litmus::check_herd(&plan, output)?;
    }
    // A size that the model has no room for is refused before a file is opened.
    let system = plan.subject.system()?;
    let (context, _canceler) = work::context(plan.timeout)?;
    picture::refuse_same(&typed.picture, output)?;
    let sink = output::open(output)?;
    let drawing = picture::open(&typed.picture)?;
    let progress = Searching::new(output.progress, output.ascii);
    let explored = explore(&plan, &system, &context, &progress);
    progress.clear();
    let (record, exit) = explored?;
    if let Some(drawing) = drawing {
        match shown(&record).and_then(picture::of_token) {
            Some(schedule) => {
                let source = schedule.segments().iter();
                drawing.draw_schedule(&plan.subject, &system, source, Completion::Serial)?;
            }
            None => output::warn(
                "warning: --svg has nothing to draw, as no schedule is known that answers the question",
            ),
        }
    }
    if typed.herd {
        output::deliver_text(&render::herd(&record), sink)?;
        // As of herd, whose lines are the answer.
        return Ok(match exit {
            Exit::Unexpected => Exit::Done,
            other => other,
        });
    }
    let document = || page::census(&record);
    output::deliver(&record, document, output, sink)?;
    Ok(match typed.expect {
        Some(expected) if exit == Exit::Done => expectation(expected, &record),
        _ => exit,
    })
}

/// Returns the exit code for `--expect`, and warns where it does not hold.
fn expectation(expected: RaceExpectation, record: &CensusRecord) -> Exit {
    let wrong = record.wrong().count();
    let complaint = match expected {
        RaceExpectation::Correct if wrong > 0 => {
            format!("correct: {} wrong", page::plural(wrong as u64, "outcome"))
        }
        RaceExpectation::Wrong if wrong == 0 => "wrong: no schedule ends wrong".into(),
        _ => return Exit::Done,
    };
    output::warn(&format!("--expect {complaint}"));
    Exit::Unexpected
}

/// Returns the schedule that a picture shows, as a token: that of `--reach`, else of the smallest total or of
/// another wrong outcome, else of any.
fn shown(record: &CensusRecord) -> Option<&str> {
    if let Some(reach) = &record.reach {
        return reach.witness.as_deref();
    }
    let smallest = record.smallest.as_ref().map(|smallest| &*smallest.witness);
    let mut wrong = record.wrong().chain(&record.outcomes);
    smallest.or_else(|| wrong.find_map(|outcome| outcome.witness.as_deref()))
}

/// Surveys all schedules of the plan's system.
pub(super) fn explore(
    plan: &Exploration,
    system: &System,
    context: &Context,
    progress: &Searching,
) -> Result<(CensusRecord, Exit), Error> {
    // What memory there is takes longer to find out than a small search.
    let memory = plan.memory.unwrap_or_else(usual_memory);
    let began = Instant::now();
    let found = search(plan, system, memory, context, progress)?;
    let beside = beside(plan, system, memory, context);
    let took = began.elapsed();
    let stopped = Stop::of(&found, context.err() == Some(ContextError::Canceled));
    let record = CensusRecord::new(plan, system, &found, stopped, took, beside.as_ref());
    let exit = match plan.subject.race() {
        Some(_) => race_exit(&record, stopped),
        None => exit(&found, stopped),
    };
    Ok((record, exit))
}

/// Takes the census under the other memory model, if claims of a race program speak of that one.
fn beside(plan: &Exploration, system: &System, memory: u64, context: &Context) -> Option<Census> {
    let (race, under) = (plan.subject.race()?, plan.subject.memory);
    let other = |claim: &Claim| Some(race.memory_of(claim, under)).filter(|model| *model != under);
    let model = race.program.claims.iter().find_map(other)?;
    let stop = || context.is_done();
    let limits = Limits {
        states: plan.states.unwrap_or(u64::MAX),
        memory,
        stop: &stop,
    };
    let options = Options {
        limits,
        witnesses: plan.witnesses,
        ..Options::default()
    };
    census(&system.clone().under(model), &options).ok()
}

fn search(
    plan: &Exploration,
    system: &System,
    memory: u64,
    context: &Context,
    progress: &Searching,
) -> Result<Survey, Error> {
    let most = plan.subject.shape().map(Shape::expected);
    if plan
        .reach
        .zip(most)
        .is_some_and(|(total, most)| total > most)
    {
        let answer = Some(ReachAnswer::Above);
        return Ok(Survey {
            answer,
            ..Survey::default()
        });
    }
    let family = plan.subject.shape().map(|shape| Family {
        threads: shape.threads(),
        increments: shape.increments(),
        // The search asks for smaller sizes only, which fit because this one does.
        system: move |threads, increments| {
            let smaller = Shape::new(threads, increments).unwrap_or(shape);
            plan.subject.resized(smaller).system()
        },
    });
    let stop = || context.is_done();
    let show = |at: &_| progress.show(at);
    let question = SurveyQuestion {
        reach: plan.reach,
        regardless: plan.states.is_some() || plan.timeout.is_some(),
        options: Options {
            limits: Limits {
                states: plan.states.unwrap_or(u64::MAX),
                memory,
                stop: &stop,
            },
            witnesses: plan.witnesses,
            progress: &show,
        },
    };
    survey(system, family.as_ref(), &question).map_err(|error| match error {
        SurveyError::Family(error) => error,
        SurveyError::Census(error) => Error::Usage(error.to_string()),
    })
}

/// Returns the most memory to hold unless it was told: half of what is left leaves room for what the search
/// does not account for, and for other programs.
fn usual_memory() -> u64 {
    let most = Limits::default().memory;
    lab::memory_left().map_or(most, |left| most.min(left / 2))
}

/// Returns how it ends for a race program: a claim that does not hold is unexpected.
fn race_exit(record: &CensusRecord, stopped: Option<Stop>) -> Exit {
    let is_broken = record.claims.iter().any(|claim| claim.holds == Some(false));
    match (&record.reach, stopped) {
        (_, Some(Stop::Interrupted)) => Exit::Interrupted,
        (Some(reach), _) => match reach.possible {
            Some(true) => Exit::Done,
            Some(false) => Exit::Unexpected,
            None => Exit::Incomplete,
        },
        (None, _) if is_broken => Exit::Unexpected,
        (None, Some(_)) => Exit::Incomplete,
        (None, None) => Exit::Done,
    }
}

fn exit(found: &Survey, stopped: Option<Stop>) -> Exit {
    match (&found.answer, stopped) {
        (_, Some(Stop::Interrupted)) => Exit::Interrupted,
        (Some(ReachAnswer::Examined(_) | ReachAnswer::Excluded(_) | ReachAnswer::Above), _) => {
            Exit::Unexpected
        }
        (Some(ReachAnswer::Incomplete), _) | (None, Some(_)) => Exit::Incomplete,
        (Some(ReachAnswer::Witness(_)), _) | (None, None) => Exit::Done,
    }
}
