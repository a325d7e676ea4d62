//! The text report of requests under contexts.

use super::super::numbers::{duration, grouped, plural};
use super::requests_advice::advice;
use super::requests_table::table;
use super::wrap::wrap;
use crate::report::record::counting::StopReason;
use crate::report::record::requests::{ClockKind, Ended, RequestRecord, RequestsRecord};
use crate::term::{Page, Tone};

/// The report, each line ended by a line feed.
pub(in crate::report) fn requests(record: &RequestsRecord, page: &Page) -> String {
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
pub(in crate::report) fn title(record: &RequestsRecord) -> String {
    let count = record.summary.requests;
    let clock = match record.clock {
        ClockKind::Real => "on the real clock",
        ClockKind::Virtual => "on a virtual clock",
    };
    format!("{} {clock}", plural(count, "request"))
}

/// How they ended, in numbers.
pub(in crate::report) fn summary(record: &RequestsRecord) -> String {
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

/// What else there is to know about this execution.
fn notes(record: &RequestsRecord, page: &Page) -> String {
    let mut notes = Vec::new();
    // By a deadline, or by a timeout of nothing.
    let at_start = |request: &&RequestRecord| {
        request.outcome == Ended::DeadlineExceeded && request.signal_ns == Some(0)
    };
    match record.requests.iter().filter(at_start).count() as u64 {
        0 => {}
        late if late == record.summary.requests => notes
            .push("Their time was over before the start, so no request took a step.".to_string()),
        late => notes.push(format!(
            "For {} of them time was over before the start.",
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
