//! Results as data, and the formats they are shown in.

mod collector;
mod counting;
mod numbers;
mod text;

pub use collector::Collector;
pub use counting::{Counting, Distinct, Environment, ReadersRecord, RunRecord, Spread, Summary};
pub use text::{MOST_LINES, counting as counting_text};
