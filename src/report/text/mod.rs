//! Reports for people: readable from the back of a classroom.

mod advice;
mod bars;
mod counting;

pub use counting::{MOST_LINES, counting};
