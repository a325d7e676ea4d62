//! `trace`: run until updates are lost, and show which and how.

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
use crate::strategy::{Shape, Strategy, no_memory};
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
        let run = traced.explained.as_ref();
        let token = run.map(|run| token(&plan.strategy, plan.shape, run));
        let token = token.transpose()?;
        sink.finish(&token.map_or_else(String::new, |token| token + "\n"))?;
    } else {
        let is_drawn = typed.picture.svg.is_some();
        let document = || document(&traced, &plan.strategy, output.format, is_drawn);
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

/// Returns the report of a trace, of which `is_drawn` tells that there is a picture; as a page, which has
/// one, with the player of its run.
pub(super) fn document<'a>(
    traced: &'a TracedRun,
    strategy: &Strategy,
    format: Format,
    is_drawn: bool,
) -> Document<'a> {
    let is_page = format == Format::Html;
    let mut document = page::trace(traced, strategy, is_drawn || is_page);
    let run = traced.explained.as_ref().filter(|_| is_page);
    let played = run.and_then(|run| player(&traced.record, strategy, run));
    document.sections.extend(played.and_then(Player::section));
    document
}

/// Returns the player of a run; `None` for one that a page does not play.
fn player(record: &TraceRecord, strategy: &Strategy, run: &Explained) -> Option<Player> {
    let shape = Shape::new(record.threads, record.increments)?;
    if shape.expected() > MOST_PLAYED {
        return None;
    }
    // A run without a token is no news here: --token says why.
    let token = token(strategy, shape, run).ok()?;
    let (name, flags) = (strategy.kind().name, strategy.flags());
    let size = format!("-t {} -i {}", shape.threads(), shape.increments());
    // The model knows no time: without flags that are about it, the strategy is the same.
    let subject = subject_of(&format!("{name} {flags} {size}"), None);
    let subject = subject.or_else(|| subject_of(&format!("{name} {size}"), None))?;
    let caption = format!("Run {}, as it was recorded", page::grouped(run.run));
    let schedules = vec![(caption, token)];
    Some(Player::new(subject.arguments(), None, schedules, false))
}

/// Returns the schedule token of the run, replayed before it is given out.
fn token(strategy: &Strategy, shape: Shape, run: &Explained) -> Result<String, Error> {
    let system = strategy.system(shape)?;
    lab::set_aside(shape.expected().saturating_mul(FOR_TOKEN))
        .map(drop)
        .ok_or_else(|| no_memory(shape))?;
    let token = blind("found the token of the run", || run.token(&system));
    token.map(|schedule| schedule.to_string()).map_err(|why| {
        let strategy = strategy.kind().name;
        Error::Machine(format!("{}; please report this", why.sentence(strategy)))
    })
}

fn impossible(error: &Impossible) -> Error {
    Error::Machine(format!(
        "the recording contradicts itself: {}; please report this",
        error.sentence(|thread| Label(thread).to_string())
    ))
}
