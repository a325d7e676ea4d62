//! The record of requests under contexts, `miscount.requests/1`, and the observer that collects it.

use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::counting::StopReason;
use super::data::Record;
use super::quartiles::Quartiles;
use super::schema::Versioned;
use crate::requests::{Event, Reason, RequestOutcome, Tree};
use crate::sync::Observer;

/// The requests of a tree of contexts, after they have ended.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct RequestsRecord {
    /// The flags of the scenario, as they are typed.
    pub flags: String,
    /// The clock.
    pub clock: ClockKind,
    /// `interrupted` if a signal to the process cancelled the root, otherwise `completed`.
    pub stopped: StopReason,
    /// The requests in the order of the tree. Left out if each has a line of its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub requests: Vec<RequestRecord>,
    /// All of them together.
    pub summary: RequestsSummary,
}

/// The clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ClockKind {
    /// The clock of the machine.
    Real,
    /// Simulated time, the same in every execution.
    Virtual,
}

/// A request that has ended. Times are nanoseconds from the start.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct RequestRecord {
    /// Its name.
    pub request: String,
    /// The owner of the parent context: a request, or `root`.
    pub parent: String,
    /// Its depth in the tree: 1 if its parent is the root.
    pub depth: usize,
    /// The steps to do.
    pub items: u64,
    /// The pause between two steps.
    pub pause_ns: u64,
    /// The deadline of its context, its own or an inherited one.
    pub deadline_ns: Option<u64>,
    /// The completed steps.
    pub steps: u64,
    /// Why it did no more steps.
    pub outcome: Ended,
    /// The request, or `root`, that was cancelled or whose deadline passed.
    pub through: Option<String>,
    /// The time of this signal.
    pub signal_ns: Option<u64>,
    /// When the request ended.
    pub ended_ns: u64,
    /// The time from the signal until it noticed; null if the signal came before its start.
    pub latency_ns: Option<u64>,
}

/// Why a request did no more steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Ended {
    /// All steps are done.
    Finished,
    /// Its context was cancelled.
    Canceled,
    /// The deadline of its context passed.
    DeadlineExceeded,
}

impl Ended {
    /// Returns its name in text; in records a space is an underscore.
    pub fn name(self) -> &'static str {
        match self {
            Self::Finished => "finished",
            Self::Canceled => "canceled",
            Self::DeadlineExceeded => "deadline exceeded",
        }
    }

    /// Returns a shorter name, for narrow columns.
    pub fn short_name(self) -> &'static str {
        match self {
            Self::DeadlineExceeded => "out of time",
            other => other.name(),
        }
    }
}

impl From<Reason> for Ended {
    fn from(reason: Reason) -> Self {
        match reason {
            Reason::Finished => Self::Finished,
            Reason::Canceled(_) => Self::Canceled,
            Reason::DeadlineExceeded(_) => Self::DeadlineExceeded,
        }
    }
}

/// All requests together.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct RequestsSummary {
    /// The number of requests.
    pub requests: u64,
    /// Requests that did all their steps.
    pub finished: u64,
    /// Requests that were cancelled.
    pub canceled: u64,
    /// Requests whose deadline passed.
    pub deadline_exceeded: u64,
    /// The completed steps of all requests.
    pub steps: u64,
    /// When the last one ended, in nanoseconds from the start.
    pub ended_ns: u64,
    /// Nanoseconds from a signal until the request noticed it, if both are known.
    pub latency_ns: Option<Latency>,
}

/// The spread of the times from a signal until it was noticed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Latency {
    /// The smallest.
    pub min: f64,
    /// The median.
    pub median: f64,
    /// The greatest.
    pub max: f64,
}

