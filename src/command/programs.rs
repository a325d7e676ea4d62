//! `programs`: the gallery, or the source of one program.

use super::{explain, output, report, work};
use crate::cli::{ExplainTopic, OutputArgs, ProgramsArgs, of_gallery};
use crate::error::{Error, Exit};
use crate::language::{GALLERY, in_gallery};
use crate::plan::When;
use crate::record::{AnyRecord, ExplainedProgram, GalleryRecord};
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
    let record = GalleryRecord::new()?.into();
    report::deliver(&record, &book(&record, output.format)?, output, sink)?;
    Ok(Exit::Done)
}

/// Returns every program of the gallery, explained, if the report of this record is to be a book of them.
pub(super) fn book(record: &AnyRecord, format: Format) -> Result<Vec<ExplainedProgram>, Error> {
    if !matches!(record, AnyRecord::Gallery(_)) || format != Format::Html {
        return Ok(Vec::new());
    }
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
