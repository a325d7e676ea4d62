//! `tour --summary`: what a class has predicted.

use std::path::Path;

use super::files::read_file;
use super::output;
use super::sink::{refuse_same, unusable};
use crate::cli::{OutputArgs, echoed};
use crate::error::{Error, Exit};
use crate::page;
use crate::record::{Asked, ClassRecord, SavedPrediction};
use crate::tour::{ALL, Form};

/// The most bytes of a file of predictions.
const MOST_BYTES: u64 = 1 << 28;

/// Shows the predictions that this file has collected.
pub(super) fn summarize(file: &Path, output: &OutputArgs) -> Result<Exit, Error> {
    let whole = output.output.as_deref();
    refuse_same(("--summary", Some(file)), ("--output", whole))?;
    let text = read_file(file, MOST_BYTES).map_err(|error| unusable("--summary", file, &error))?;
    let rows = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes())
        .deserialize()
        .collect::<Result<Vec<SavedPrediction>, _>>()
        .map_err(|error| Error::Usage(format!("--summary: {error}")))?;
    if rows.is_empty() {
        let name = echoed(&file.to_string_lossy());
        let none = format!("--summary: there are no predictions in '{name}'");
        return Err(Error::Usage(none));
    }
    let record = ClassRecord::of(&rows, asked);
    let sink = output::open(output)?;
    output::deliver(&record, || page::class(&record), output, sink)?;
    Ok(Exit::Done)
}

/// Returns the question of a chapter, and its options.
fn asked(name: &str) -> Option<Asked> {
    let chapter = ALL.iter().find(|chapter| chapter.name == name)?;
    let options = match chapter.question.form {
        Form::Choice(options) => options,
        Form::Number(_) => &[],
    };
    Some((chapter.question.ask, options))
}
