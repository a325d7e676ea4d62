//! Words that reports share.

use super::super::numbers::grouped;

/// So many of a thing.
pub(in crate::report) fn plural(count: u64, noun: &str) -> String {
    let s = if count == 1 { "" } else { "s" };
    format!("{} {noun}{s}", grouped(count))
}
