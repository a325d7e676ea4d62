//! `replay`: force a schedule, in the model first, then on real threads.

use std::borrow::Cow;
use std::time::Instant;
use std::{fs, io};

use super::forcing::{crew, try_moves};
use super::{output, work};
use crate::cli::{On, OutputArgs, ReplayArgs};
use crate::error::{Error, Exit};
use crate::lab::{self, Stopped};
use crate::model::{
    Completion, Ending, Machine, Move, Named, Schedule, ScheduleRun, Scheduler, Step, Story, System,
};
use crate::page;
use crate::plan::{Pinning, Subject};
use crate::record::{ReplayRecord, StopReason, SubjectRecord, WaitingRecord, interleaving};
use crate::sync::Context;

/// A schedule with more segments than this is shown by its name, where it has one.
const MOST_SEGMENTS: usize = 1000;

pub(super) fn run(typed: &ReplayArgs, output: &OutputArgs) -> Result<Exit, Error> {
    let subject = typed.modelled.subject()?;
    let order = Order::typed(&typed.schedule)?;
    // What the model has no room for is said before a file is opened.
    let system = subject.system()?;
    let (context, _canceler) = work::context(typed.timeout)?;
    let sink = output::open(output)?;
    let Some(record) = replay(typed, &subject, &system, &order, &context)? else {
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
    subject: &Subject,
    system: &System,
    order: &Order,
    context: &Context,
) -> Result<Option<ReplayRecord>, Error> {
    let completion = if typed.strict {
        Completion::Strict
    } else {
        Completion::Serial
    };
    let Some(prediction) = predict(system, order, completion, typed.steps, context)? else {
        return Ok(None);
    };
    let forced = match typed.on {
        On::Model => None,
        On::Threads => Some(force(system, &prediction, typed.pin, context)?),
    };
    let subject = SubjectRecord::new(subject, system);
    Ok(Some(record(subject, order, prediction, forced.as_ref())))
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

    fn source<'a>(&'a self, system: &System) -> Box<dyn Scheduler + 'a> {
        match self {
            Self::Named(named) => named.source(system),
            Self::Token(schedule) => Box::new(schedule.segments().iter()),
        }
    }
}

/// What the model says.
struct Prediction {
    moves: Vec<Move>,
    ending: Ending,
    deadlock: Option<Vec<WaitingRecord>>,
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
    let mut story = told.then(Story::default);
    let mut plan = ScheduleRun::new(system, order.source(system), completion);
    let mut tell = |step: &Step, machine: &Machine<'_>| {
        if let Some(story) = &mut story {
            story.step(step, machine);
        }
    };
    let Some(moves) = try_moves(&mut plan, usize::MAX, &mut tell, context)? else {
        return Ok(None);
    };
    let machine = plan.machine();
    let ending = machine.ending().unwrap_or(Ending::Total(machine.total()));
    let deadlock = match &ending {
        Ending::Total(_) => None,
        Ending::Deadlock(waits) => Some(WaitingRecord::at_end(machine, waits)),
    };
    let (steps, switches, completed) = (plan.steps(), plan.switches(), plan.completed_steps());
    let schedule = if moves.len() <= MOST_SEGMENTS {
        let mut again = ScheduleRun::new(system, order.source(system), completion);
        let collected = again.collect_schedule(MOST_SEGMENTS);
        collected.map_err(|error| Error::Usage(format!("--schedule: {error}")))?
    } else {
        None
    };
    Ok(Some(Prediction {
        moves,
        ending,
        deadlock,
        steps,
        switches,
        completed,
        schedule,
        story: story.map(Story::finish),
    }))
}

/// What real threads did.
enum Forced {
    /// They came to the end; `None` if one of them could have gone on.
    Done {
        ending: Option<Ending>,
        elapsed_ns: u64,
    },
    /// They were stopped before.
    Stopped(StopReason),
}

fn force(
    system: &System,
    prediction: &Prediction,
    pinning: Pinning,
    context: &Context,
) -> Result<Forced, Error> {
    let crew = crew(system, pinning)?;
    let began = Instant::now();
    let run = lab::force(&crew, system, &prediction.moves, context);
    let elapsed = began.elapsed().as_nanos();
    Ok(match run {
        Some(run) => Forced::Done {
            ending: run.ending(),
            elapsed_ns: u64::try_from(elapsed).unwrap_or(u64::MAX),
        },
        None => Forced::Stopped(Stopped::by(context).into()),
    })
}

fn record(
    subject: SubjectRecord,
    order: &Order,
    prediction: Prediction,
    forced: Option<&Forced>,
) -> ReplayRecord {
    let on = if forced.is_some() { "threads" } else { "model" };
    let total = |ending: &Ending| match ending {
        Ending::Total(total) => Some(*total),
        Ending::Deadlock(_) => None,
    };
    let predicted = total(&prediction.ending);
    let (ended, elapsed_ns, stopped) = match forced {
        Some(Forced::Done { ending, elapsed_ns }) => (
            Some(ending.as_ref()),
            Some(*elapsed_ns),
            StopReason::Completed,
        ),
        Some(&Forced::Stopped(why)) => (None, None, why),
        None => (None, None, StopReason::Completed),
    };
    let actual = ended.flatten().and_then(total);
    ReplayRecord {
        schema: ReplayRecord::SCHEMA,
        schedule: match (order, prediction.schedule) {
            (_, Some(schedule)) => schedule.to_string(),
            (Order::Named(named), None) => named.to_string(),
            (Order::Token(schedule), None) => schedule.to_string(),
        },
        on,
        predicted,
        actual,
        lost: actual.or(predicted).and_then(|total| subject.lost(total)),
        agree: ended.map(|ending| ending == Some(&prediction.ending)),
        subject,
        deadlock: prediction.deadlock,
        steps: prediction.steps,
        switches: prediction.switches,
        completed_steps: prediction.completed,
        stopped,
        elapsed_ns,
        interleaving: prediction.story.as_ref().map(interleaving),
    }
}
