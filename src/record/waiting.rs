//! Threads that wait forever, as data.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::{Label, Machine, QueueKind, Relation, System, Wait, parse_label};

/// What a thread waits for at a condition, before its name.
const NOTIFICATION: &str = "a notification of";

/// A thread that waits in a deadlock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WaitingRecord {
    /// The thread's label.
    pub thread: String,
    /// What it waits for: a lock, or a variable to have some value.
    pub waits_for: String,
    /// The threads that hold the lock; left out if it waits for no lock, or if no schedule with
    /// this end is known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub held_by: Vec<String>,
    /// The value of the variable; left out if it waits for no variable, or if no schedule
    /// with this end is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<u64>,
}

impl WaitingRecord {
    /// Returns the record of a thread that waits, in the state of the machine if it is known.
    pub(super) fn new(
        system: &System,
        thread: usize,
        wait: Wait,
        end: Option<&Machine<'_>>,
    ) -> Self {
        let name = |names: &[String], index: usize| names.get(index).cloned().unwrap_or_default();
        let (waits_for, holders, value) = match wait {
            Wait::Lock { lock, .. } => (
                format!("lock `{}`", name(system.locks(), lock.index())),
                end.map_or_else(Vec::new, |end| end.holders(lock)),
                None,
            ),
            Wait::Variable {
                variable,
                until,
                value,
            } => {
                let name = name(system.variables(), variable.index());
                let words = match until {
                    Relation::Equal => format!("`{name}` to be {value}"),
                    other => format!("`{name}` to be {other} {value}"),
                };
                (words, Vec::new(), end.map(|end| end.variable(variable)))
            }
            Wait::Change { variable } => {
                let words = format!("`{}` to change", name(system.variables(), variable.index()));
                (words, Vec::new(), end.map(|end| end.variable(variable)))
            }
            Wait::Queue { queue } => {
                let name = name(system.queues(), queue.index());
                let words = match system.queue_kinds().get(queue.index()) {
                    Some(QueueKind::Barrier { .. }) => format!("barrier `{name}`"),
                    _ => format!("{NOTIFICATION} `{name}`"),
                };
                (words, Vec::new(), None)
            }
            Wait::Buffer => ("its store buffer".into(), Vec::new(), None),
        };
        let held_by = holders.iter().map(|(thread, _)| Label(*thread).to_string());
        Self {
            thread: Label(thread).to_string(),
            waits_for,
            held_by: held_by.collect(),
            value,
        }
    }

    /// Returns the index of the thread, from 0.
    pub fn column(&self) -> usize {
        parse_label(&self.thread).unwrap_or(0)
    }

    /// Returns whether it waits for a notification of a condition.
    pub fn is_for_notification(&self) -> bool {
        self.waits_for.starts_with(NOTIFICATION)
    }

    /// Returns the threads that wait forever at the end of a run.
    pub fn at_end(machine: &Machine<'_>, waits: &[(usize, Wait)]) -> Vec<Self> {
        let record = |&(thread, wait)| Self::new(machine.system(), thread, wait, Some(machine));
        waits.iter().map(record).collect()
    }
}
