//! The primitives of the lesson, used by the program itself.

mod clock;
mod context;
mod primitives;
mod signal;
mod system_clock;
#[cfg(test)]
mod tests;
mod values;
mod virtual_clock;

pub use clock::{Action, AlarmId, Clock, Moment};
pub use context::{Canceler, Context};
pub use signal::{Cause, ContextError, ContextId};
pub use system_clock::SystemClock;
pub use virtual_clock::VirtualClock;
