//! One thread: its place, its registers, the locks it holds, and what an instruction does.

use super::buffer::Buffer;
use super::effect::Effect;
use super::held::Held;
use super::language::element::{Declared, Element, Operand, Reg, Var};
use super::language::instruction::Instruction;
use super::language::operation::Fault;
use super::language::program::Program;
use super::machine::{Failure, Status};
use super::memory::Memory;
use super::state::Common;
use super::system::System;

/// The most local instructions between two steps: a loop without any step would never end, and fails
/// ([`Fault::Endless`]).
pub const MOST_LOCAL: u32 = 100_000;

/// What is private to one thread.
// invariants: `at` rests on a visible instruction or the end, or on the one that failed; registers
// that no longer matter there are 0, so that equal futures look equal.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Local {
    /// The index of its program.
    pub(super) program: usize,
    pub(super) at: usize,
    pub(super) registers: Vec<u64>,
    pub(super) held: Held,
    /// Its place in the queue that it waits in.
    pub(super) ticket: u32,
    pub(super) failed: Option<Fault>,
    /// Its store buffer; `None` where stores reach memory at once.
    pub(super) buffer: Option<Buffer>,
}

impl Local {
    /// Returns a thread before its first visible step: the local instructions at the very
    /// beginning are done.
    pub(super) fn start(system: &System, thread: usize) -> Self {
        let program = system.program(thread);
        let mut local = Self {
            program: system.program_index(thread),
            at: 0,
            registers: vec![0; program.registers().len()],
            held: Held::nothing(system.locks().len()),
            ticket: 0,
            failed: None,
            buffer: system.store_buffer(program),
        };
        local.ride(program);
        local
    }

    /// Becomes equal to `other`, in the same allocations.
    pub(super) fn copy_from(&mut self, other: &Self) {
        let mut registers = std::mem::take(&mut self.registers);
        registers.clone_from(&other.registers);
        let mut held = std::mem::take(&mut self.held);
        held.clone_from(&other.held);
        let mut buffer = self.buffer.take();
        buffer.clone_from(&other.buffer);
        *self = Self {
            registers,
            held,
            buffer,
            ..*other
        };
    }

    pub(super) fn is_done(&self, program: &Program) -> bool {
        self.at >= program.code().len()
    }

    pub(super) fn value(&self, operand: Operand) -> u64 {
        match operand {
            Operand::Const(value) => value,
            Operand::Reg(register) => self.registers[register.index()],
        }
    }

    pub(super) fn set(&mut self, register: Reg, value: u64) {
        self.registers[register.index()] = value;
    }

    /// Returns which element this is now.
    pub(super) fn find<T: Declared + Into<usize>>(&self, element: Element<T>) -> Result<T, Fault> {
        let (.., index) = element.parts();
        element.at(self.value(index)).ok_or(Fault::OutOfBounds)
    }

    /// Executes local instructions up to the next visible one, then clears the registers that no
    /// longer matter.
    pub(super) fn ride(&mut self, program: &Program) {
        let mut computed = 0;
        while let Some(instruction) = program.code().get(self.at) {
            match self.compute(instruction) {
                Ok(Some(next)) => self.at = next,
                Ok(None) => break,
                Err(fault) => return self.fail(fault),
            }
            computed += 1;
            if computed == MOST_LOCAL {
                return self.fail(Fault::Endless);
            }
        }
        let live = program.live_at(self.at);
        for (index, register) in self.registers.iter_mut().enumerate() {
            if live >> index & 1 == 0 {
                *register = 0;
            }
        }
    }

    /// Executes a local instruction and returns the place of the next one; `None` for a visible
    /// one.
    pub(super) fn compute(&mut self, instruction: &Instruction) -> Result<Option<usize>, Fault> {
        let next = self.at + 1;
        Ok(Some(match *instruction {
            Instruction::Set { to, value } => {
                self.set(to, self.value(value));
                next
            }
            Instruction::Compute {
                to,
                left,
                operation,
                right,
            } => {
                let result = operation.apply(self.value(left), self.value(right));
                self.set(to, result.ok_or(Fault::DivisionByZero)?);
                next
            }
            Instruction::Jump { target } => target,
            Instruction::JumpIf {
                left,
                comparison,
                right,
                target,
            } => {
                let jumps = comparison.holds(self.value(left), self.value(right));
                if jumps { target } else { next }
            }
            Instruction::Assert { value } if self.value(value) == 0 => {
                return Err(Fault::Assertion);
            }
            Instruction::Assert { .. } => next,
            _ => return Ok(None),
        }))
    }

    /// Stays where it failed; nothing else matters any more.
    fn fail(&mut self, fault: Fault) {
        self.failed = Some(fault);
        self.registers.fill(0);
        // The stores in the buffer stay there for ever: they don't matter either.
        if let Some(buffer) = &mut self.buffer {
            while buffer.pop().is_some() {}
        }
    }

    /// Returns the newest value that the thread has stored to a variable and not yet delivered.
    pub(super) fn newest(&self, variable: Var) -> Option<u64> {
        self.buffer.as_ref()?.newest(variable)
    }

