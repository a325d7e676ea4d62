//! Reports for people: readable from the back of a classroom.

mod advice;
mod bars;
mod columns;
mod compare;
mod counting;
mod doctor;
mod replay;
mod wrap;

pub(super) use compare::{compare, verdict};
pub use counting::{MOST_LINES, counting};
pub(super) use doctor::doctor;
pub(super) use replay::replay;