/// A line of JSON lines.
#[derive(Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum RequestsLine {
    /// A request has done a step, written as it happens.
    Step {
        /// Its name.
        request: String,
        /// The number of the step, counted from 1.
        step: u64,
        /// The steps to do.
        items: u64,
        /// The time, in nanoseconds from the start.
        at_ns: u64,
    },
    /// A request has ended, written as it happens.
    Request(RequestRecord),
    /// The last line: the record without its requests.
    Summary(Versioned<RequestsRecord>),
}

/// The observer that collects how each request ended.
#[derive(Debug)]
pub struct RequestsCollector {
    outcomes: Vec<Option<RequestOutcome>>,
}

impl RequestsCollector {
    /// Makes a collector for the requests of this tree.
    pub fn new(tree: &Tree) -> Self {
        Self {
            outcomes: vec![None; tree.nodes().len()],
        }
    }

    /// Returns the record of the requests of the scenario with these flags.
    pub fn finish(
        self,
        tree: &Tree,
        flags: String,
        clock: ClockKind,
        stopped: StopReason,
    ) -> RequestsRecord {
        let outcomes = self.outcomes.into_iter().enumerate();
        let requests: Vec<_> = outcomes
            .filter_map(|(node, outcome)| Some(RequestRecord::new(tree, node, &outcome?)))
            .collect();
        RequestsRecord {
            flags,
            clock,
            stopped,
            summary: RequestsSummary::of(&requests),
            requests,
        }
    }
}

impl Observer<Event> for RequestsCollector {
    fn observe(&mut self, event: &Event) {
        if let Event::Ended { request, outcome } = event {
            self.outcomes[*request] = Some(outcome.clone());
        }
    }
}

impl RequestRecord {
    /// Returns the record of the request at this node of the tree.
    pub fn new(tree: &Tree, node: usize, outcome: &RequestOutcome) -> Self {
        let signal = outcome.reason.signal();
        Self {
            request: tree.name(node).into(),
            parent: tree.name(tree.parent(node)).into(),
            depth: tree.depth(node),
            items: outcome.items,
            pause_ns: nanoseconds(outcome.pause),
            deadline_ns: outcome.deadline.map(nanoseconds),
            steps: outcome.steps,
            outcome: outcome.reason.into(),
            through: signal.map(|signal| tree.name(signal.through).into()),
            signal_ns: signal.map(|signal| nanoseconds(signal.at)),
            ended_ns: nanoseconds(outcome.at),
            latency_ns: outcome.latency().map(nanoseconds),
        }
    }
}

impl RequestsSummary {
    fn of(requests: &[RequestRecord]) -> Self {
        let ended = |how| requests.iter().filter(|r| r.outcome == how).count() as u64;
        let latencies = requests.iter().filter_map(|request| request.latency_ns);
        let spread = Quartiles::of(latencies.map(|ns| ns as f64));
        let steps = requests.iter().map(|request| request.steps);
        Self {
            requests: requests.len() as u64,
            finished: ended(Ended::Finished),
            canceled: ended(Ended::Canceled),
            deadline_exceeded: ended(Ended::DeadlineExceeded),
            steps: steps.fold(0, u64::saturating_add),
            ended_ns: requests.iter().map(|r| r.ended_ns).max().unwrap_or(0),
            latency_ns: spread.map(|spread| Latency {
                min: spread.min,
                median: spread.median,
                max: spread.max,
            }),
        }
    }
}

/// Returns the nanoseconds, at most 2^64 - 1: only virtual time is beyond these 584 years.
pub fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

impl Record for RequestsRecord {
    type Line<'a> = RequestsLine;

    fn columns(&self) -> &'static str {
        "request,parent,items,pause_ns,deadline_ns,steps,outcome,through,signal_ns,ended_ns,\
         latency_ns"
    }

    fn items(&self) -> impl Iterator<Item = Self::Line<'_>> {
        self.requests.iter().cloned().map(RequestsLine::Request)
    }

    fn summary(&self) -> Option<Self::Line<'_>> {
        Some(RequestsLine::Summary(Versioned::new(Self {
            requests: Vec::new(),
            ..self.clone()
        })))
    }
}
