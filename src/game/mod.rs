//! The game that `step` plays: a person, or a policy, is the scheduler of a system.
//!
//! [`Game`] holds the moves, undo and the goal, [`AutoPlayer`] plays by a policy, and [`puzzle`] has
//! systems with goals to reach. Nothing here draws or knows a key.

mod analysis;
mod auto;
mod goals;
mod history;
mod loops;
mod position;
pub mod puzzle;
mod sample;
mod session;
mod solver;
mod tracker;

pub use auto::{AutoPlayError, AutoPlayer, Policy};
pub use loops::{LoopBody, increment_loops};
pub use sample::Sample;
pub use session::{Advance, Game, MOST_STEPS};
pub use tracker::GoalStatus;
