//! `replay`: force a schedule, in the model first, then on real threads.

use std::borrow::Cow;
use std::time::Instant;
use std::{fs, io};

use super::forcing::{crew, try_moves};
use super::{output, work};
use crate::cli::{On, OutputArgs, ReplayArgs};
use crate::error::{Error, Exit};
use crate::lab::{self, ForcedRun, Stopped};
use crate::model::{
    Completion, Ending, Machine, Move, Named, OnStep, Schedule, ScheduleRun, Scheduler, Step,
    Story, System,
};
use crate::page;
use crate::plan::Subject;
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

/// Returns the schedule as typed, or as read from the file behind `@` or from standard input for `-`:
/// tokens of long runs are longer than a command line may be.
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
    let subject = SubjectRecord::new(subject, system);
    let Some(predicted) = predict(typed, subject, system, order, context)? else {
        return Ok(None);
    };
    let mut record = predicted.record;
    if typed.on == On::Threads {
        let crew = crew(system, typed.pin)?;
        let began = Instant::now();
        let run = lab::force(&crew, system, &predicted.moves, context);
        let elapsed = began.elapsed().as_nanos();
        record.on = "threads";
        if let Some(ForcedRun { ending, .. }) = run {
            record.elapsed_ns = Some(u64::try_from(elapsed).unwrap_or(u64::MAX));
            record.agree = Some(ending.as_ref() == Some(&predicted.ending));
            record.actual = ending.and_then(|ending| ending.total());
            let total = record.actual.or(record.predicted);
            record.lost = total.and_then(|total| record.subject.lost(total));
        } else {
            record.stopped = Stopped::by(context).into();
        }
    }
    Ok(Some(record))
}

/// The order of steps that was asked for.
pub(super) enum Order {
    Named(Named),
    Token(Schedule),
}

impl Order {
    /// Reads the order as typed, or from the file that was typed.
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
    record: ReplayRecord,
}

/// Runs the schedule in the model; `None` if the context was done first.
fn predict(
    typed: &ReplayArgs,
    subject: SubjectRecord,
    system: &System,
    order: &Order,
    context: &Context,
) -> Result<Option<Prediction>, Error> {
    let completion = if typed.strict {
        Completion::Strict
    } else {
        Completion::Serial
    };
    let mut story = typed.steps.then(Story::default);
    let mut plan = ScheduleRun::new(system, order.source(system), completion);
    let mut tell = story
        .as_mut()
        .map(|story| |step: &Step, machine: &Machine<'_>| story.step(step, machine));
    let observer = tell.as_mut().map(|tell| tell as &mut OnStep<'_, '_>);
    let Some(moves) = try_moves(&mut plan, usize::MAX, observer, context)? else {
        return Ok(None);
    };
    let mut schedule = None;
    if moves.len() <= MOST_SEGMENTS {
        let mut again = ScheduleRun::new(system, order.source(system), completion);
        let collected = again.collect_schedule(MOST_SEGMENTS);
        schedule = collected.map_err(|error| Error::Usage(format!("--schedule: {error}")))?;
    }
    let machine = plan.machine();
    let ending = machine.ending().unwrap_or(Ending::Total(machine.total()));
    let predicted = ending.total();
    let record = ReplayRecord {
        schedule: match (order, schedule) {
            (_, Some(schedule)) => schedule.to_string(),
            (Order::Named(named), None) => named.to_string(),
            (Order::Token(schedule), None) => schedule.to_string(),
        },
        on: "model",
        predicted,
        actual: None,
        deadlock: match &ending {
            Ending::Total(_) => None,
            Ending::Deadlock(waits) => Some(WaitingRecord::at_end(machine, waits)),
        },
        lost: predicted.and_then(|total| subject.lost(total)),
        agree: None,
        subject,
        steps: plan.steps(),
        switches: plan.switches(),
        completed_steps: plan.completed_steps(),
        stopped: StopReason::Completed,
        elapsed_ns: None,
        interleaving: story.map(Story::finish).as_ref().map(interleaving),
    };
    Ok(Some(Prediction {
        moves,
        ending,
        record,
    }))
}
