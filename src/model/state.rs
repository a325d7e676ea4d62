//! The state of a system in two kinds of parts, and what an instruction does to them.
//!
//! A state is one [`Common`] part (variables and locks) and a [`Local`] part for each thread. A
//! step reads and changes the common part and one local part, nothing else: the machine and the
//! census both rely on that. The local parts record which thread holds a lock, so the common part
//! names no thread, and interchangeable threads stay interchangeable.

use super::effect::{Effect, Wait};
use super::language::instruction::{Instruction, LockId, Mode, Operand, Reg, Relation, Var};
use super::language::program::Program;
use super::machine::Status;
use super::memory::Memory;
use super::system::System;

/// What all threads share.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Common {
    pub(super) variables: Vec<u64>,
    /// 0: free; [`WRITTEN`]: held exclusively; else the number of readers.
    pub(super) locks: Vec<u32>,
}

const WRITTEN: u32 = u32::MAX;

/// What is private to one thread.
// invariants: `at` rests on a visible instruction or the end; registers that no longer matter
// there are 0, so that equal futures look equal.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Local {
    /// The index of its program.
    pub(super) program: usize,
    pub(super) at: usize,
    pub(super) registers: Vec<u64>,
    /// The locks held exclusively, as bits, and those held for reading.
    pub(super) exclusive: u64,
    pub(super) shared: u64,
}

impl Common {
    pub(super) fn start(system: &System) -> Self {
        Self {
            variables: system.initial_values().to_vec(),
            locks: vec![0; system.locks().len()],
        }
    }

    /// Becomes equal to `other`, in the same allocations.
    pub(super) fn copy_from(&mut self, other: &Self) {
        self.variables.clone_from(&other.variables);
        self.locks.clone_from(&other.locks);
    }
}

impl Memory for Common {
    fn load(&mut self, variable: Var) -> u64 {
        self.variables[variable.index()]
    }

    fn store(&mut self, variable: Var, value: u64) -> u64 {
        std::mem::replace(&mut self.variables[variable.index()], value)
    }

    fn fetch_add(&mut self, variable: Var, by: u64) -> u64 {
        let after = self.load(variable).wrapping_add(by);
        self.store(variable, after)
    }

    fn swap(&mut self, variable: Var, value: u64) -> u64 {
        self.store(variable, value)
    }

    fn compare_exchange(&mut self, variable: Var, expected: u64, new: u64) -> u64 {
        let seen = self.load(variable);
        if seen == expected {
            self.store(variable, new);
        }
        seen
    }

    fn peek(&self, variable: Var) -> u64 {
        self.variables[variable.index()]
    }

    fn is_free(&self, lock: LockId, mode: Mode) -> bool {
        let holders = self.locks[lock.index()];
        match mode {
            Mode::Exclusive => holders == 0,
            // The last count but one is never reached: there are at most 4096 threads.
            Mode::Shared => holders != WRITTEN,
        }
    }

    fn acquire(&mut self, lock: LockId, mode: Mode) {
        let holders = &mut self.locks[lock.index()];
        *holders = match mode {
            Mode::Exclusive => WRITTEN,
            Mode::Shared => *holders + 1,
        };
    }

