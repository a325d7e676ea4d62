//! The lab: real threads and what they really counted.
//!
//! * Counting ([`Lab`], `runs.rs`): a [`Crew`] of resident threads makes all runs of an experiment, chunk by
//!   chunk (`crew.rs`), from a start line (`start.rs`, `seat.rs`). The observer is notified of each chunk.
//! * Comparing (`rounds.rs`): crews take turns, one run each.
//! * Tracing (`recorder.rs`): the same runs with logs, for as much memory as there is (`memory.rs`).
//! * Replaying (`gate.rs`): a crew takes its steps in a given order.
//! * Running programs (`free/`): a crew executes any program of the model, unforced.
//! * Wait groups (`group.rs`): new threads for each run, as in the lesson.
//! * The doctor: how far apart threads start (`skew.rs`), and what the system reports (`machine.rs`).

mod batch;
mod chunk;
mod crew;
mod event;
mod free;
mod gate;
mod group;
mod machine;
mod memory;
mod pacing;
mod recorder;
mod rounds;
mod run_loop;
mod runs;
mod seat;
mod skew;
mod start;
mod teams;

pub use crate::platform::ticks::tick_ns;
pub use crew::{Crew, Needs};
pub use event::{Run, Runs};
pub use free::{FreeOutcome, FreeRuns, run_freely};
pub use gate::{ForcedRun, force};
pub use group::{Abandoned, WaitGroupOutcome, WaitGroupRun, run_wait_groups};
pub use machine::{Hardware, Others, Usage, allowed_cores};
pub use memory::{memory_left, set_aside};
pub use recorder::{Recorded, record};
pub use rounds::{Comparer, ComparisonOutcome, RoundRun};
pub use run_loop::Stopped;
pub use runs::{CountingOutcome, Engine, Lab, Setup};
pub use skew::skew;
