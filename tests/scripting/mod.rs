//! What scripts rely on: exit codes, files that appear whole or not at all, and any surroundings.

mod ends;
mod files;
mod terminals;

/// Every format there is.
pub(crate) const FORMATS: [&str; 6] = ["text", "json", "jsonl", "csv", "markdown", "html"];
