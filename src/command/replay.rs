//! `replay`: force a schedule, in the model first, then on real threads.

use std::borrow::Cow;
use std::time::Instant;
use std::{fs, io};

use super::{output, work};
use crate::cli::{On, OutputArgs, ReplayArgs};
use crate::error::{Error, Exit};
use crate::lab::{self, Crew, Needs, Stopped};
use crate::model::{
    Completion, Ending, Label, Move, Named, Plan, PlanError, Schedule, Source, Story, System,
};
use crate::page;
use crate::plan::{Pinning, StartLine};
use crate::record::{ReplayRecord, StopReason, interleaving};
use crate::strategy::{Shape, Strategy};
use crate::sync::Context;

/// A schedule with more segments than this is shown by its name, where it has one.
const MOST_SEGMENTS: usize = 1000;

/// How often the context is looked at while the model runs, in moves.
const LOOK_EVERY: usize = 1 << 12;

pub(super) fn run(typed: &ReplayArgs, output: &OutputArgs) -> Result<Exit, Error> {
    let (strategy, shape) = typed.modelled.set_up()?;
    let order = Order::typed(&typed.schedule)?;
    // What the model has no room for is said before a file is opened.
    strategy.system(shape)?;
    let (context, _canceler) = work::context(typed.timeout)?;
    let sink = output::open(output)?;
    let Some(record) = replay(typed, &*strategy, shape, &order, &context)? else {
        let stopped = Stopped::by(&context);
        if stopped == Stopped::Timeout {
            output::warn(
                "error: --timeout passed before the model had followed the schedule; allow more \
                 with --timeout, or ask for fewer --increments",
            );
        }
        return Ok(work::cut_short(stopped).unwrap_or(Exit::Done));
    };
    output::deliver(&record, || page::replay(&record), output, sink)?;
    let agreed = || match record.agree {
        Some(false) => Exit::Unexpected,
        _ => Exit::Done,
    };
    Ok(work::cut_short(record.stopped).unwrap_or_else(agreed))
}

/// The schedule that was typed, or what is in the file behind `@` or comes in for `-`: tokens of
/// long runs are longer than a command line may be.
fn schedule(typed: &str) -> Result<Cow<'_, str>, Error> {
    let (read, place) = match typed.strip_prefix('@') {
        Some(path) => (
            fs::read_to_string(path),
            format!("file '{}'", path.escape_debug()),
        ),
        None if typed == "-" => (io::read_to_string(io::stdin()), "standard input".into()),
        None => return Ok(typed.into()),
    };
    let read = read.map_err(|error| {
        Error::Machine(format!(
            "--schedule {}: cannot read {place} ({error}); write a schedule into it first, as with \
             miscount trace --token",
            typed.escape_debug()
        ))
    })?;
    Ok(read.trim().to_string().into())
}

/// Forces the schedule that was typed; `None` if the context was done first.
pub(super) fn replay(
    typed: &ReplayArgs,
    strategy: &dyn Strategy,
    shape: Shape,
    order: &Order,
    context: &Context,
) -> Result<Option<ReplayRecord>, Error> {
    let system = strategy.system(shape)?;
    let completion = if typed.strict {
        Completion::Strict
    } else {
        Completion::Serial
    };
    let Some(prediction) = predict(&system, order, completion, typed.steps, context)? else {
        return Ok(None);
    };
    let forced = match typed.on {
        On::Model => None,
        On::Threads => Some(force(&system, shape, &prediction, typed.pin, context)?),
    };
    Ok(Some(record(
        strategy,
        shape,
        order,
        prediction,
        forced.as_ref(),
    )))
}

/// The order of steps that was asked for.
pub(super) enum Order {
    Named(Named),
    Token(Schedule),
}

impl Order {
    /// What was typed, or what is where that leads to.
    pub(super) fn typed(typed: &str) -> Result<Self, Error> {
        Self::read(&schedule(typed)?)
    }

    pub(super) fn read(text: &str) -> Result<Self, Error> {
        // Tokens are written in capitals, names in small letters.
        if text.starts_with(|first: char| first.is_ascii_lowercase()) {
            let named = text.parse().map(Self::Named);
            return named.map_err(|problem| Error::Usage(format!("--schedule {text}: {problem}")));
        }
        let token = text.parse().map(Self::Token);
        token.map_err(|error| Error::Usage(format!("--schedule: {error}")))
    }

