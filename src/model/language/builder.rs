//! Builds a program, instruction by instruction.

use super::instruction::{Comparison, Instruction, LockId, Mode, Operand, Reg, Var};
use super::program::Program;
use crate::model::error::ModelError;

/// A place in a program that jumps can lead to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Mark(usize);

/// Builds a [`Program`]; [`build`](Self::build) checks it.
#[derive(Clone, Debug)]
pub struct ProgramBuilder {
    name: String,
    registers: Vec<String>,
    code: Vec<Instruction>,
    // While building, a jump's target is the index of its mark.
    marks: Vec<Option<usize>>,
}

impl ProgramBuilder {
    /// Creates an empty program.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            registers: Vec::new(),
            code: Vec::new(),
            marks: Vec::new(),
        }
    }

    /// Declares a register; it starts at 0.
    pub fn register(&mut self, name: impl Into<String>) -> Reg {
        self.registers.push(name.into());
        // Past 64 registers `build` reports an error, so saturating loses nothing.
        Reg(u16::try_from(self.registers.len() - 1).unwrap_or(u16::MAX))
    }

    /// Declares a mark, to be placed later.
    pub fn mark(&mut self) -> Mark {
        self.marks.push(None);
        Mark(self.marks.len() - 1)
    }

    /// Places a mark here: before the next instruction.
    pub fn place(&mut self, mark: Mark) -> &mut Self {
        let here = self.code.len();
        if let Some(place) = self.marks.get_mut(mark.0) {
            *place = Some(here);
        }
        self
    }

    fn push(&mut self, instruction: Instruction) -> &mut Self {
        self.code.push(instruction);
        self
    }

    /// `to = load variable`
    pub fn load(&mut self, to: Reg, variable: Var) -> &mut Self {
        self.push(Instruction::Load { to, variable })
    }

    /// `store variable, value`
    pub fn store(&mut self, variable: Var, value: impl Into<Operand>) -> &mut Self {
        let value = value.into();
        self.push(Instruction::Store { variable, value })
    }

    /// `old = fetch_add variable, by`
    pub fn fetch_add(&mut self, old: Reg, variable: Var, by: impl Into<Operand>) -> &mut Self {
        let by = by.into();
        self.push(Instruction::FetchAdd { old, variable, by })
    }

    /// `old = swap variable, new`
    pub fn swap(&mut self, old: Reg, variable: Var, new: impl Into<Operand>) -> &mut Self {
        let new = new.into();
        self.push(Instruction::Swap { old, variable, new })
    }

    /// `seen = compare_exchange variable, expected, new`
    pub fn compare_exchange(
        &mut self,
        seen: Reg,
        variable: Var,
        expected: impl Into<Operand>,
        new: impl Into<Operand>,
    ) -> &mut Self {
        let (expected, new) = (expected.into(), new.into());
        self.push(Instruction::CompareExchange {
            seen,
            variable,
            expected,
            new,
        })
    }

    /// `to = await variable <until> value`
    pub fn wait_until(
        &mut self,
        to: Reg,
        variable: Var,
        until: Comparison,
        value: impl Into<Operand>,
    ) -> &mut Self {
        let value = value.into();
        self.push(Instruction::Await {
            to,
            variable,
            until,
            value,
        })
    }

    /// `await variable == expected, then store new`
    pub fn wait_exchange(
        &mut self,
        variable: Var,
        expected: impl Into<Operand>,
        new: impl Into<Operand>,
    ) -> &mut Self {
        let (expected, new) = (expected.into(), new.into());
        self.push(Instruction::AwaitExchange {
            variable,
            expected,
            new,
        })
    }

    /// Increments with a single instruction but no bus lock: a load and a store between which
    /// other cores can act, written as its two halves.
    pub fn increment(&mut self, scratch: Reg, variable: Var) -> &mut Self {
        self.push(Instruction::IncrementLoad { scratch, variable });
        self.push(Instruction::IncrementStore { scratch, variable })
    }

    /// Takes a mutex, or the write side of a read-write lock.
    pub fn lock(&mut self, lock: LockId) -> &mut Self {
        let mode = Mode::Exclusive;
        self.push(Instruction::Acquire { lock, mode })
    }

    /// Releases what [`lock`](Self::lock) took.
    pub fn unlock(&mut self, lock: LockId) -> &mut Self {
        let mode = Mode::Exclusive;
        self.push(Instruction::Release { lock, mode })
    }

    /// Takes the read side of a read-write lock.
    pub fn read_lock(&mut self, lock: LockId) -> &mut Self {
        let mode = Mode::Shared;
        self.push(Instruction::Acquire { lock, mode })
    }

    /// Releases what [`read_lock`](Self::read_lock) took.
    pub fn read_unlock(&mut self, lock: LockId) -> &mut Self {
        let mode = Mode::Shared;
        self.push(Instruction::Release { lock, mode })
    }

    /// `to = value`
    pub fn set(&mut self, to: Reg, value: impl Into<Operand>) -> &mut Self {
        let value = value.into();
        self.push(Instruction::Set { to, value })
    }

    /// `to = left + right`
    pub fn add(
        &mut self,
        to: Reg,
        left: impl Into<Operand>,
        right: impl Into<Operand>,
    ) -> &mut Self {
        let (left, right) = (left.into(), right.into());
        self.push(Instruction::Add { to, left, right })
    }

    /// `to = left - right`
    pub fn subtract(
        &mut self,
        to: Reg,
        left: impl Into<Operand>,
        right: impl Into<Operand>,
    ) -> &mut Self {
        let (left, right) = (left.into(), right.into());
        self.push(Instruction::Subtract { to, left, right })
    }

    /// Continues at the mark.
    pub fn jump(&mut self, to: Mark) -> &mut Self {
        self.push(Instruction::Jump { target: to.0 })
    }

    /// Continues at the mark if the operands compare this way.
    pub fn jump_if(
        &mut self,
        left: impl Into<Operand>,
        comparison: Comparison,
        right: impl Into<Operand>,
        to: Mark,
    ) -> &mut Self {
        let (left, right) = (left.into(), right.into());
        self.push(Instruction::JumpIf {
            left,
            comparison,
            right,
            target: to.0,
        })
    }

    /// Repeats `body` `times` times, counting down in `counter`: a loop, not copies. A constant 0
    /// adds no instruction.
    pub fn repeat(
        &mut self,
        counter: Reg,
        times: impl Into<Operand>,
        body: impl FnOnce(&mut Self),
    ) -> &mut Self {
        let times = times.into();
        if times == Operand::Const(0) {
            return self;
        }
        let (top, end) = (self.mark(), self.mark());
        self.set(counter, times);
        if matches!(times, Operand::Reg(_)) {
            self.jump_if(counter, Comparison::Equal, 0, end);
        }
        self.place(top);
        body(self);
        self.subtract(counter, counter, 1);
        self.jump_if(counter, Comparison::NotEqual, 0, top);
        self.place(end)
    }

    /// Returns the finished program.
    ///
    /// # Errors
    /// When a jump, a register, a loop or a release makes no sense: see [`ModelError`].
    pub fn build(self) -> Result<Program, ModelError> {
        let mut code = self.code;
        for (at, instruction) in code.iter_mut().enumerate() {
            if let Instruction::Jump { target } | Instruction::JumpIf { target, .. } = instruction {
                let problem = "jumps to a mark that was never placed";
                let unplaced = || ModelError::instruction(&self.name, at, problem);
                let place = self.marks.get(*target).copied().flatten();
                *target = place.ok_or_else(unplaced)?;
            }
        }
        Program::new(self.name, self.registers, code)
    }
}
