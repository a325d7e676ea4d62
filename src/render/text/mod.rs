//! Text for people: readable from the back of a classroom.

mod bars;
mod blocks;
mod play;
mod steps;
mod strip;
mod table;
mod wrap;

pub(super) use blocks::ELSEWHERE;
pub use blocks::{blocks, document};
pub use play::{Shot, shots};
pub(super) use table::flush;
pub use wrap::{hang, wrap};
