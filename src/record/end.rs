//! How a run ends: what a census, a forced schedule and free runs have in common.

use std::collections::BTreeMap;
use std::fmt::Display;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::waiting::WaitingRecord;
use crate::language::Race;
use crate::model::{Ending, Fault, Label, Machine, System};
use crate::plan::Subject;

/// How schedules end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum EndKind {
    /// All threads finish.
    Finished,
    /// Threads wait for ever.
    Deadlock,
    /// An assertion fails.
    Assertion,
    /// A division by zero, an index out of bounds, a lock released by a thread that does not hold it.
    Fault,
    /// Threads go round for ever.
    Livelock,
}

/// How a run ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EndRecord {
    /// In one word.
    pub kind: EndKind,
    /// The total; null for any other end, and for race programs, which have values.
    pub total: Option<u64>,
    /// The values of a race program when all its threads have finished, by name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub values: Option<BTreeMap<String, i64>>,
    /// In a deadlock, the waiting threads.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deadlock: Option<Vec<WaitingRecord>>,
    /// The thread that failed, with an assertion or a fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thread: Option<String>,
    /// The line of the program where it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// What was wrong there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
    /// Whether the end is correct; null if that is not said anywhere.
    pub correct: Option<bool>,
}

/// Returns the condition that holds of these values alone.
pub(super) fn conjunction<N: Display, V: Display>(
    values: impl IntoIterator<Item = (N, V)>,
) -> String {
    let values = values
        .into_iter()
        .map(|(name, value)| format!("{name} == {value}"));
    values.collect::<Vec<_>>().join(" && ")
}

impl EndKind {
    /// Returns the kind of an ending.
    pub fn of(ending: &Ending) -> Self {
        match ending {
            Ending::Total(_) | Ending::Values(_) => Self::Finished,
            Ending::Deadlock(_) => Self::Deadlock,
            Ending::Livelock => Self::Livelock,
            Ending::Failed(_, failure) if failure.fault == Fault::Assertion => Self::Assertion,
            Ending::Failed(..) => Self::Fault,
        }
    }
}

impl EndRecord {
    /// Returns the condition that holds of this end of a race program: `x == 1 && y == 2`, or the
    /// word for its kind.
    pub(super) fn condition(&self) -> String {
        match self.kind {
            EndKind::Finished => conjunction(self.values.iter().flatten()),
            EndKind::Deadlock => "deadlock".into(),
            EndKind::Assertion => "assertion".into(),
            EndKind::Fault => "fault".into(),
            EndKind::Livelock => "livelock".into(),
        }
    }

    /// Returns the record of an ending; the machine at the end tells who holds what.
    pub fn new(
        subject: &Subject,
        system: &System,
        ending: &Ending,
        end: Option<&Machine<'_>>,
    ) -> Self {
        let values = match ending {
            Ending::Values(values) => {
                let values = values.iter().map(|value| value.cast_signed());
                let names = subject
                    .race()
                    .map_or_else(|| system.shown_names().collect(), Race::value_names);
                Some(names.into_iter().zip(values).collect())
            }
            _ => None,
        };
        let deadlock = match ending {
            Ending::Deadlock(waits) => {
                let record = |&(thread, wait)| WaitingRecord::new(system, thread, wait, end);
                Some(waits.iter().map(record).collect())
            }
            _ => None,
        };
        let failed = match ending {
            Ending::Failed(thread, failure) => Some((*thread, *failure)),
            _ => None,
        };
        Self {
            kind: EndKind::of(ending),
            total: ending.total(),
            values,
            deadlock,
            thread: failed.map(|(thread, _)| Label(thread).to_string()),
            line: failed.and_then(|(thread, failure)| system.program(thread).line(failure.at)),
            problem: failed.map(|(_, failure)| failure.fault.to_string()),
            correct: subject.is_correct(ending),
        }
    }
}
