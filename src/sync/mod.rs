//! The primitives that the lesson teaches, which the program itself uses: contexts on real and virtual
//! clocks, wait groups, conditions over any lock; and the observers that work reports to.

mod clock;
mod condition;
mod context;
mod locker;
mod observer;
mod primitives;
mod signal;
mod system_clock;
#[cfg(test)]
mod tests;
mod values;
mod virtual_clock;
mod wait_group;
mod waiters;

pub use clock::{Action, AlarmId, Clock, Moment};
pub use condition::Condition;
pub use context::{Canceler, Context};
pub use locker::{Locker, ReadSide, WriteSide};
pub use observer::Observer;
pub use signal::{Cause, ContextError, ContextId};
pub use system_clock::SystemClock;
pub use virtual_clock::VirtualClock;
pub use wait_group::{CountError, Unfinished, WaitGroup};
