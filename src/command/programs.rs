//! `programs`: the gallery, or the source of one program.

use super::output;
use crate::cli::{OutputArgs, ProgramsArgs};
use crate::error::{Error, Exit};
use crate::language::in_gallery;
use crate::page;
use crate::record::GalleryRecord;

pub(super) fn run(typed: &ProgramsArgs, output: &OutputArgs) -> Result<Exit, Error> {
    if let Some(program) = typed.name.as_deref().and_then(in_gallery) {
        return output::hand_out(program.text, output);
    }
    let sink = output::open(output)?;
    let record = GalleryRecord::new()?;
    output::deliver(&record, || page::gallery(&record), output, sink)?;
    Ok(Exit::Done)
}
