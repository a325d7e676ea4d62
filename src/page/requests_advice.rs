//! What an execution of requests shows, and what to try next.

use std::time::Duration;

use super::advice::Advice;
use super::numbers::typed_duration;
use crate::record::{ClockKind, Ended, RequestRecord, RequestsRecord};

/// A tree to start with.
const TREE: &str = "--tree 'A,B(C,D)' --cancel B@1s";

/// Returns what the execution shows, and what to try next.
pub(super) fn advice(record: &RequestsRecord) -> Advice {
    let command = |(purpose, flags)| (purpose, format!("miscount requests {flags}"));
    Advice::new(sentence(record), next(record).map(command))
}

/// Returns whether the request was stopped by the signal of a request above it.
fn is_inherited(request: &RequestRecord) -> bool {
    let through = request.through.as_ref();
    through.is_some_and(|through| *through != request.request)
}

fn sentence(record: &RequestsRecord) -> &'static str {
    if record.summary.finished == record.summary.requests {
        "All requests finished."
    } else if record.requests.iter().any(is_inherited) {
        "Cancelling a context cancels its children, and wakes a paused request at once."
    } else {
        "Cancelling a context leaves its siblings and its parent alone."
    }
}

/// Returns what comes next in the lesson, added to what was typed: cancellations, trees, deadlines,
/// values.
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
        return Some(("Cancel them all", more(&format!("--cancel-after {after}"))));
    }
    let is_tree = record.requests.iter().any(|request| request.depth > 1);
    if !is_tree {
        let inherited = record.requests.iter().any(is_inherited);
        let purpose = if inherited {
            "Cancel one branch"
        } else {
            "What about its children"
        };
        let clock = match record.clock {
            ClockKind::Virtual => "--virtual ",
            ClockKind::Real => "",
        };
        return Some((purpose, format!("{clock}{TREE}")));
    }
    // Only a request that finished can be stopped by a timeout.
    let mut finished = record.requests.iter();
    let finished = finished.find(|request| request.outcome == Ended::Finished)?;
    let name = &finished.request;
    if !record.flags.contains("--timeout") {
        let timeout = format!("--timeout {name}={}", half(finished.ended_ns)?);
        return Some(("Limit one request", more(&timeout)));
    }
    let value = more(&format!("--value {name}.items=4"));
    (!record.flags.contains("--value")).then_some(("Pass another value", value))
}

/// Returns about half of a time, to one digit; `None` for less than 2 ns.
fn half(ns: u64) -> Option<String> {
    let half = ns / 2;
    let digit = 10_u64.pow(half.checked_ilog10()?);
    Some(typed_duration(Duration::from_nanos(half / digit * digit)))
}
