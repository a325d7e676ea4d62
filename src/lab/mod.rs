//! The lab: real threads, and what they really counted.

mod crew;
mod event;
mod gate;
mod pacing;
mod rounds;
mod runs;
mod start;

pub use crew::{Chunk, Crew, Order};
pub use event::{Event, Observer, Run, Runs};
pub use gate::force;
pub use rounds::{Compared, Comparer, Heard, Listener, RoundRun};
pub use runs::{Engine, Lab, Outcome, Setup, Stopped};
