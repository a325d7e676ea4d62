//! The gallery of race programs.

use super::document::{Block, Document, Section};
use super::map::{see_for_yourself, strong};
use super::text::Text;
use crate::record::{CommandRecord, GalleryEntry, GalleryRecord};
use crate::term::Tone;

/// Returns the gallery as a page: a section for each theme.
pub fn gallery(record: &GalleryRecord) -> Document<'_> {
    let themes = record.programs.chunk_by(|a, b| a.theme == b.theme);
    let section = |programs: &[GalleryEntry]| {
        let headings = vec!["program", "", "title"];
        let rows = programs.iter().map(row).collect();
        let theme = programs.first().map_or("", |program| &program.theme);
        Section::new(strong(theme), [Block::Entries(headings, rows)])
    };
    let mut sections: Vec<_> = themes.map(section).collect();
    let commands = [
        ("copy one and change it", "miscount programs bank > my.race"),
        ("count its outcomes", "miscount explore my.race"),
        ("on real threads", "miscount run my.race"),
        ("choose every step", "miscount step my.race"),
        ("explain each line", "miscount explain my.race"),
    ];
    let commands = commands.map(|(purpose, command)| CommandRecord::new(purpose, command));
    sections.push(see_for_yourself(commands.into()));
    Document::new(strong("Race programs"), sections)
}

fn row(program: &GalleryEntry) -> Vec<Text> {
    let form = if program.repaired {
        Text::toned(Tone::Good, "right")
    } else {
        Text::from("")
    };
    vec![
        Text::toned(Tone::Name, &*program.program),
        form,
        program.title.clone().into(),
    ]
}
