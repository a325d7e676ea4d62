//! The table of requests: a line each, as much of it as the page has room for.

use super::super::numbers::{grouped, nanoseconds};
use super::bars;
use super::columns::{Column, columns, width};
use super::counting::MOST_LINES;
use super::wrap::wrap;
use crate::report::record::requests::{Ended, RequestRecord, RequestsRecord};
use crate::term::{Page, Tone, cut};

/// The most of a line that a name takes: one part in so many, but not less than it takes to tell
/// most names apart, unless there is no room for the rest otherwise.
const NAME_SHARE: usize = 4;
const USUAL_NAME: usize = 12;
const LEAST_NAME: usize = 7;

/// Deeper than this names are not indented any further, and a column says who is above whom.
const MOST_INDENTED: usize = 5;

/// What there is to say of a request.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Field {
    Request,
    /// Who is above it, where names alone do not show it.
    Below,
    Steps,
    Ended,
    Through,
    At,
    Latency,
}

/// The columns of a table, the roomiest first: what is not needed to understand the rest goes first.
const LAYOUTS: [&[Field]; 5] = {
    use Field::{At, Below, Ended, Latency, Request, Steps, Through};
    [
        &[Request, Below, Steps, Ended, Through, At, Latency],
        &[Request, Below, Steps, Ended, Through, At],
        &[Request, Below, Steps, Ended, Through],
        &[Request, Ended, Through],
        &[Request, Ended],
    ]
};

/// From this one on, words and then names are shortened as far as they need be.
const TIGHT: usize = 2;

/// A line a request, those below another one indented.
pub(super) fn table(record: &RequestsRecord, page: &Page) -> String {
    let shown = shown(record);
    let bar = |row: usize, width| {
        let request = shown[row];
        let share = match request.items {
            0 => 1.0,
            items => request.steps as f64 / items as f64,
        };
        bars::counted_and_lost(page, width, share)
    };
    let laid_out = Layout::fitting(record, &shown, page);
    let nothing = Column::text(shown.iter().map(|_| (String::new(), Tone::Plain)));
    let mut table = columns(page, &laid_out, bar, &nothing);
    let more = record.requests.len() - shown.len();
    if more > 0 {
        let more = grouped(more as u64);
        let summary = &record.summary;
        let order = if (1..summary.requests).contains(&summary.finished) {
            " Those that were stopped come first."
        } else {
            ""
        };
        table += &wrap(
            page,
            &format!("... and {more} more; --format csv shows them all.{order}"),
        );
    }
    table
}

/// The requests that there is room for, in the order of the tree. Where that is not all of them,
/// those that were stopped come first.
fn shown(record: &RequestsRecord) -> Vec<&RequestRecord> {
    let mut shown: Vec<_> = record.requests.iter().collect();
    if shown.len() > MOST_LINES {
        shown.sort_by_key(|request| request.outcome == Ended::Finished);
        shown.truncate(MOST_LINES);
    }
    shown
}

/// How a table is laid out.
struct Layout<'a> {
    record: &'a RequestsRecord,
    shown: &'a [&'a RequestRecord],
    page: &'a Page,
    /// Whether words are written out.
    is_roomy: bool,
    /// Whether names are indented.
    is_indented: bool,
    /// The most columns of a name.
    name: usize,
}

impl<'a> Layout<'a> {
    /// The columns of the first layout that fits on the page, or of the last.
    fn fitting(
        record: &'a RequestsRecord,
        shown: &'a [&'a RequestRecord],
        page: &'a Page,
    ) -> Vec<Column> {
        // Long names would leave no room for what is said of them.
        let usual = (page.width / NAME_SHARE).max(USUAL_NAME);
        let layout = |is_roomy, is_indented, name| Layout {
            record,
            shown,
            page,
            is_roomy,
            is_indented,
            name,
        };
        let roomy = LAYOUTS.iter().take(TIGHT + 1);
        let roomy = roomy.map(|fields| (*fields, layout(true, true, usual)));
        let tight = LAYOUTS.iter().skip(TIGHT).flat_map(|fields| {
            let names = (LEAST_NAME..=usual).rev().map(|name| (false, name));
            let names = [(true, usual)].into_iter().chain(names);
            names.map(move |(indented, name)| (*fields, layout(false, indented, name)))
        });
        let mut all = roomy.chain(tight).map(|(fields, layout)| {
            let fields = fields.iter().filter(|field| layout.has(**field));
            fields.map(|field| layout.column(*field)).collect()
        });
        let mut laid_out: Vec<Column> = Vec::new();
        loop {
            match all.next() {
                Some(next) => laid_out = next,
                None => return laid_out,
            }
            // There is no gap behind the last.
            if width(&laid_out) <= page.width + 2 {
                return laid_out;
            }
        }
    }

    fn has(&self, field: Field) -> bool {
        let deepest = || self.record.requests.iter().map(|request| request.depth);
        field != Field::Below || deepest().max() > Some(MOST_INDENTED + 1)
    }

    fn column(&self, field: Field) -> Column {
        let (heading, flush_left) = match field {
            Field::Request => ("request", true),
            Field::Below => ("below", true),
            Field::Steps => ("steps", false),
            Field::Ended => ("ended", true),
            Field::Through => ("through", true),
            Field::At => ("at", false),
            Field::Latency => ("latency", false),
        };
        let cells = self.shown.iter();
        let cells = cells.map(|request| (self.cell(field, request), tone(request)));
        let column = Column::labels(heading, cells);
        if flush_left {
            column.flush_left()
        } else {
            column
        }
    }

    fn cell(&self, field: Field, request: &RequestRecord) -> String {
        let short = |name: &str| cut(name, self.name);
        let unknown = || "-".into();
        match field {
            Field::Request if self.is_indented => {
                let indent = (request.depth - 1).min(MOST_INDENTED);
                short(&("  ".repeat(indent) + &request.request))
            }
            Field::Request => short(&request.request),
            Field::Below => short(&request.parent),
            Field::Steps => format!("{} of {}", grouped(request.steps), grouped(request.items)),
            Field::Ended if self.is_roomy => request.outcome.name().into(),
            Field::Ended => request.outcome.short_name().into(),
            Field::Through => request.through.as_deref().map_or_else(unknown, short),
            Field::At => seconds(request.ended_ns, self.record),
            Field::Latency => request
                .latency_ns
                .map_or_else(unknown, |ns| nanoseconds(ns, self.page.signs)),
        }
    }
}

fn tone(request: &RequestRecord) -> Tone {
    match request.outcome {
        Ended::Finished => Tone::Good,
        Ended::Canceled | Ended::DeadlineExceeded => Tone::Lost,
    }
}

/// A time from the start in seconds, unless that would be all zeros: to the microsecond, or, where
/// all times of the record are whole milliseconds, to the millisecond.
fn seconds(ns: u64, record: &RequestsRecord) -> String {
    let whole = |request: &RequestRecord| request.ended_ns.is_multiple_of(1_000_000);
    let (seconds, rest) = (grouped(ns / 1_000_000_000), ns % 1_000_000_000);
    match ns {
        0 => return "0 s".into(),
        1..1000 => return format!("{ns} ns"),
        _ => {}
    }
    if record.requests.iter().all(whole) {
        format!("{seconds}.{:03} s", rest / 1_000_000)
    } else {
        format!("{seconds}.{:06} s", rest / 1000)
    }
}
