//! Reports for people: readable from the back of a classroom.

mod advice;
mod bars;
mod columns;
mod counting;
mod trace;
mod wrap;

pub use counting::{MOST_LINES, counting};
pub use trace::trace;
