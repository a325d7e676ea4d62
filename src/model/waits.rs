//! What a thread waits for before its next step.

use super::effect::Wait;
use super::language::element::{Element, Operand, Var};
use super::language::instruction::{Instruction, Mode};
use super::language::operation::Relation;
use super::language::program::Program;
use super::local::Local;
use super::memory::Memory;

impl Local {
    /// Returns what the thread waits for; `None` if it can move or is done.
    pub(super) fn waits_for(&self, program: &Program, memory: &impl Memory) -> Option<Wait> {
        let taken = |lock, mode| (!memory.is_free(lock, mode)).then_some(Wait::Lock { lock, mode });
        let queued = |queue| {
            let called = memory.with_queue(queue, |queue| queue.is_called(self.ticket));
            (!called).then_some(Wait::Queue { queue })
        };
        // An index outside its array does not block: the step fails.
        let instruction = program.code().get(self.at)?;
        if let Some(buffer) = &self.buffer {
            let waits = if instruction.drains() {
                !buffer.is_empty()
            } else {
                instruction.is_store() && buffer.is_full()
            };
            if waits {
                return Some(Wait::Buffer);
            }
        }
        match *instruction {
            Instruction::Acquire { lock, mode } => taken(self.find(lock).ok()?, mode),
            Instruction::Wake { queue, lock } => queued(self.find(queue).ok()?)
                .or_else(|| taken(self.find(lock).ok()?, Mode::Exclusive)),
            Instruction::Pass { queue } => queued(self.find(queue).ok()?),
            Instruction::Await {
                variable,
                until,
                value,
                ..
            } => self.watch(memory, variable, until, value),
            Instruction::Poll { to, variable } => {
                let variable = self.find(variable).ok()?;
                let mut trial = self.clone();
                trial.set(
                    to,
                    self.newest(variable)
                        .unwrap_or_else(|| memory.peek(variable)),
                );
                trial.at += 1;
                trial.ride(program);
                let is_back = trial.at == self.at && trial.failed.is_none();
                is_back.then_some(Wait::Change { variable })
            }
            Instruction::AwaitExchange {
                variable, expected, ..
            } => self.watch(memory, variable, Relation::Equal, expected),
            _ => None,
        }
    }

    fn watch(
        &self,
        memory: &impl Memory,
        variable: Element<Var>,
        until: Relation,
        value: Operand,
    ) -> Option<Wait> {
        let (variable, value) = (self.find(variable).ok()?, self.value(value));
        let newest = self.newest(variable);
        let met = until.holds(newest.unwrap_or_else(|| memory.peek(variable)), value);
        (!met).then_some(Wait::Variable {
            variable,
            until,
            value,
        })
    }
}
