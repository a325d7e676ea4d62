//! Strategies explained, and the map of all.

mod shown;
mod snippets;
