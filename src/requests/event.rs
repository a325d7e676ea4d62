//! The events of a scenario: the steps of requests, and how they end.

use std::time::Duration;

/// A step or the end of a request. Requests are identified by their node in the tree; times are counted
/// from the start of the scenario. The events of one request come in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A request did a step.
    Step {
        /// The request.
        request: usize,
        /// The number of the step; the first step is 1.
        step: u64,
        /// The number of steps that the request is to do.
        items: u64,
        /// The time of the step.
        at: Duration,
    },
    /// A request ended.
    Ended {
        /// The request.
        request: usize,
        /// How it ended.
        outcome: RequestOutcome,
    },
}

/// How a request ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestOutcome {
    /// The number of steps that it was to do.
    pub items: u64,
    /// The pause between two steps.
    pub pause: Duration,
    /// The deadline of its context; `None` if it had none.
    pub deadline: Option<Duration>,
    /// The number of steps that it did.
    pub steps: u64,
    /// Why it did no more.
    pub reason: Reason,
    /// The time at which it ended.
    pub at: Duration,
}

/// Why a request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// All its steps are done.
    Finished,
    /// Its context was cancelled.
    Canceled(Signal),
    /// The deadline of its context passed.
    DeadlineExceeded(Signal),
}

/// The cancellation or deadline that stopped a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signal {
    /// The node that was cancelled, or whose deadline passed: the request itself, or one above it.
    pub through: usize,
    /// The time of the cancellation or deadline.
    pub at: Duration,
}

impl Reason {
    /// Returns the reason in words.
    pub fn name(self) -> &'static str {
        match self {
            Self::Finished => "finished",
            Self::Canceled(_) => "canceled",
            Self::DeadlineExceeded(_) => "deadline exceeded",
        }
    }

    /// Returns the signal that stopped the request; `None` if it finished.
    pub fn signal(self) -> Option<Signal> {
        match self {
            Self::Finished => None,
            Self::Canceled(signal) | Self::DeadlineExceeded(signal) => Some(signal),
        }
    }
}

impl RequestOutcome {
    /// Returns the time from the signal until the request noticed it. There is none for a signal at
    /// the start: it would include the time that the setup takes.
    pub fn latency(&self) -> Option<Duration> {
        let signal = self.reason.signal().filter(|signal| !signal.at.is_zero())?;
        Some(self.at.saturating_sub(signal.at))
    }
}
