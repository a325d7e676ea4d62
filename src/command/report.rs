//! The report of any record.

use super::sink::Sink;
use super::{output, trace};
use crate::cli::{self, CommandArgs, OutputArgs, echoed};
use crate::error::Error;
use crate::page::{self, Document};
use crate::plan::CountingPlan;
use crate::record::{
    AnyRecord, ExplainedProgram, Record, RecordVisitor, StrategyRecord, TourRecord,
};
use crate::render::Format;
use crate::strategy::Strategy;
use crate::tour::lesson;

/// Delivers the report of a record; of the gallery as a page, with its programs explained.
pub(super) fn deliver(
    record: &AnyRecord,
    book: &[ExplainedProgram],
    output: &OutputArgs,
    sink: Sink,
) -> Result<(), Error> {
    let document = document(record, output.format, book)?;
    record.accept(Delivery {
        document,
        output,
        sink,
    })
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
pub(super) fn document<'a>(
    record: &'a AnyRecord,
    format: Format,
    book: &'a [ExplainedProgram],
) -> Result<Document<'a>, Error> {
    Ok(match record {
        AnyRecord::Counting(record) => {
            let strategy = strategy(&record.strategy, record.threads, record.increments)?;
            page::counting(record, &strategy)
        }
        AnyRecord::Trace(traced) => {
            let of = &traced.record;
            let strategy = strategy(&of.strategy, of.threads, of.increments)?;
            trace::document(traced, &strategy, format, false)
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
        AnyRecord::Gallery(record) if book.is_empty() => page::gallery(record),
        AnyRecord::Gallery(record) => page::book(record, book),
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

/// Returns the strategy that a record names, as its command line would.
fn strategy(name: &StrategyRecord, threads: usize, increments: u64) -> Result<Strategy, Error> {
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
