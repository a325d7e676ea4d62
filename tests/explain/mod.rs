//! Strategies explained, and the map of all.

mod programs;
mod shown;
mod snippets;
