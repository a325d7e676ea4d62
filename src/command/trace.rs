//! `trace`: run until updates are lost, and show which and how.

use super::play::playable;
use super::watch::blind;
use super::{output, picture, work};
use crate::cli::{OutputArgs, TraceArgs, subject_of};
use crate::error::{Error, Exit};
use crate::lab::{self, Runs, Stopped};
use crate::lineage::Impossible;
use crate::model::Label;
use crate::page::{self, Document, Player, plural};
use crate::plan::{CountingPlan, When};
use crate::record::{Explained, TraceRecord, TracedRun};
use crate::render::Format;
use crate::strategy::no_memory;
use crate::sync::Context;
use crate::term::{ProgressGoal, ProgressLine};

/// The most bytes an increment that are needed to find its token and replay it.
const FOR_TOKEN: u64 = 256;

/// The most increments of a run that a page plays.
const MOST_PLAYED: u64 = 1 << 17;

/// The bytes that an increment of an explained run takes meanwhile.
const EXPLAINED: u64 = 40;

pub(super) fn run(typed: &TraceArgs, output: &OutputArgs) -> Result<Exit, Error> {
    let mut typed = typed.clone();
    let window_added = work::one_core() && typed.settings.open_window(typed.kind, typed.threads);
    let plan = CountingPlan {
        window_added,
        ..CountingPlan::try_from(&typed)?
    };
    if typed.token && !output.format.is_text() {
        return Err(Error::Usage(
            "--token prints a schedule token and nothing else; leave out --format or --token"
                .into(),
        ));
    }
    if typed.fates && matches!(output.format, Format::Text | Format::Markdown) {
        return Err(Error::Usage(
            "--fates is about the data of a trace; add --format json, jsonl or csv".into(),
        ));
    }
    let (context, _canceler) = work::context(typed.timeout)?;
    picture::refuse_same(&typed.picture, output)?;
    let sink = output::open(output)?;
    let drawing = picture::open(&typed.picture)?;
    let then = if typed.token {
        EXPLAINED + FOR_TOKEN
    } else {
        0
    };
    let (traced, stopped) = trace(&plan, &context, output.progress, output.ascii, then)?;
    let mut traced = TracedRun {
        fates: typed.fates,
        ..traced
    };
    output::stamp(&mut traced.record.environment, &output.command);
    if let (Some(drawing), Some(run)) = (drawing, &traced.explained) {
        drawing.draw(|theme| crate::picture::picture(&traced.record, run, theme))?;
    }
    if typed.token {
        let token = traced
            .explained
            .as_ref()
            .map(|run| blind("found the token of the run", || token(&plan, run)))
            .transpose()?;
        sink.finish(&token.map_or_else(String::new, |token| token + "\n"))?;
    } else {
        let document = || {
            played(
                page::trace(&traced, &*plan.strategy),
                &plan,
                &traced,
                output,
            )
        };
        output::deliver(&traced, document, output, sink)?;
    }
    // The text says it itself.
    let is_silent = typed.token || !output.format.is_text();
    if is_silent && stopped == Stopped::Timeout && traced.explained.is_none() {
        output::warn(
            "error: --timeout passed before a run finished; raise --timeout, or lower \
             --increments",
        );
    }
    let lost = traced.record.lost.filter(|lost| *lost > 0);
    let lost = lost.map(|lost| format!("the run lost {}", plural(lost, "update")));
    let expectation = || work::expectation(typed.expect, lost, traced.record.runs_completed);
    Ok(work::cut_short(stopped).unwrap_or_else(expectation))
}

/// Runs until a run loses updates, and explains it. There must be memory for `then` bytes an
/// increment after that.
pub(super) fn trace(
    plan: &CountingPlan,
    context: &Context,
    when: When,
    ascii: bool,
    then: u64,
) -> Result<(TracedRun, Stopped), Error> {
    let expected = plan.shape.expected();
    let mut progress = ProgressLine::new(ProgressGoal::Runs(plan.runs), when, ascii);
    let mut shown = progress.observer(|runs: &Runs| (runs.count(), runs.lost(expected)));
    let (recorded, outcome) = lab::record(plan, context, &mut shown, then)?;
    progress.clear();
    let explained = blind("explained the run", || {
        recorded.map(Explained::of).transpose()
    })
    .map_err(|error| impossible(&error))?;
    let traced = TracedRun {
        record: TraceRecord::new(plan, &outcome, explained.as_ref()),
        explained,
        fates: false,
    };
    Ok((traced, outcome.stopped))
}

/// Adds the player of the run to its report, if that is to become a page.
fn played<'a>(
    mut document: Document<'a>,
    plan: &CountingPlan,
    traced: &TracedRun,
    output: &OutputArgs,
) -> Document<'a> {
    let run = traced.explained.as_ref();
    let is_played = output.format == Format::Html && plan.shape.expected() <= MOST_PLAYED;
    let Some(run) = run.filter(|_| is_played) else {
        return document;
    };
    // A run without a token is no news here: --token says why.
    let Ok(token) = blind("found the token of the run", || token(plan, run)) else {
        return document;
    };
    let (name, shape) = (plan.strategy.kind().name, plan.shape);
    let size = format!("-t {} -i {}", shape.threads(), shape.increments());
    let flags = plan.strategy.flags();
    // The model knows no time: without flags that are about it, the strategy is the same.
    let subject = subject_of(&format!("{name} {flags} {size}"), None);
    let Some(subject) = subject.or_else(|| subject_of(&format!("{name} {size}"), None)) else {
        return document;
    };
    let caption = format!("Run {}, as it was recorded", page::grouped(run.run));
    let player = Player::new(subject.arguments(), None, vec![(caption, token)], false);
    document.sections.extend(player.section());
    playable(document, output.format)
}

/// Returns the schedule token of the run, replayed before it is given out.
fn token(plan: &CountingPlan, run: &Explained) -> Result<String, Error> {
    let system = plan.strategy.system(plan.shape)?;
    lab::set_aside(plan.shape.expected().saturating_mul(FOR_TOKEN))
        .map(drop)
        .ok_or_else(|| no_memory(plan.shape))?;
    run.token(&system)
        .map(|schedule| schedule.to_string())
        .map_err(|why| {
            let strategy = plan.strategy.kind().name;
            Error::Machine(format!("{}; please report this", why.sentence(strategy)))
        })
}

fn impossible(error: &Impossible) -> Error {
    Error::Machine(format!(
        "the recording contradicts itself: {}; please report this",
        error.sentence(|thread| Label(thread).to_string())
    ))
}
