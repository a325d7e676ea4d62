//! The compiler: a checked program becomes a system of the model.

mod body;
mod expression;
mod race;
mod shared;

pub(super) use race::compile;
pub use race::{ClaimVerdict, Race};