    fn release(&mut self, lock: LockId, mode: Mode) {
        let holders = &mut self.locks[lock.index()];
        *holders = match mode {
            Mode::Exclusive => 0,
            Mode::Shared => holders.saturating_sub(1),
        };
    }
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
            exclusive: 0,
            shared: 0,
        };
        local.ride(program);
        local
    }

    /// Becomes equal to `other`, in the same allocation.
    pub(super) fn copy_from(&mut self, other: &Self) {
        let mut registers = std::mem::take(&mut self.registers);
        registers.clone_from(&other.registers);
        *self = Self {
            registers,
            ..*other
        };
    }

    pub(super) fn is_done(&self, program: &Program) -> bool {
        self.at >= program.code().len()
    }

    fn value(&self, operand: Operand) -> u64 {
        match operand {
            Operand::Const(value) => value,
            Operand::Reg(register) => self.registers[register.index()],
        }
    }

    fn set(&mut self, register: Reg, value: u64) {
        self.registers[register.index()] = value;
    }

    /// Executes local instructions up to the next visible one, then clears the registers that no
    /// longer matter.
    pub(super) fn ride(&mut self, program: &Program) {
        while let Some(instruction) = program.code().get(self.at) {
            let mut next = self.at + 1;
            match *instruction {
                Instruction::Set { to, value } => self.set(to, self.value(value)),
                Instruction::Add { to, left, right } => {
                    self.set(to, self.value(left).wrapping_add(self.value(right)));
                }
                Instruction::Subtract { to, left, right } => {
                    self.set(to, self.value(left).wrapping_sub(self.value(right)));
                }
                Instruction::Jump { target } => next = target,
                Instruction::JumpIf {
                    left,
                    comparison,
                    right,
                    target,
                } => {
                    if comparison.holds(self.value(left), self.value(right)) {
                        next = target;
                    }
                }
                _ => break,
            }
            self.at = next;
        }
        let live = program.live_at(self.at);
        for (index, register) in self.registers.iter_mut().enumerate() {
            if live >> index & 1 == 0 {
                *register = 0;
            }
        }
    }

    /// Returns what the thread waits for; `None` if it can move or is done.
    pub(super) fn waits_for(&self, program: &Program, memory: &impl Memory) -> Option<Wait> {
        match *program.code().get(self.at)? {
            Instruction::Acquire { lock, mode } => {
                (!memory.is_free(lock, mode)).then_some(Wait::Lock { lock, mode })
            }
            Instruction::Await {
                variable,
                until,
                value,
                ..
            } => self.watch(memory, variable, until, value),
            Instruction::AwaitExchange {
                variable, expected, ..
            } => self.watch(memory, variable, Relation::Equal, expected),
            _ => None,
        }
    }

    fn watch(
        &self,
        memory: &impl Memory,
        variable: Var,
        until: Relation,
        value: Operand,
    ) -> Option<Wait> {
        let value = self.value(value);
        let met = until.holds(memory.peek(variable), value);
        (!met).then_some(Wait::Variable {
            variable,
            until,
            value,
        })
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
        if let Some(wait) = self.waits_for(program, common) {
            return Err(Status::Blocked(wait));
        }
        let instruction = program.code().get(self.at).ok_or(Status::Done)?;
        let effect = self.perform(*instruction, common).ok_or(Status::Done)?;
        self.at += 1;
        self.ride(program);
        Ok(effect)
    }

    /// Executes a visible instruction; the thread must not be blocked. Returns `None` for a local
    /// one.
    pub(super) fn perform(
        &mut self,
        instruction: Instruction,
        memory: &mut impl Memory,
    ) -> Option<Effect> {
        let wrote = |variable, before, after| Effect::Wrote {
            variable,
            before,
            after,
        };
        let updated = |variable, before, after| Effect::Updated {
            variable,
            before,
            after,
        };
        let effect = match instruction {
            Instruction::Load { to, variable }
            | Instruction::Await { to, variable, .. }
            | Instruction::IncrementLoad {
                scratch: to,
                variable,
            } => {
                let value = memory.load(variable);
                self.set(to, value);
                Effect::Read { variable, value }
            }
            Instruction::Store { variable, value } => {
                let after = self.value(value);
                wrote(variable, memory.store(variable, after), after)
            }
            Instruction::IncrementStore { scratch, variable } => {
                let after = self.value(Operand::Reg(scratch)).wrapping_add(1);
                wrote(variable, memory.store(variable, after), after)
            }
            Instruction::FetchAdd { old, variable, by } => {
                let by = self.value(by);
                let before = memory.fetch_add(variable, by);
                self.set(old, before);
                updated(variable, before, before.wrapping_add(by))
            }
            Instruction::Swap { variable, new, .. }
            | Instruction::AwaitExchange { variable, new, .. } => {
                let after = self.value(new);
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
                let (expected, after) = (self.value(expected), self.value(new));
                let value = memory.compare_exchange(variable, expected, after);
                self.set(seen, value);
                if value == expected {
                    updated(variable, value, after)
                } else {
                    Effect::Refused { variable, value }
                }
            }
            Instruction::Acquire { lock, mode } => {
                memory.acquire(lock, mode);
                *self.held(mode) |= 1 << lock.index();
                Effect::Acquired { lock, mode }
            }
            Instruction::Release { lock, mode } => {
                memory.release(lock, mode);
                *self.held(mode) &= !(1 << lock.index());
                Effect::Released { lock, mode }
            }
            Instruction::Set { .. }
            | Instruction::Add { .. }
            | Instruction::Subtract { .. }
            | Instruction::Jump { .. }
            | Instruction::JumpIf { .. } => return None,
        };
        Some(effect)
    }

    fn held(&mut self, mode: Mode) -> &mut u64 {
        match mode {
            Mode::Exclusive => &mut self.exclusive,
            Mode::Shared => &mut self.shared,
        }
    }

    /// Returns the mode in which the thread holds this lock, if it does.
    pub(super) fn holds(&self, lock: LockId) -> Option<Mode> {
        let bit = 1_u64 << lock.index();
        if self.exclusive & bit != 0 {
            Some(Mode::Exclusive)
        } else {
            (self.shared & bit != 0).then_some(Mode::Shared)
        }
    }
}
