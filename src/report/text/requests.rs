//! The text report of requests under contexts.

use super::super::numbers::{duration, grouped, nanoseconds, plural};
use super::bars;
use super::columns::{Column, columns};
use super::counting::MOST_LINES;
use super::wrap::wrap;
use crate::report::record::counting::StopReason;
use crate::report::record::requests::{ClockKind, Ended, RequestRecord, Requests};
use crate::term::{Page, Tone, cut};

/// The most of a line that a name takes: one part in so many, but never less than it takes to tell
/// most names apart.
const NAME_SHARE: usize = 4;
const LEAST_NAME: usize = 12;

/// Deeper than this, names are not indented any further.
const MOST_INDENTED: usize = 5;

/// The report, each line ended by a line feed.
pub(in crate::report) fn requests(record: &Requests, page: &Page) -> String {
    let name = page.palette.paint(Tone::Strong, "requests");
    let mut parts = vec![wrap(page, &format!("{name}: {}", title(record)))];
    parts.push(table(record, page));
    parts.push(wrap(page, &summary(record)) + &notes(record, page));
    if !page.quiet {
        parts.push(advice(record, page));
    }
    parts.join("\n")
}

/// How many there are, and on which clock.
pub(in crate::report) fn title(record: &Requests) -> String {
    let count = record.summary.requests;
    let clock = match record.clock {
        ClockKind::Real => "on the real clock",
        ClockKind::Virtual => "on a virtual clock",
    };
    format!("{} {clock}", plural(count, "request"))
}

/// How they ended, in numbers.
pub(in crate::report) fn summary(record: &Requests) -> String {
    let summary = &record.summary;
    let were = if summary.canceled == 1 { "was" } else { "were" };
    let parts = [
        (summary.finished, "finished".to_string()),
        (summary.canceled, format!("{were} canceled")),
        (summary.deadline_exceeded, "ran out of time".into()),
    ];
    let parts = parts.iter().filter(|(count, _)| *count > 0);
    let parts: Vec<_> = parts
        .map(|(count, what)| format!("{} {what}", grouped(*count)))
        .collect();
    let why = match record.stopped {
        StopReason::Interrupted => "Interrupted: ",
        _ => "",
    };
    format!("{why}{}.", parts.join(", "))
}

/// The requests that there is room for, in the order of the tree. Where that is not all of them,
/// those that were stopped come first.
fn shown(record: &Requests) -> Vec<&RequestRecord> {
    let mut shown: Vec<_> = record.requests.iter().collect();
    if shown.len() > MOST_LINES {
        shown.sort_by_key(|request| request.outcome == Ended::Finished);
        shown.truncate(MOST_LINES);
    }
    shown
}

/// A line a request, those below another one indented.
fn table(record: &Requests, page: &Page) -> String {
    let shown = shown(record);
    let column = |heading, cell: &dyn Fn(&RequestRecord) -> String| {
        Column::labels(
            heading,
            shown.iter().map(|request| (cell(request), tone(request))),
        )
    };
    // Long names would leave no room for what is said of them.
    let short = |name: &str| cut(name, (page.width / NAME_SHARE).max(LEAST_NAME));
    let name =
        |r: &RequestRecord| short(&("  ".repeat((r.depth - 1).min(MOST_INDENTED)) + &r.request));
    let latency = |r: &RequestRecord| {
        let latency = r.latency_ns.map(|ns| nanoseconds(ns, page.signs));
        latency.unwrap_or_else(|| "-".into())
    };
    let mut shown_columns = vec![
        column("request", &name).flush_left(),
        column("steps", &|r| {
            format!("{} of {}", grouped(r.steps), grouped(r.items))
        }),
        column("ended", &|r| r.outcome.name().into()).flush_left(),
        column("through", &|r| {
            r.through.as_deref().map_or_else(|| "-".into(), short)
        })
        .flush_left(),
        column("at", &|r| seconds(r.ended_ns, record)),
        column("latency", &latency),
    ];
    // What is not needed to understand the rest goes first.
    while shown_columns.len() > 3 && width(&shown_columns) > page.width {
        shown_columns.pop();
    }
    let bar = |row: usize, width| {
        let request = shown[row];
        let share = match request.items {
            0 => 1.0,
            items => request.steps as f64 / items as f64,
        };
        bars::counted_and_lost(page, width, share)
    };
    let mut table = columns(page, &shown_columns, bar, &column("", &|_| String::new()));
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

fn width(columns: &[Column]) -> usize {
    columns
        .iter()
        .map(|column| column.width() + 2)
        .sum::<usize>()
        - 2
}

fn tone(request: &RequestRecord) -> Tone {
    match request.outcome {
        Ended::Finished => Tone::Good,
        Ended::Canceled | Ended::DeadlineExceeded => Tone::Lost,
    }
}

/// A time from the start in seconds, unless that would be all zeros: to the microsecond, or, where
/// all times of the record are whole milliseconds, to the millisecond.
fn seconds(ns: u64, record: &Requests) -> String {
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

/// What else there is to know about this execution.
fn notes(record: &Requests, page: &Page) -> String {
    let mut notes = Vec::new();
    let at_start = |request: &&RequestRecord| {
        request.outcome == Ended::DeadlineExceeded && request.signal_ns == Some(0)
    };
    match record.requests.iter().filter(at_start).count() as u64 {
        0 => {}
        late if late == record.summary.requests => notes.push(
            "The deadline had passed before the start, so no request took a step.".to_string(),
        ),
        late => notes.push(format!(
            "For {} of them the deadline had passed before the start.",
            grouped(late)
        )),
    }
    if let (ClockKind::Real, Some(latency)) = (record.clock, record.summary.latency_ns) {
        let [median, max] = [latency.median, latency.max].map(|ns| duration(ns, page.signs));
        let known = record.requests.iter().filter(|r| r.latency_ns.is_some());
        notes.push(match known.count() {
            1 => format!("The one that was stopped noticed {median} after the signal."),
            _ => format!(
                "Those that were stopped noticed {median} after the signal (median), {max} at \
                 the most."
            ),
        });
    }
    if notes.is_empty() {
        return String::new();
    }
    wrap(page, &notes.join(" "))
}

/// What it shows, and what to try next.
fn advice(record: &Requests, page: &Page) -> String {
    let inherited = |request: &RequestRecord| {
        let own = request.through.as_ref() == Some(&request.request);
        request.through.is_some() && !own
    };
    let is_tree = record.requests.iter().any(|request| request.depth > 1);
    let (sentence, purpose, command) = if record.summary.finished == record.summary.requests {
        (
            "Nobody stopped them before they were done.",
            "Cancel them all",
            "miscount requests --cancel-after 1s",
        )
    } else if record.requests.iter().any(inherited) {
        (
            "A context that ends takes all below it along. Whoever pauses is woken by it at once, \
             and does not sleep the pause out.",
            if is_tree {
                "Limit one in time"
            } else {
                "Cancel one branch"
            },
            if is_tree {
                "miscount requests --timeout B=1s"
            } else {
                "miscount requests --tree 'A,B(C,D)' --cancel B@1s"
            },
        )
    } else {
        (
            "A context that ends touches nobody beside it and nobody above it.",
            "What about those below it",
            "miscount requests --tree 'A,B(C,D)' --cancel B@1s",
        )
    };
    let command = page.palette.paint(Tone::Command, command);
    wrap(page, sentence) + &wrap(page, &format!("{purpose}: {command}"))
}
