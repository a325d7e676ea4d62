//! The record of a forced schedule: `miscount.replay/1`.

use schemars::JsonSchema;
use serde::Serialize;

use super::data::Record;
use super::interleaving::{Gap, Happening, StepRecord};
use super::schema::Versioned;
use super::subject::SubjectRecord;
use super::waiting::WaitingRecord;
use crate::lab::StopReason;

/// A schedule, what it was predicted to end with, and what it did end with.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ReplayRecord {
    /// What was replayed.
    #[serde(flatten)]
    pub subject: SubjectRecord,
    /// The schedule as a token, with the steps that complete it; its name where the token would be
    /// too long.
    pub schedule: String,
    /// Where it was run: `threads` or `model`.
    pub on: &'static str,
    /// The total in the model; null for a deadlock.
    pub predicted: Option<u64>,
    /// The total on real threads; null for a deadlock, and where it was not run on them, or was
    /// stopped.
    pub actual: Option<u64>,
    /// The threads that wait for ever in the model, and for what; left out unless it ends in a
    /// deadlock.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deadlock: Option<Vec<WaitingRecord>>,
    /// Expected less actual, or less predicted where that is all; null for a deadlock, and where the
    /// total does not count increments.
    pub lost: Option<u64>,
    /// Whether the threads ended as the model says; null where it was not run on threads.
    pub agree: Option<bool>,
    /// Steps taken in all.
    pub steps: u64,
    /// Switches between threads.
    pub switches: u64,
    /// Steps taken after the schedule had ended, one thread after the other.
    pub completed_steps: u64,
    /// `completed`; `timeout` or `interrupted` where the real threads were stopped before the end.
    pub stopped: StopReason,
    /// Nanoseconds on real threads; null where they did not come to the end.
    pub elapsed_ns: Option<u64>,
    /// Whether the steps were asked for, and then what happened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interleaving: Option<Vec<Happening>>,
}

/// A line of JSON lines.
#[derive(Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum ReplayLine<'a> {
    /// One step.
    Step(&'a StepRecord),
    /// Steps or moves in the middle that are left out.
    Gap(&'a Gap),
    /// The record without the steps; the last line.
    Summary(Box<Versioned<ReplayRecord>>),
}

impl Record for ReplayRecord {
    type Line<'a> = ReplayLine<'a>;

    fn columns(&self) -> &'static str {
        match (&self.interleaving, &self.subject.name.strategy) {
            (Some(_), _) => "step,thread,instruction,value,overwrites",
            (None, None) => {
                "puzzle,threads,schedule,on,expected,predicted,actual,deadlock,agree,switches,steps"
            }
            (None, Some(_)) => {
                "strategy,flags,threads,increments,schedule,on,expected,predicted,actual,\
                 switches,steps"
            }
        }
    }

    fn items(&self) -> impl Iterator<Item = Self::Line<'_>> {
        self.interleaving
            .iter()
            .flatten()
            .map(|happening| match happening {
                Happening::Step(step) => ReplayLine::Step(step),
                Happening::Gap(gap) => ReplayLine::Gap(gap),
            })
    }

    fn summary(&self) -> Option<Self::Line<'_>> {
        Some(ReplayLine::Summary(Box::new(Versioned::new(Self {
            interleaving: None,
            ..self.clone()
        }))))
    }
}
