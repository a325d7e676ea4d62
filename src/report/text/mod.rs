//! Reports for people: readable from the back of a classroom.

mod advice;
mod bars;
mod census;
mod census_rows;
mod census_words;
mod columns;
mod compare;
mod counting;
mod doctor;
mod replay;
mod trace;
mod wrap;

pub(super) use census::census;
pub(super) use census_words::verdict as census_verdict;
pub(super) use compare::{compare, verdict};
pub use counting::{MOST_LINES, counting};
pub(super) use doctor::doctor;
pub(super) use replay::replay;
pub use trace::trace;
