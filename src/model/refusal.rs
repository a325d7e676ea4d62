//! Why an actor could not take the steps that a schedule asks for.

use super::actor::Actor;
use super::buffer::MemoryModel;
use super::label::Label;
use super::machine::{Machine, Status};

/// Returns why the actor stopped with this status after some of the steps it was asked for.
pub(super) fn refusal(machine: &Machine<'_>, label: Actor, status: Status, after: u64) -> String {
    let thread = label.thread();
    let last = machine.system().threads() - 1;
    let memory = machine.system().memory();
    match (status, after) {
        _ if thread > last && last == 0 => "the only thread is A".to_owned(),
        _ if thread > last => format!("the last thread is {}", Label(last)),
        (Status::Blocked(wait), 0) => {
            let wait = machine.describe(wait);
            format!("{label} is blocked: it waits for {wait}")
        }
        (Status::Blocked(wait), _) => {
            let wait = machine.describe(wait);
            format!(
                "{label} is blocked after {after} of these steps: it waits for {wait}; write \
                 {label}{after} to stop there"
            )
        }
        (_, 0) if label.is_buffer() => match memory {
            MemoryModel::Sc => {
                format!(
                    "{label} would deliver a store, but there are no store buffers; add --memory tso"
                )
            }
            MemoryModel::Tso => format!("the store buffer of {} is empty", Label(thread)),
        },
        (_, 0) => format!("{label} is already done"),
        _ if label.is_buffer() => {
            format!(
                "the store buffer of {} is empty after {after} of these steps",
                Label(thread)
            )
        }
        _ => format!("{label} is done after {after} of these steps; write {label}-"),
    }
}
