//! `programs`: the gallery, or the source of one program.

use super::{explain, output, work};
use crate::cli::{ExplainTopic, OutputArgs, ProgramsArgs, of_gallery};
use crate::error::{Error, Exit};
use crate::language::{GALLERY, in_gallery};
use crate::page::{self, Document};
use crate::plan::When;
use crate::record::{ExplainedProgram, GalleryRecord};
use crate::render::Format;
use crate::term::Searching;

pub(super) fn run(typed: &ProgramsArgs, output: &OutputArgs) -> Result<Exit, Error> {
    if let Some(program) = typed.name.as_deref().and_then(in_gallery) {
        return match output.format {
            Format::Text => output::hand_out(program.text, output),
            _ => explain::write(
                ExplainTopic::Subject(of_gallery(program.name)?.into()),
                output,
            ),
        };
    }
    let sink = output::open(output)?;
    let record = GalleryRecord::new()?;
    let book = match output.format {
        Format::Html => explained_gallery()?,
        _ => Vec::new(),
    };
    output::deliver(&record, || gallery(&record, &book), output, sink)?;
    Ok(Exit::Done)
}

/// Returns the report of the gallery: a list, or a book of the programs if these are explained.
pub(super) fn gallery<'a>(
    record: &'a GalleryRecord,
    explained: &'a [ExplainedProgram],
) -> Document<'a> {
    match explained {
        [] => page::gallery(record),
        explained => page::book(record, explained),
    }
}

/// Returns every program of the gallery, explained.
pub(super) fn explained_gallery() -> Result<Vec<ExplainedProgram>, Error> {
    let (context, _canceler) = work::context(None)?;
    let progress = Searching::new(When::Never, false);
    let mut all = Vec::new();
    for program in GALLERY {
        let subject = of_gallery(program.name)?;
        if let Some(race) = subject.race() {
            all.push(explain::explained(&subject, race, &context, &progress)?);
        }
    }
    Ok(all)
}
