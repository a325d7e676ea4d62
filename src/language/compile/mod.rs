//! The compiler: a checked program becomes a system of the model.

mod body;
mod expression;
mod race;
mod shared;

pub use race::{ClaimVerdict, Race, compile};
