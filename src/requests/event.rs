//! What is told of a scenario while it runs, and of each request when it has ended.

use std::time::Duration;

/// Something that has happened. Requests are named by their node in the tree; times are counted
/// from the start of the scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A request has done a step.
    Step {
        /// The request.
        request: usize,
        /// Which step: the first is 1.
        step: u64,
        /// How many it wants to do.
        items: u64,
        /// When.
        at: Duration,
    },
    /// A request has ended.
    Ended {
        /// The request.
        request: usize,
        /// How.
        outcome: Outcome,
    },
    /// Nothing has, but there is time to look up: on the real clock because nothing more is to be
    /// told at the moment, on a virtual one every so many steps.
    Waiting,
}

/// How a request ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The steps it wanted to do.
    pub items: u64,
    /// The pause between two steps.
    pub pause: Duration,
    /// The time that its context had, from the start; `None` if it had no limit.
    pub deadline: Option<Duration>,
    /// The steps it has done.
    pub steps: u64,
    /// Why it did no more.
    pub reason: Reason,
    /// When it ended.
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

/// What a request was told to stop by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signal {
    /// The node that was cancelled, or whose deadline passed: the request's own, or one above it.
    pub through: usize,
    /// When that was.
    pub at: Duration,
}

impl Reason {
    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Finished => "finished",
            Self::Canceled(_) => "canceled",
            Self::DeadlineExceeded(_) => "deadline exceeded",
        }
    }

    /// The signal, unless it has finished.
    pub fn signal(self) -> Option<Signal> {
        match self {
            Self::Finished => None,
            Self::Canceled(signal) | Self::DeadlineExceeded(signal) => Some(signal),
        }
    }
}

impl Outcome {
    /// How long after the signal the request has noticed it. Nobody could notice a signal that was
    /// there at the start before all was set up: that would be the time of the setting up.
    pub fn latency(&self) -> Option<Duration> {
        let signal = self.reason.signal().filter(|signal| !signal.at.is_zero())?;
        Some(self.at.saturating_sub(signal.at))
    }
}

/// Whoever wants to know what happens.
pub trait Observer {
    /// Something has happened. Of one request, events come in their order.
    fn observe(&mut self, event: &Event);
}
