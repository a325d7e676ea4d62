//! `tour`: the chapters, real experiments, and a visitor who predicts.

use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use super::class::summarize;
use super::experiment::Commands;
use super::save::Saved;
use super::sink::refuse_same;
use super::visitor::{Script, Typist};
use super::watch::Watched;
use super::{output, report, work};
use crate::cli::{OutputArgs, TourArgs, echoed};
use crate::error::{Error, Exit};
use crate::record::TourEnd;
use crate::render::Format;
use crate::tour::{ALL, Guide, Visitor, find};

/// How long an audience at a terminal has for each line.
const PACE: Duration = Duration::from_secs(1);

pub(super) fn run(typed: &TourArgs, output: &OutputArgs) -> Result<Exit, Error> {
    if typed.list {
        return output::hand_out(&list(), output);
    }
    if let Some(file) = &typed.summary {
        return summarize(file, output);
    }
    let first = typed.chapter.as_deref().map_or(Ok(0), place)?;
    let chapters = ALL.get(first..).unwrap_or_default();
    // A lesson to be handed round asks its readers, not the person who makes it.
    let auto = typed.auto || output.format == Format::Html && typed.answers.is_none();
    let alone = auto || typed.answers.is_some();
    if output.output.is_some() && output.format.is_text() && !alone {
        return Err(Error::Usage(
            "--output would hide the questions; add --auto, --answers FILE or another --format"
                .into(),
        ));
    }
    let answers = ("--answers", typed.answers.as_deref());
    let save = ("--save", typed.save.as_deref());
    let whole = ("--output", output.output.as_deref());
    for (one, other) in [(answers, save), (answers, whole), (save, whole)] {
        refuse_same(one, other)?;
    }
    let (context, _canceler) = work::context(None)?;
    let script = typed.answers.as_deref();
    let script = script
        .map(|file| Script::read(file, chapters))
        .transpose()?;
    let name = typed.name.as_deref().unwrap_or_default();
    let saved = typed.save.as_deref().map(|path| Saved::open(path, name));
    let saved = saved.transpose()?;
    let mut sink = output::open(output)?;
    let mut visitor: Option<Box<dyn Visitor>> = match script {
        _ if auto => None,
        Some(script) => Some(Box::new(script)),
        None => Some(Box::new(Typist::new(context.clone())?)),
    };
    // A reader of the record may not want the conversation, and without questions there is none.
    let mut aside: Box<dyn Write> = if output.quiet || auto {
        Box::new(io::sink())
    } else {
        Box::new(Watched(io::stderr()))
    };
    let out: &mut dyn Write = if output.format.is_text() {
        &mut sink
    } else {
        &mut aside
    };
    let page = output::page(output);
    let context = &context;
    let is_shown = output.output.is_none() && output.format.is_text() && io::stdout().is_terminal();
    let usual = if is_shown { PACE } else { Duration::ZERO };
    let mut experiments = Commands {
        page,
        context,
        command: String::new(),
        pace: typed.pace.unwrap_or(usual),
    };
    let visitor = visitor
        .as_mut()
        .map(|visitor| &mut **visitor as &mut dyn Visitor);
    let (tour, written) = Guide::new(page, out, &mut experiments, visitor).lead(ALL, first);
    // First of all what was predicted, even if nothing can be written any more.
    if let Some(saved) = saved {
        saved.append(&tour)?;
    }
    if output.format.is_text() {
        let is_read = written.is_ok();
        sink.settle(written)?;
        if !is_read {
            return Ok(Exit::Done);
        }
    } else {
        written
            .map_err(|error| Error::Machine(format!("cannot write to standard error: {error}")))?;
        output::deliver(&tour, || report::tour(&tour, output.format), output, sink)?;
    }
    Ok(match tour.ended {
        TourEnd::Interrupted => Exit::Interrupted,
        TourEnd::Completed | TourEnd::Left => Exit::Done,
    })
}

/// Returns the chapters, a line each.
fn list() -> String {
    let width = ALL.iter().map(|chapter| chapter.name.len()).max();
    let width = width.unwrap_or(0);
    ALL.iter()
        .enumerate()
        .map(|(place, chapter)| {
            let (number, name, title) = (place + 1, chapter.name, chapter.title);
            format!("{number:2}  {name:<width$}  {title}\n")
        })
        .collect()
}

/// Returns the place of a chapter that was asked for by name or number.
fn place(typed: &str) -> Result<usize, Error> {
    find(typed).ok_or_else(|| {
        Error::Usage(format!(
            "no chapter '{}'; 'miscount tour --list' lists them",
            echoed(typed)
        ))
    })
}
