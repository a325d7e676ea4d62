//! The schedule behind a recording of real threads, and the recording that a schedule would leave.
//!
//! A recording lists the loads and stores of the counter in an order; around them the programs take
//! and release locks. The schedule takes each lock as late and releases it as early as possible, so
//! it allows every order that the locks allowed on real threads.

use super::token::{Schedule, Steps};
use crate::model::effect::Effect;
use crate::model::error::PlanError;
use crate::model::language::element::Var;
use crate::model::language::instruction::Instruction;
use crate::model::machine::{Ending, Machine};
use crate::model::plan::ScheduleRun;
use crate::model::scheduler::Completion;
use crate::model::system::System;

/// Returns the schedule in which the threads of the system load and store their counter in this
/// order: each access is a thread and whether it stores. `None` if there is no such schedule.
pub fn retrace(
    system: &System,
    accesses: impl IntoIterator<Item = (usize, bool)>,
) -> Option<Schedule> {
    let counter = counter(system)?;
    let mut machine = Machine::new(system);
    let mut schedule = Schedule::new();
    for (thread, stores) in accesses {
        let mut steps = 0;
        // Steps up to the access,
        let (may_load, may_store) = loop {
            let access = access(next(&machine, thread)?, counter);
            if access != (false, false) {
                break access;
            }
            machine.step(thread).ok()?;
            steps += 1;
        };
        if !(if stores { may_store } else { may_load }) {
            return None;
        }
        // the access, where a step that loads and stores is taken when it stores,
        if stores || !may_store {
            let step = machine.step(thread).ok()?;
            if matches!(step.effect, Effect::Refused { .. }) {
                return None;
            }
            steps += 1;
        }
        // and those after it that let other threads proceed.
        while next(&machine, thread).is_some_and(|next| releases(next, counter)) {
            machine.step(thread).ok()?;
            steps += 1;
        }
        schedule.push(thread, Steps::Count(steps));
    }
    machine.ending()?;
    Some(schedule.closed(&machine))
}

/// Returns the recording that a schedule would leave: how it ends, and for the increments of each
/// thread whose store they read, as a thread and the number of its increment, from 0.
///
/// # Errors
/// The first segment that can't be executed.
pub fn sources(system: &System, schedule: &Schedule) -> Result<Retraced, PlanError> {
    type Store = Option<(usize, usize)>;
    let counter = counter(system);
    let mut sources: Vec<Vec<Store>> = vec![Vec::new(); system.threads()];
    let mut loaded: Vec<Store> = vec![None; system.threads()];
    let mut holds: Store = None;
    let mut plan = ScheduleRun::new(system, schedule.segments().iter(), Completion::Strict);
    let ending = plan.finish(&mut |step, _| {
        let thread = step.actor.thread();
        match step.effect {
            Effect::Read { variable, .. } if Some(variable) == counter => loaded[thread] = holds,
            Effect::Wrote { variable, .. } | Effect::Updated { variable, .. }
                if Some(variable) == counter =>
            {
                let is_blind = matches!(step.effect, Effect::Wrote { .. });
                sources[thread].push(if is_blind { loaded[thread] } else { holds });
                holds = Some((thread, sources[thread].len() - 1));
            }
            _ => {}
        }
    })?;
    Ok(Retraced { ending, sources })
}

/// The recording that a schedule leaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retraced {
    /// How the schedule ends.
    pub ending: Ending,
    /// For each thread, the stores that its increments read; `None` for the initial value.
    pub sources: Vec<Vec<Option<(usize, usize)>>>,
}

/// Returns the one variable that makes the total.
fn counter(system: &System) -> Option<Var> {
    match system.total_variables() {
        [counter] => Some(*counter),
        _ => None,
    }
}

/// Returns a thread's next visible instruction.
fn next(machine: &Machine<'_>, thread: usize) -> Option<Instruction> {
    let at = machine.at(thread)?;
    machine.system().program(thread).code().get(at).copied()
}

/// Returns whether an instruction loads the counter, and whether it stores it.
fn access(instruction: Instruction, counter: Var) -> (bool, bool) {
    match instruction {
        _ if !instruction.touches(counter) => (false, false),
        Instruction::Load { .. }
        | Instruction::IncrementLoad { .. }
        | Instruction::Await { .. } => (true, false),
        // The load of a compare-exchange is the one before, which it confirms.
        Instruction::Store { .. }
        | Instruction::IncrementStore { .. }
        | Instruction::CompareExchange { .. } => (false, true),
        _ => (true, true),
    }
}

/// Returns whether an instruction may let other threads proceed: it releases a lock or clears a
/// flag.
fn releases(instruction: Instruction, counter: Var) -> bool {
    match instruction {
        Instruction::Release { .. } => true,
        Instruction::Store { variable, .. } => variable.fixed() != Some(counter),
        _ => false,
    }
}
