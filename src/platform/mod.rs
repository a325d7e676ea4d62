//! What the standard library leaves to be done beneath `main`, and which needs unsafe code.

mod allocator;
mod slices;
mod startup;
pub mod ticks;

pub use allocator::may_fail;
pub use slices::{SHORTEST, USUAL, take_slices};
pub use startup::stdout_was_closed;
