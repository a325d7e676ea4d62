//! Processes: any command, run again and again, and what became of each run.
//!
//! One thread starts the processes, reads their pipes and waits for them (`runner.rs`); there is no
//! thread for a run. Each process leads a process group of its own (`child.rs`). When it ends, what it
//! wrote is read, the rest of the group is killed, and everything is reaped (`reap.rs`).
//!
//! Output is digested as it streams (`capture.rs`, `search.rs`): the memory that a run takes does not
//! depend on how much it writes. The outcomes that have occurred are told apart in `outcomes.rs`.
//!
//! What makes races show: `cores.rs` chooses the cores, which processes inherit from the thread that
//! starts them, and `stress.rs` makes the cores busy.
//!
//! [`repeat`] takes all children of this process for its own while it works.

#[cfg(unix)]
mod capture;
#[cfg(unix)]
mod child;
#[cfg(unix)]
mod cores;
mod event;
#[cfg(unix)]
mod keep;
#[cfg(unix)]
mod outcomes;
#[cfg(unix)]
mod reap;
#[cfg(unix)]
mod runner;
#[cfg(unix)]
mod search;
#[cfg(unix)]
mod stress;
#[cfg(not(unix))]
mod unsupported;

pub use event::{MOST_OUTCOMES, ProcessEnding, ProcessRun, RepeatOutcome};
#[cfg(unix)]
pub use reap::end_all;
#[cfg(unix)]
pub use runner::repeat;
#[cfg(not(unix))]
pub use unsupported::{end_all, repeat};
