//! The record of a forced schedule: `miscount.replay/1`.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::counting::StopReason;
use super::data::Record;
use super::end::EndRecord;
use super::interleaving::{Gap, Happening, StepRecord};
use super::schema::Versioned;
use super::subject::SubjectRecord;
use super::waiting::WaitingRecord;

/// A schedule, with its predicted and its actual end.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ReplayRecord {
    /// The replayed system.
    #[serde(flatten)]
    pub subject: SubjectRecord,
    /// The schedule as a token, with the steps that complete it; its name if the token would be too
    /// long.
    pub schedule: String,
    /// Where it was run: `threads` or `model`.
    pub on: Cow<'static, str>,
    /// The total in the model; null for a deadlock.
    pub predicted: Option<u64>,
    /// The total on real threads; null for a deadlock, and if it was not run on threads or was
    /// stopped.
    pub actual: Option<u64>,
    /// The threads that wait forever in the model; left out unless it ends in a deadlock.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deadlock: Option<Vec<WaitingRecord>>,
    /// The expected total minus the actual one, or the predicted one if there is no other; null for
    /// a deadlock, and if the total does not count increments.
    pub lost: Option<u64>,
    /// How a race program ends: on real threads if it got to an end there, else in the model; left
    /// out for others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<EndRecord>,
    /// Whether the threads ended as predicted; null if it was not run on threads.
    pub agree: Option<bool>,
    /// Steps taken in all.
    pub steps: u64,
    /// Switches between threads.
    pub switches: u64,
    /// Steps taken after the schedule had ended, one thread after the other.
    pub completed_steps: u64,
    /// `completed`, or `timeout` or `interrupted` if the threads were stopped before the end.
    pub stopped: StopReason,
    /// Nanoseconds on real threads; null if they did not reach the end.
    pub elapsed_ns: Option<u64>,
    /// The steps, if they were requested.
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
    /// The last line: the record without the steps.
    Summary(Box<Versioned<ReplayRecord>>),
}

impl Record for ReplayRecord {
    type Line<'a> = ReplayLine<'a>;

    fn columns(&self) -> &'static str {
        match (&self.interleaving, &self.subject.name.strategy) {
            (Some(_), _) => "step,thread,instruction,value,overwrites",
            (None, None) if self.subject.name.program.is_some() => {
                "program,flags,threads,schedule,on,end.kind,end.values,end.correct,deadlock,agree,switches,\
                 steps"
            }
            (None, None) => {
                "program,threads,schedule,on,expected,predicted,actual,deadlock,agree,switches,steps"
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
