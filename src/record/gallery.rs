//! The gallery of race programs: `miscount.gallery/1`.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::data::Record;
use crate::error::Error;
use crate::language::{GALLERY, SourceFile, read};

/// The race programs that are built in.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct GalleryRecord {
    /// The programs, by theme.
    pub programs: Vec<GalleryEntry>,
}

/// A race program.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct GalleryEntry {
    /// Its name.
    pub program: Cow<'static, str>,
    /// What it is about: a heading for several.
    pub theme: String,
    /// Its title.
    pub title: String,
    /// What is learned from it.
    pub lesson: String,
    /// Where the race comes from.
    pub source: String,
    /// The number of its threads.
    pub threads: usize,
    /// Whether it is the repaired form of another program.
    pub repaired: bool,
}

/// A line of JSON lines.
#[derive(Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum GalleryLine<'a> {
    /// A program.
    Program(&'a GalleryEntry),
}

/// The themes, in the order in which a course would take them.
const THEMES: [&str; 9] = [
    "Lost updates",
    "Check, then act",
    "Flags and publication",
    "Mutual exclusion by hand",
    "Locks and deadlock",
    "Conditions",
    "Semaphores and barriers",
    "Lock-free",
    "Readers and snapshots",
];

impl GalleryRecord {
    /// Returns the record of the gallery.
    ///
    /// # Errors
    ///
    /// [`Error::Program`] if a program is wrong, which the tests rule out.
    pub fn new() -> Result<Self, Error> {
        let entry = |program: &crate::language::GalleryProgram| {
            let source = SourceFile::new(program.name, program.text);
            let race = read(source, &[], None)?;
            let texts = race.program.texts;
            Ok(GalleryEntry {
                program: program.name.into(),
                theme: texts.theme,
                title: texts.title,
                lesson: texts.lesson,
                source: texts.source,
                threads: race.system.threads(),
                repaired: program.name.ends_with("-fixed"),
            })
        };
        let mut programs = GALLERY
            .iter()
            .map(entry)
            .collect::<Result<Vec<_>, Error>>()?;
        let place = |entry: &GalleryEntry| THEMES.iter().position(|theme| *theme == entry.theme);
        programs.sort_by_key(|entry| place(entry).unwrap_or(THEMES.len()));
        Ok(Self { programs })
    }
}

impl Record for GalleryRecord {
    type Line<'a> = GalleryLine<'a>;

    fn columns(&self) -> &'static str {
        "program,theme,title,threads,repaired,source"
    }

    fn items(&self) -> impl Iterator<Item = Self::Line<'_>> {
        self.programs.iter().map(GalleryLine::Program)
    }
}
