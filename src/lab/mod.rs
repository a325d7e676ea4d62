//! The lab: real threads, and what they really counted.

mod crew;
mod event;
mod gate;
mod group;
mod machine;
mod memory;
mod pacing;
mod recorder;
mod rounds;
mod runs;
mod skew;
mod start;
mod teams;

pub use crew::{Chunk, Crew, Needs, Order};
pub use event::{Event, Observer, Run, Runs};
pub use gate::force;
pub use group::{Abandoned, GroupEvent, GroupObserver, WaitGroupOutcome, WaitGroupRun, gather};
pub use machine::{Machine, Others, Usage, allowed_cores};
pub use memory::{set_aside, suffices};
pub use recorder::{Recorded, record};
pub use rounds::{Comparer, ComparisonOutcome, Heard, Listener, RoundRun};
pub use runs::{Engine, Lab, Outcome, Setup, Stopped};
pub use skew::{skew, tick_ns};
