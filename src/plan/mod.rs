//! An experiment, validated: everything after it can trust its numbers.

mod comparison;
mod counting;
mod exploration;
mod group;
mod typed;

pub use comparison::{Comparison, Entry};
pub use counting::{Pinning, Plan, StartLine, Until};
pub use exploration::{Explaining, Exploration, modelled};
pub use group::{GroupPlan, Mistake};
pub use typed::MOST_THREADS;
