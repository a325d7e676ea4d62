//! What an execution of requests shows, and what to try next.

use std::time::Duration;

use super::wrap::wrap;
use crate::report::numbers::typed_duration;
use crate::report::record::requests::{ClockKind, Ended, RequestRecord, RequestsRecord};
use crate::term::{Page, Tone};

/// A tree for whoever has none yet.
const TREE: &str = "--tree 'A,B(C,D)' --cancel B@1s";

/// What it shows, and what to try next.
pub(super) fn advice(record: &RequestsRecord, page: &Page) -> String {
    let mut text = wrap(page, sentence(record));
    if let Some((purpose, flags)) = next(record) {
        let command = format!("miscount requests {flags}");
        let command = page.palette.paint(Tone::Command, &command);
        text += &wrap(page, &format!("{purpose}: {command}"));
    }
    text
}

fn is_tree(record: &RequestsRecord) -> bool {
    record.requests.iter().any(|request| request.depth > 1)
}

/// Whether somebody was stopped by what stopped another.
fn is_inherited(request: &RequestRecord) -> bool {
    let own = request.through.as_ref() == Some(&request.request);
    request.through.is_some() && !own
}

fn sentence(record: &RequestsRecord) -> &'static str {
    if record.summary.finished == record.summary.requests {
        "Nobody stopped them before they were done."
    } else if record.requests.iter().any(is_inherited) {
        "A context that ends takes all below it along. Whoever pauses is woken by it at once, and \
         does not sleep the pause out."
    } else {
        "A context that ends touches nobody beside it and nobody above it."
    }
}

/// What comes next in the lesson, added to what was typed: cancellations, trees, deadlines, values.
fn next(record: &RequestsRecord) -> Option<(&'static str, String)> {
    let more = |flags: &str| match record.flags.as_str() {
        "" => flags.to_string(),
        typed => format!("{typed} {flags}"),
    };
    if record.summary.finished == record.summary.requests {
        if record.flags.contains("--cancel-after") {
            return None;
        }
        let after = half(record.summary.ended_ns)?;
        let cancel = more(&format!("--cancel-after {after}"));
        return Some(("Cancel them all", cancel));
    }
    if !is_tree(record) {
        let inherited = record.requests.iter().any(is_inherited);
        let purpose = if inherited {
            "Cancel one branch"
        } else {
            "What about those below it"
        };
        let clock = match record.clock {
            ClockKind::Virtual => "--virtual ",
            ClockKind::Real => "",
        };
        return Some((purpose, format!("{clock}{TREE}")));
    }
    // Somebody for whom that makes a difference.
    let mut finished = record.requests.iter();
    let finished = finished.find(|request| request.outcome == Ended::Finished)?;
    let name = &finished.request;
    if !record.flags.contains("--timeout") {
        let after = half(finished.ended_ns)?;
        return Some((
            "Limit one in time",
            more(&format!("--timeout {name}={after}")),
        ));
    }
    if !record.flags.contains("--value") {
        let value = more(&format!("--value {name}.items=4"));
        return Some(("Hand it another value", value));
    }
    None
}

/// About half of so long, in as few digits as can be; nothing of no time.
fn half(ns: u64) -> Option<String> {
    let half = ns / 2;
    let digit = 10_u64.pow(half.checked_ilog10()?);
    Some(typed_duration(Duration::from_nanos(half / digit * digit)))
}
