//! A schedule for what was recorded on real threads, and the recording that a schedule would leave.
//!
//! A recording names the loads and stores of the counter in an order; around them the programs take
//! and release locks. The schedule takes a lock as late as it can and releases it as soon as it can,
//! so an order that locks allowed on real threads is one that they allow here.

use super::token::{Schedule, Steps};
use crate::model::effect::Effect;
use crate::model::error::PlanError;
use crate::model::language::instruction::{Instruction, Var};
use crate::model::machine::{Ending, Machine};
use crate::model::plan::{Completion, Plan};
use crate::model::system::System;

/// The schedule in which the threads of the system load and store their counter in this order:
/// each access is a thread and whether it stores. `None` if the system has no such schedule.
pub fn retrace(
    system: &System,
    accesses: impl IntoIterator<Item = (usize, bool)>,
) -> Option<Schedule> {
    let counter = counter(system)?;
    let mut machine = Machine::new(system);
    let mut schedule = Schedule::new();
    for (thread, stores) in accesses {
        let mut steps = 0;
        // Up to the access,
        while touch(next(&machine, thread)?, counter) == Touch::None {
            machine.step(thread).ok()?;
            steps += 1;
        }
        match touch(next(&machine, thread)?, counter) {
            Touch::Load if !stores => {
                machine.step(thread).ok()?;
                steps += 1;
            }
            // One step that loads and stores: it is taken when it stores.
            Touch::Both if !stores => {}
            Touch::Store | Touch::Both if stores => {
                let step = machine.step(thread).ok()?;
                if matches!(step.effect, Effect::Refused { .. }) {
                    return None;
                }
                steps += 1;
            }
            _ => return None,
        }
        // and whatever lets others go on.
        while next(&machine, thread).is_some_and(|next| releases(next, counter)) {
            machine.step(thread).ok()?;
            steps += 1;
        }
        schedule.push(thread, Steps::Count(steps));
    }
    machine.ending()?;
    Some(schedule.closed(&machine))
}

/// What a schedule would leave in a recording: the total, and for the increments of each thread
/// which increment's store they read, as a thread and a number counted from 0.
///
/// # Errors
/// The first segment that can't be done.
pub fn sources(system: &System, schedule: &Schedule) -> Result<Retraced, PlanError> {
    type Store = Option<(usize, usize)>;
    let counter = counter(system);
    let mut sources: Vec<Vec<Store>> = vec![Vec::new(); system.threads()];
    let mut loaded: Vec<Store> = vec![None; system.threads()];
    let mut holds: Store = None;
    let mut plan = Plan::new(system, schedule.segments().iter(), Completion::Strict);
    let ending = plan.finish(&mut |step, _| {
        let thread = step.thread;
        match step.effect {
            Effect::Read { variable, .. } if Some(variable) == counter => loaded[thread] = holds,
            Effect::Wrote { variable, .. } if Some(variable) == counter => {
                sources[thread].push(loaded[thread]);
                holds = Some((thread, sources[thread].len() - 1));
            }
            Effect::Updated { variable, .. } if Some(variable) == counter => {
                sources[thread].push(holds);
                holds = Some((thread, sources[thread].len() - 1));
            }
            _ => {}
        }
    })?;
    Ok(Retraced { ending, sources })
}

/// What a schedule leaves in a recording.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retraced {
    /// How it ended.
    pub ending: Ending,
    /// For each thread, which store its increments read; `None` for the initial value.
    pub sources: Vec<Vec<Option<(usize, usize)>>>,
}

/// The one variable that is counted in.
fn counter(system: &System) -> Option<Var> {
    match system.total_variables() {
        [counter] => Some(*counter),
        _ => None,
    }
}

/// The instruction that a thread takes next.
fn next(machine: &Machine<'_>, thread: usize) -> Option<Instruction> {
    let at = machine.at(thread)?;
    machine.system().program(thread).code().get(at).copied()
}

/// What an instruction does to the counter.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Touch {
    None,
    Load,
    Store,
    Both,
}

fn touch(instruction: Instruction, counter: Var) -> Touch {
    if instruction.variable() != Some(counter) {
        return Touch::None;
    }
    match instruction {
        Instruction::Load { .. }
        | Instruction::IncrementLoad { .. }
        | Instruction::Await { .. } => Touch::Load,
        // Its load is the one before, which it confirms.
        Instruction::Store { .. }
        | Instruction::IncrementStore { .. }
        | Instruction::CompareExchange { .. } => Touch::Store,
        _ => Touch::Both,
    }
}

/// Whether an instruction lets others go on: a lock is released, or a flag put down.
fn releases(instruction: Instruction, counter: Var) -> bool {
    match instruction {
        Instruction::Release { .. } => true,
        Instruction::Store { variable, .. } => variable != counter,
        _ => false,
    }
}
