//! Requests that are processed under contexts: the tree of requests, the times at which they are
//! stopped, and what becomes of them on the real clock or on a virtual one.

mod contexts;
mod event;
mod event_queue;
mod real_time;
mod request;
mod scenario;
mod tree;
mod virtual_time;

pub use event::{Event, Reason, RequestOutcome, Signal};
pub use real_time::in_real_time;
pub use scenario::{Bounds, Scenario, Setting};
pub use tree::{MOST_REQUESTS, ROOT, Tree, TreeError};
pub use virtual_time::in_virtual_time;
