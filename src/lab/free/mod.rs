//! Free running: real threads execute a program of the model, again and again, in no given order.
//!
//! A crew meets at the start line and executes a stride of instances (`stage.rs`); each thread
//! interprets decoded code (`decode.rs`, `code.rs`, `thread.rs`, `synchronise.rs`) on real shared memory (`memory.rs`). What the model
//! calls one step is indivisible here, too. Executions that can't end are noticed (`watch.rs`,
//! `waiting.rs`), and every end is counted (`tally.rs`).

mod code;
mod decode;
mod memory;
mod run;
mod stage;
mod synchronise;
mod tally;
mod thread;
mod waiting;
mod watch;

pub use run::{FreeOutcome, FreeRuns, run_freely};
