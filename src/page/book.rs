//! The gallery as a book: a part for each theme, in it each race beside its repaired form.

use super::document::{Block, Document, Section};
use super::map::strong;
use super::program::program;
use crate::record::{ExplainedProgram, GalleryRecord};

/// Returns the book of these programs, which are all of the gallery.
pub fn book<'a>(record: &'a GalleryRecord, explained: &'a [ExplainedProgram]) -> Document<'a> {
    let page = |name: &str| {
        let mut programs = explained.iter();
        let found = programs.find(|found| found.subject.program.as_deref() == Some(name))?;
        Some(program(found).without_advice())
    };
    let themes = record.programs.chunk_by(|a, b| a.theme == b.theme);
    let sections = themes.map(|programs| {
        let races = programs.iter().filter(|entry| !entry.repaired);
        let races = races.map(|entry| {
            let repaired = format!("{}-fixed", entry.program);
            let both = [page(&entry.program), page(&repaired)];
            Block::Reports(both.into_iter().flatten().collect())
        });
        let theme = programs.first().map_or("", |entry| &entry.theme);
        Section::new(theme, races.collect::<Vec<_>>())
    });
    let lead = Block::words(
        "Each race is a program of a few lines. Beside it, where there is one, stands its repaired form. \
         Every outcome and every number of schedules is counted, none is sampled.",
    );
    Document {
        lead: vec![lead],
        ..Document::new(strong("A book of races"), sections.collect())
    }
}
