//! `replay`: force a schedule, in the model first, then on real threads.

use std::time::{Duration, Instant};

use super::forcing::{crew, try_moves};
use super::order::{self, Order};
use super::sink::refuse_same;
use super::watch::blind;
use super::{output, picture, program, screening, work};
use crate::cli::{On, OutputArgs, ReplayArgs};
use crate::error::{Error, Exit};
use crate::lab::{self, ForcedRun, Stopped};
use crate::model::{Completion, Ending, Machine, Move, OnStep, ScheduleRun, Step, Story, System};
use crate::page;
use crate::plan::Subject;
use crate::record::{
    EndRecord, ReplayRecord, StopReason, SubjectRecord, WaitingRecord, interleaving,
};
use crate::sync::Context;

/// A schedule with more segments than this is shown by its name, where it has one.
const MOST_SEGMENTS: usize = 1000;

pub(super) fn run(typed: &ReplayArgs, output: &OutputArgs) -> Result<Exit, Error> {
    let subject = typed.modelled.subject(&program::read)?;
    // What the model has no room for is said before a file is opened.
    let system = subject.system()?;
    let on = typed.on()?;
    let (context, _canceler) = work::context(typed.timeout)?;
    refuse_same(
        ("--schedule", order::file(&typed.schedule)),
        ("--output", output.output.as_deref()),
    )?;
    let order = Order::typed(&typed.schedule)?.of(&subject, &system)?;
    if typed.play {
        screening::expect_terminal(output)?;
    }
    picture::refuse_same(&typed.picture, output)?;
    let sink = output::open(output)?;
    let drawing = picture::open(&typed.picture)?;
    if typed.play {
        let pause = (typed.speed > 0.0).then(|| Duration::from_secs_f64(1.0 / typed.speed));
        if !screening::play(&subject, &system, &order, pause, output, &context)? {
            return Ok(work::cut_short(Stopped::by(&context)).unwrap_or(Exit::Done));
        }
    }
    let Some(record) = replay(typed, on, &subject, &system, &order, &context)? else {
        let stopped = Stopped::by(&context);
        if stopped == Stopped::Timeout {
            output::warn(
                "error: --timeout passed before the model had followed the schedule; raise \
                 --timeout, or take a smaller size",
            );
        }
        return Ok(work::cut_short(stopped).unwrap_or(Exit::Done));
    };
    if let Some(drawing) = drawing {
        drawing.draw_schedule(&subject, &system, order.source(&system), Completion::Serial)?;
    }
    let document = || page::replay(&record);
    output::deliver(&record, document, output, sink)?;
    let agreed = || match record.agree {
        Some(false) => Exit::Unexpected,
        _ => work::expectation(typed.expect, wrong(&record), 1),
    };
    Ok(work::cut_short(record.stopped).unwrap_or_else(agreed))
}

/// Returns how the run went wrong, if it did.
fn wrong(record: &ReplayRecord) -> Option<String> {
    if record.deadlock.is_some() {
        return Some("the run ended in a deadlock".into());
    }
    if let Some(end) = &record.end {
        return (end.correct == Some(false)).then(|| "the outcome is wrong".into());
    }
    let lost = record.lost.filter(|&lost| lost > 0)?;
    Some(format!("the run lost {}", page::plural(lost, "update")))
}

/// Forces the schedule that was typed; `None` if the context was done first.
pub(super) fn replay(
    typed: &ReplayArgs,
    on: On,
    subject: &Subject,
    system: &System,
    order: &Order,
    context: &Context,
) -> Result<Option<ReplayRecord>, Error> {
    let told = subject;
    let subject = SubjectRecord::new(subject, system);
    let predicted = blind("followed the schedule in the model", || {
        predict((typed, on), (told, subject), system, order, context)
    });
    let Some(predicted) = predicted? else {
        return Ok(None);
    };
    let mut record = predicted.record;
    record.end = told.race().and(predicted.end);
    if on == On::Threads {
        let crew = crew(system, typed.pin, context)?;
        let began = Instant::now();
        let run = lab::force(&crew, system, &predicted.moves, context);
        let elapsed = began.elapsed().as_nanos();
        record.on = "threads".into();
        if let Some(ForcedRun { ending, .. }) = run {
            record.elapsed_ns = Some(u64::try_from(elapsed).unwrap_or(u64::MAX));
            record.agree = Some(ending.as_ref() == Some(&predicted.ending));
            record.actual = ending.as_ref().and_then(Ending::total);
            if let (Some(ending), Some(false), true) = (&ending, record.agree, record.end.is_some())
            {
                record.end = Some(EndRecord::new(told, system, ending, None));
            }
            let total = record.actual.or(record.predicted);
            record.lost = total.and_then(|total| record.subject.lost(total));
        } else {
            record.stopped = Stopped::by(context).into();
        }
    }
    Ok(Some(record))
}

/// What the model says.
struct Prediction {
    moves: Vec<Move>,
    ending: Ending,
    record: ReplayRecord,
    /// How a race program ends.
    end: Option<EndRecord>,
}

/// Runs the schedule in the model; `None` if the context was done first.
fn predict(
    (typed, on): (&ReplayArgs, On),
    (told, subject): (&Subject, SubjectRecord),
    system: &System,
    order: &Order,
    context: &Context,
) -> Result<Option<Prediction>, Error> {
    let completion = if typed.strict {
        Completion::Strict
    } else {
        Completion::Serial
    };
    // What was played is not printed again.
    let mut story = (typed.steps && !typed.play).then(Story::default);
    let mut plan = ScheduleRun::new(system, order.source(system), completion);
    let mut tell = story
        .as_mut()
        .map(|story| |step: &Step, machine: &Machine<'_>| story.step(step, machine));
    let observer = tell.as_mut().map(|tell| tell as &mut OnStep<'_, '_>);
    let mut moves = Vec::new();
    let mut number = 0;
    let on_threads = on == On::Threads;
    let keep = |moved| {
        number += 1;
        if on_threads {
            moves.push(moved);
        }
    };
    if !try_moves(&mut plan, usize::MAX, observer, context, keep)? {
        return Ok(None);
    }
    let mut schedule = None;
    if number <= MOST_SEGMENTS {
        let mut again = ScheduleRun::new(system, order.source(system), completion);
        let collected = again.collect_schedule(MOST_SEGMENTS);
        schedule = collected.map_err(|error| Error::Usage(format!("--schedule: {error}")))?;
    }
    let machine = plan.machine();
    let ending = machine.ending().unwrap_or_else(|| machine.finished());
    let end = EndRecord::new(told, system, &ending, Some(machine));
    let predicted = ending.total();
    let record = ReplayRecord {
        schedule: match (order, schedule) {
            (_, Some(schedule)) => schedule.to_string(),
            (Order::Named(named), None) => named.to_string(),
            (Order::Token(token), None) => token.schedule().to_string(),
        },
        on: "model".into(),
        end: None,
        predicted,
        actual: None,
        deadlock: match &ending {
            Ending::Total(_) | Ending::Values(_) | Ending::Failed(..) | Ending::Livelock => None,
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
        end: Some(end),
    }))
}
