//! An experiment, validated: everything after it can trust its numbers.

mod comparison;
mod counting;
mod exploration;
mod group;
mod knobs;
mod live;
mod presentation;
mod race;
mod repeat;
mod subject;
mod topic;

// The command line names a memory model, and knows no other part of the model.
pub use crate::model::MemoryModel;
pub use comparison::{Comparison, Entry};
pub use counting::{CountingPlan, MOST_THREADS, Pinning, StartLine, Until, typed_name};
pub use exploration::Exploration;
pub use group::{Mistake, WaitGroupPlan};
pub use live::{Knob, LivePlan, LiveSubject};
pub use presentation::{Theme, When};
pub use race::{RacePlan, RaceUntil};
pub use repeat::{Expected, MOST_JOBS, ProcessPinning, RepeatPlan, RunCondition};
pub use subject::{Maker, Subject, SubjectWords};
pub use topic::{HelpTopic, TOPICS};
