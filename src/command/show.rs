//! `show`: a report again, from the record that was written of it.

use std::path::Path;

use super::files::{read_file, read_stdin};
use super::output;
use super::programs::{explained_gallery, gallery};
use super::sink::{Sink, refuse_same};
use super::watch::blind;
use crate::cli::{self, CommandArgs, OutputArgs, echoed};
use crate::error::{Error, Exit};
use crate::page::{self, Document};
use crate::plan::CountingPlan;
use crate::record::{
    AnyRecord, ExplainedProgram, Record, RecordVisitor, StrategyRecord, TourRecord,
};
use crate::render::Format;
use crate::strategy::Strategy;
use crate::tour::lesson;

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
    let document = document(&record, output.format, &book)?;
    let sink = output::open(output)?;
    record.accept(Delivery {
        document,
        output,
        sink,
    })?;
    Ok(Exit::Done)
}

/// A report on its way.
struct Delivery<'a> {
    document: Document<'a>,
    output: &'a OutputArgs,
    sink: Sink,
}

impl RecordVisitor for Delivery<'_> {
    type Output = Result<(), Error>;

    fn visit(self, record: &impl Record) -> Self::Output {
        output::deliver(record, || self.document, self.output, self.sink)
    }
}

/// Returns the report of a record.
///
/// # Errors
///
/// [`Error::Usage`] if the record is about a strategy that this program does not have.
fn document<'a>(
    record: &'a AnyRecord,
    format: Format,
    book: &'a [ExplainedProgram],
) -> Result<Document<'a>, Error> {
    Ok(match record {
        AnyRecord::Counting(record) => {
            let strategy = strategy(&record.strategy, record.threads, record.increments)?;
            page::counting(record, &*strategy)
        }
        AnyRecord::Trace(traced) => {
            let of = &traced.record;
            let strategy = strategy(&of.strategy, of.threads, of.increments)?;
            page::trace(traced, &*strategy)
        }
        AnyRecord::Doctor(record) => page::doctor(record),
        AnyRecord::Tour(record) => tour(record, format),
        AnyRecord::Class(record) => page::class(record),
        AnyRecord::Census(record) => page::census(record),
        AnyRecord::Litmus(record) => page::litmus(record),
        AnyRecord::Run(record) => page::race(record),
        AnyRecord::Replay(record) => page::replay(record),
        AnyRecord::Comparison(record) => page::compare(record),
        AnyRecord::WaitGroup(record) => page::waitgroup(record),
        AnyRecord::Explanation(record) => page::explanation(record),
        AnyRecord::Program(record) => page::program(record),
        AnyRecord::Map(record) => page::map(record),
        AnyRecord::Terms(record) => page::terms(record),
        AnyRecord::Gallery(record) => gallery(record, book),
        AnyRecord::Requests(record) => page::requests(record),
        AnyRecord::Repeat(record) => page::repeat(record),
    })
}

/// Returns the report of a tour: as a page to be handed round, the whole lesson.
pub(super) fn tour(record: &TourRecord, format: Format) -> Document<'_> {
    if format != Format::Html {
        return page::tour(record);
    }
    lesson(record, &|record| {
        document(record, format, &[])
            .unwrap_or_else(|error| Document::new(error.to_string(), Vec::new()))
    })
}

/// Returns the programs of the gallery, explained, if the report of this record is to be a book of them.
fn book(record: &AnyRecord, format: Format) -> Result<Vec<ExplainedProgram>, Error> {
    match record {
        AnyRecord::Gallery(_) if format == Format::Html => explained_gallery(),
        _ => Ok(Vec::new()),
    }
}

/// Returns the strategy that a record names, as its command line would.
fn strategy(
    name: &StrategyRecord,
    threads: usize,
    increments: u64,
) -> Result<Box<dyn Strategy>, Error> {
    let line = format!("{name} -t {threads} -i {increments}");
    let plan = cli::typed(&line).and_then(|typed| match typed.command {
        CommandArgs::Count(count) => CountingPlan::try_from(&count),
        _ => Err(Error::Usage("it is no strategy of this version".into())),
    });
    plan.map(|plan| plan.strategy).map_err(|error| {
        let line = echoed(&line);
        Error::Usage(format!(
            "cannot show the record: its strategy is '{line}': {error}"
        ))
    })
}
