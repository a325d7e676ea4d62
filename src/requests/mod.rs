//! Requests that are processed under contexts, on the real clock or on a virtual one.
//!
//! A [`Scenario`] is a [`Tree`] of requests with settings and planned endings. Each node becomes one
//! context (`contexts.rs`); a request is a small state machine that checks its context, takes the step
//! that is due and returns when the next one is (`request.rs`). An event queue drives requests in order
//! of time (`event_queue.rs`).
//!
//! The contexts are on a clock that stands at 0 until it is moved. In virtual time there is one queue and
//! no thread: the clock is moved from event to event. On the real clock, an alarm moves it for each
//! planned ending, in the planned order. So the outcome of the requests that are stopped is the same on
//! both clocks, however late the machine is.

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
pub use scenario::{Bounds, RequestSetting, Scenario};
pub use tree::{MOST_REQUESTS, ROOT, Tree, TreeError};
pub use virtual_time::in_virtual_time;
