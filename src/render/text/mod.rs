//! Text for people: readable from the back of a classroom.

mod bars;
mod blocks;
mod steps;
mod strip;
mod table;
mod wrap;

pub use blocks::{blocks, document};
pub(super) use table::flush;
pub use wrap::{hang, wrap};
