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
mod run_loop;
mod runs;
mod skew;
mod start;
mod teams;

pub use crew::{Assignment, Chunk, Crew, Needs};
pub use event::{Run, Runs};
pub use gate::{ForcedRun, force};
pub use group::{Abandoned, WaitGroupOutcome, WaitGroupRun, run_wait_groups};
pub use machine::{Machine, Others, Usage, allowed_cores};
pub use memory::{set_aside, suffices};
pub use recorder::{Recorded, record};
pub use rounds::{Comparer, ComparisonOutcome, RoundRun};
pub use run_loop::Stopped;
pub use runs::{CountingOutcome, Engine, Lab, Setup};
pub use skew::{skew, tick_ns};
