//! What the parts of the program promise, seen from outside: one file a capability.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "helpers of tests may do what tests may"
)]

mod bad_input;
mod compare;
mod context;
mod counting;
#[cfg(unix)]
mod interruption;
mod layering;
mod model;
mod replay;
mod report;