    fn source<'a>(&'a self, system: &System) -> Box<dyn Source + 'a> {
        match self {
            Self::Named(named) => named.source(system),
            Self::Token(schedule) => Box::new(schedule.segments().iter()),
        }
    }
}

/// What the model says.
struct Prediction {
    moves: Vec<Move>,
    total: u64,
    steps: u64,
    switches: u64,
    completed: u64,
    /// As a token, while it is short.
    schedule: Option<Schedule>,
    story: Option<Story>,
}

/// Runs the schedule in the model; `None` if the context was done first.
fn predict(
    system: &System,
    order: &Order,
    completion: Completion,
    told: bool,
    context: &Context,
) -> Result<Option<Prediction>, Error> {
    let refuse = |error: PlanError| Error::Usage(format!("--schedule: {error}"));
    let mut story = told.then(Story::default);
    let mut moves = Vec::new();
    let mut plan = Plan::new(system, order.source(system), completion);
    loop {
        let moved = plan.next_move(&mut |step, machine| {
            if let Some(story) = &mut story {
                story.step(step, machine);
            }
        });
        let Some(moved) = moved else { break };
        moves.push(moved.map_err(refuse)?);
        if moves.len() % LOOK_EVERY == 0 && context.is_done() {
            return Ok(None);
        }
    }
    let total = match plan.machine().ending() {
        Some(Ending::Total(total)) => total,
        Some(Ending::Deadlock(waits)) => {
            let waits: Vec<String> = waits
                .into_iter()
                .map(|(thread, wait)| {
                    format!(
                        "{} waits for {}",
                        Label(thread),
                        plan.machine().describe(wait)
                    )
                })
                .collect();
            return Err(Error::Usage(format!(
                "--schedule ends in a deadlock: {}",
                waits.join("; ")
            )));
        }
        None => plan.machine().total(),
    };
    let (steps, switches, completed) = (plan.steps(), plan.switches(), plan.completed_steps());
    let schedule = if moves.len() <= MOST_SEGMENTS {
        let mut again = Plan::new(system, order.source(system), completion);
        again.collect_schedule(MOST_SEGMENTS).map_err(refuse)?
    } else {
        None
    };
    Ok(Some(Prediction {
        moves,
        total,
        steps,
        switches,
        completed,
        schedule,
        story: story.map(Story::finish),
    }))
}

/// What real threads did.
enum Forced {
    /// They came to the end.
    Done { total: u64, elapsed_ns: u64 },
    /// They were stopped before.
    Stopped(StopReason),
}

fn force(
    system: &System,
    shape: Shape,
    prediction: &Prediction,
    pinning: Pinning,
    context: &Context,
) -> Result<Forced, Error> {
    let crew = Crew::spawn(Needs::threads(shape.threads()), StartLine::None, pinning)?;
    let began = Instant::now();
    let total = lab::force(&crew, system, &prediction.moves, context);
    let elapsed = began.elapsed().as_nanos();
    Ok(match total {
        Some(total) => Forced::Done {
            total,
            elapsed_ns: u64::try_from(elapsed).unwrap_or(u64::MAX),
        },
        None => Forced::Stopped(Stopped::by(context).into()),
    })
}

fn record(
    strategy: &dyn Strategy,
    shape: Shape,
    order: &Order,
    prediction: Prediction,
    forced: Option<&Forced>,
) -> ReplayRecord {
    let on = if forced.is_some() { "threads" } else { "model" };
    let (actual, elapsed_ns, stopped) = match forced {
        Some(&Forced::Done { total, elapsed_ns }) => {
            (Some(total), Some(elapsed_ns), StopReason::Completed)
        }
        Some(&Forced::Stopped(why)) => (None, None, why),
        None => (None, None, StopReason::Completed),
    };
    ReplayRecord {
        schema: ReplayRecord::SCHEMA,
        strategy: strategy.kind().name,
        flags: strategy.flags(),
        threads: shape.threads(),
        increments: shape.increments(),
        schedule: match (order, prediction.schedule) {
            (_, Some(schedule)) => schedule.to_string(),
            (Order::Named(named), None) => named.to_string(),
            (Order::Token(schedule), None) => schedule.to_string(),
        },
        on,
        expected: shape.expected(),
        predicted: prediction.total,
        actual,
        lost: shape.expected() - actual.unwrap_or(prediction.total),
        agree: actual.map(|actual| actual == prediction.total),
        steps: prediction.steps,
        switches: prediction.switches,
        completed_steps: prediction.completed,
        stopped,
        elapsed_ns,
        interleaving: prediction.story.as_ref().map(interleaving),
    }
}