    /// Returns whether its store buffer can deliver a store.
    pub(super) fn can_deliver(&self, memory: &impl Memory) -> bool {
        let waiting = self
            .buffer
            .as_ref()
            .is_some_and(|buffer| !buffer.is_empty());
        waiting && !memory.has_failed()
    }

    /// Delivers the oldest store of its store buffer to memory; `None`, and nothing happens, if it
    /// can't.
    pub(super) fn deliver(&mut self, memory: &mut impl Memory) -> Option<Effect> {
        if !self.can_deliver(memory) {
            return None;
        }
        let (variable, after) = self.buffer.as_mut()?.pop()?;
        let before = memory.store(variable, after);
        Some(Effect::Wrote {
            variable,
            before,
            after,
        })
    }

    fn load(&mut self, to: Reg, variable: Var, memory: &mut impl Memory) -> Effect {
        let (value, effect) = if let Some(value) = self.newest(variable) {
            (value, Effect::Forwarded { variable, value })
        } else {
            let value = memory.load(variable);
            (value, Effect::Read { variable, value })
        };
        self.set(to, value);
        effect
    }

    fn store(&mut self, variable: Var, value: u64, memory: &mut impl Memory) -> Effect {
        if let Some(buffer) = &mut self.buffer {
            buffer.push(variable, value);
            return Effect::Buffered { variable, value };
        }
        let before = memory.store(variable, value);
        Effect::Wrote {
            variable,
            before,
            after: value,
        }
    }

    /// Returns whether the thread can move.
    pub(super) fn status(&self, program: &Program, memory: &impl Memory) -> Status {
        if let Some(fault) = self.failed {
            let at = self.at;
            return Status::Failed(Failure { at, fault });
        }
        if self.is_done(program) {
            return Status::Done;
        }
        if memory.has_failed() {
            return Status::Halted;
        }
        self.waits_for(program, memory)
            .map_or(Status::Ready, Status::Blocked)
    }

    /// Takes one step: the visible instruction it rests on and the local ones after it.
    ///
    /// # Errors
    /// Returns the thread's status when it is not ready; nothing has changed then.
    pub(super) fn step(
        &mut self,
        program: &Program,
        common: &mut Common,
    ) -> Result<Effect, Status> {
        match self.status(program, common) {
            Status::Ready => self.advance(program, common).ok_or(Status::Done),
            status => Err(status),
        }
    }

    /// Takes one step of a thread that is ready; `None`, and nothing happens, if it is done.
    pub(super) fn advance(
        &mut self,
        program: &Program,
        memory: &mut impl Memory,
    ) -> Option<Effect> {
        let instruction = *program.code().get(self.at)?;
        let performed = self.perform(instruction, memory);
        match performed {
            Ok(effect) => {
                // The last to arrive at a barrier does not wait there.
                let skips = matches!(effect, Effect::Arrived { opens: true, .. });
                self.at += 1 + usize::from(skips);
                self.ride(program);
            }
            Err(fault) => self.fail(fault),
        }
        if self.failed.is_some() {
            memory.fail();
        }
        Some(performed.unwrap_or_else(Effect::Failed))
    }

    /// Executes a visible instruction; the thread must not be blocked.
    pub(super) fn perform(
        &mut self,
        instruction: Instruction,
        memory: &mut impl Memory,
    ) -> Result<Effect, Fault> {
        let updated = |variable, before, after| Effect::Updated {
            variable,
            before,
            after,
        };
        Ok(match instruction {
            Instruction::Load { to, variable }
            | Instruction::Await { to, variable, .. }
            | Instruction::Poll { to, variable }
            | Instruction::IncrementLoad {
                scratch: to,
                variable,
            } => {
                let variable = self.find(variable)?;
                self.load(to, variable, memory)
            }
            Instruction::Store { variable, value } => {
                self.store(self.find(variable)?, self.value(value), memory)
            }
            Instruction::IncrementStore { scratch, variable } => {
                let variable = self.find(variable)?;
                let after = self.value(Operand::Reg(scratch)).wrapping_add(1);
                self.store(variable, after, memory)
            }
            Instruction::FetchAdd { old, variable, by } => {
                let (variable, by) = (self.find(variable)?, self.value(by));
                let before = memory.fetch_add(variable, by);
                self.set(old, before);
                updated(variable, before, before.wrapping_add(by))
            }
            Instruction::Swap { variable, new, .. }
            | Instruction::AwaitExchange { variable, new, .. } => {
                let (variable, after) = (self.find(variable)?, self.value(new));
                let before = memory.swap(variable, after);
                if let Instruction::Swap { old, .. } = instruction {
                    self.set(old, before);
                }
                updated(variable, before, after)
            }
            Instruction::CompareExchange {
                seen,
                variable,
                expected,
                new,
            } => {
                let variable = self.find(variable)?;
                let (expected, after) = (self.value(expected), self.value(new));
                let value = memory.compare_exchange(variable, expected, after);
                self.set(seen, value);
                if value == expected {
                    updated(variable, value, after)
                } else {
                    Effect::Refused { variable, value }
                }
            }
            _ => return self.coordinate(instruction, memory),
        })
    }
}
