//! What the parts of the program promise, seen from outside: one file a capability.

mod bad_input;
mod context;
mod counting;
#[cfg(unix)]
mod interruption;
mod layering;
mod report;
