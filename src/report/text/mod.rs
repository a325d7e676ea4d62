//! Reports for people: readable from the back of a classroom.

mod advice;
mod bars;
mod columns;
mod counting;
mod doctor;
mod replay;
mod trace;
mod wrap;

pub use counting::{MOST_LINES, counting};
pub(super) use doctor::doctor;
pub(super) use replay::replay;
pub use trace::trace;
