//! `show`: a report again, from the record that was written of it.

use std::path::Path;

use super::files::{name_of, read_input};
use super::programs::book;
use super::sink::refuse_same;
use super::watch::blind;
use super::{output, report};
use crate::cli::OutputArgs;
use crate::error::{Error, Exit};
use crate::record::AnyRecord;

/// The most bytes of a record.
const MOST_BYTES: u64 = 1 << 30;

pub(super) fn run(file: &Path, output: &OutputArgs) -> Result<Exit, Error> {
    refuse_same(
        ("FILE.json", Some(file)),
        ("--output", output.output.as_deref()),
    )?;
    let name = name_of(file);
    let text = read_input(file, MOST_BYTES)
        .map_err(|error| Error::Machine(format!("cannot read a record from {name} ({error})")))?;
    let record = blind("read the record", || AnyRecord::read(&text));
    let record = record.map_err(|error| Error::Usage(format!("cannot show {name}: {error}")))?;
    let book = book(&record, output.format)?;
    let sink = output::open(output)?;
    report::deliver(&record, &book, output, sink)?;
    Ok(Exit::Done)
}
