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
mod document;
mod histogram;
mod interleaving;
mod readers;
mod replay;
mod requests;
mod requests_advice;
mod requests_table;
mod spreads;
mod tour;
mod trace;
mod waitgroup;
mod wrap;

pub(super) use census::census;
pub(super) use census_words::verdict as census_verdict;
pub(super) use compare::{compare, name, verdict};
pub use counting::{MOST_LINES, counting};
pub(super) use doctor::doctor;
pub(super) use document::document;
pub(super) use interleaving::interleaving;
pub(super) use readers::still_waiting;
pub(super) use replay::replay;
pub(super) use requests::{requests, summary as requests_summary, title as requests_title};
pub(super) use tour::tour_score;
pub use trace::trace;
pub(super) use waitgroup::{unfinished, waitgroup};
pub use wrap::{hang, wrap};
