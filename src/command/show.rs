//! `show`: a report again, from the record that was written of it.

use std::path::Path;

use super::files::{read_file, read_stdin};
use super::programs::book;
use super::sink::refuse_same;
use super::watch::blind;
use super::{output, report};
use crate::cli::{OutputArgs, echoed};
use crate::error::{Error, Exit};
use crate::record::AnyRecord;

/// The most bytes of a record.
const MOST_BYTES: u64 = 1 << 30;

pub(super) fn run(file: &Path, output: &OutputArgs) -> Result<Exit, Error> {
    refuse_same(
        ("FILE.json", Some(file)),
        ("--output", output.output.as_deref()),
    )?;
    let is_stdin = file == Path::new("-");
    let name = if is_stdin {
        "standard input".to_string()
    } else {
        format!("'{}'", echoed(&file.to_string_lossy()))
    };
    let text = if is_stdin {
        read_stdin(MOST_BYTES)
    } else {
        read_file(file, MOST_BYTES)
    };
    let text = text
        .map_err(|error| Error::Machine(format!("cannot read a record from {name} ({error})")))?;
    let record = blind("read the record", || AnyRecord::read(&text));
    let record = record.map_err(|error| Error::Usage(format!("cannot show {name}: {error}")))?;
    let book = book(&record, output.format)?;
    let sink = output::open(output)?;
    report::deliver(&record, &book, output, sink)?;
    Ok(Exit::Done)
}
