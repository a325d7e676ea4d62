//! The report of requests under contexts.

use super::document::{Block, Document, Section};
use super::numbers::{duration, grouped, plural, were};
use super::requests_advice::advice;
use super::requests_table::table;
use super::sentences::paragraph;
use super::text::Text;
use crate::record::{ClockKind, Ended, RequestRecord, RequestsRecord, StopReason};
use crate::term::Tone;

/// Returns the report of requests.
pub fn requests(record: &RequestsRecord) -> Document<'_> {
    let clock = match record.clock {
        ClockKind::Real => "on the real clock",
        ClockKind::Virtual => "on a virtual clock",
    };
    let title = format!(": {} {clock}", plural(record.summary.requests, "request"));
    let mut outcome = vec![Block::words(summary(record))];
    outcome.extend(paragraph([late(record), latency(record)]));
    Document::new(
        Text::toned(Tone::Strong, "requests").and(title),
        vec![
            Section::untitled(table(record)),
            Section::untitled(outcome),
            Section::advice(advice(record)),
        ],
    )
}

/// Returns how the requests ended, in numbers.
fn summary(record: &RequestsRecord) -> String {
    let summary = &record.summary;
    let canceled = format!("{} canceled", were(summary.canceled));
    let parts = [
        (summary.finished, "finished"),
        (summary.canceled, &canceled),
        (summary.deadline_exceeded, "ran out of time"),
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

/// Returns how many requests were out of time at the start, by a deadline or by a timeout of zero.
fn late(record: &RequestsRecord) -> Option<String> {
    let at_start = |request: &&RequestRecord| {
        request.outcome == Ended::DeadlineExceeded && request.signal_ns == Some(0)
    };
    match record.requests.iter().filter(at_start).count() as u64 {
        0 => None,
        late if late == record.summary.requests => {
            Some("Their time was over before the start, so no request took a step.".into())
        }
        late => {
            let late = grouped(late);
            Some(format!(
                "For {late} requests the time was over before the start."
            ))
        }
    }
}

/// Returns how soon the requests noticed that they were to stop, which a virtual clock does not
/// measure.
fn latency(record: &RequestsRecord) -> Option<String> {
    let latency = record.summary.latency_ns?;
    if record.clock == ClockKind::Virtual {
        return None;
    }
    let [median, max] = [latency.median, latency.max].map(duration);
    let known = record.requests.iter().filter(|r| r.latency_ns.is_some());
    Some(match known.count() {
        1 => format!("The stopped request noticed after {median}."),
        _ => format!("Stopped requests noticed after {median} (median), {max} at most."),
    })
}
