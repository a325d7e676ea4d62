//! Builds a program, instruction by instruction.

use super::instruction::{Instruction, LockId, Mode, Operand, Reg, Relation, Var};
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

    /// Increments with a single instruction but no bus lock: a load and a store between which
    /// other cores can act, written as its two halves.
    pub fn increment(&mut self, scratch: Reg, variable: Var) -> &mut Self {
        let load = Instruction::IncrementLoad { scratch, variable };
        let store = Instruction::IncrementStore { scratch, variable };
        self.code.extend([load, store]);
        self
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
            self.jump_if(counter, Relation::Equal, 0, end);
        }
        self.place(top);
        body(self);
        self.subtract(counter, counter, 1);
        self.jump_if(counter, Relation::NotEqual, 0, top);
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

/// Declares the methods of [`ProgramBuilder`] that append an instruction each: their arguments, and
/// the instruction made of them.
macro_rules! instructions {
    ($($(#[$doc:meta])* $name:ident($($argument:ident: $type:ty),*) => $kind:ident $fields:tt)*) => {
        impl ProgramBuilder {$(
            $(#[$doc])*
            pub fn $name(&mut self, $($argument: impl Into<$type>),*) -> &mut Self {
                $(let $argument: $type = $argument.into();)*
                self.code.push(Instruction::$kind $fields);
                self
            }
        )*}
    };
}

instructions! {
    /// `to = load variable`
    load(to: Reg, variable: Var) => Load { to, variable }

    /// `store variable, value`
    store(variable: Var, value: Operand) => Store { variable, value }

    /// `old = fetch_add variable, by`
    fetch_add(old: Reg, variable: Var, by: Operand) => FetchAdd { old, variable, by }

    /// `old = swap variable, new`
    swap(old: Reg, variable: Var, new: Operand) => Swap { old, variable, new }

    /// `seen = compare_exchange variable, expected, new`
    compare_exchange(seen: Reg, variable: Var, expected: Operand, new: Operand)
        => CompareExchange { seen, variable, expected, new }

    /// `to = await variable <until> value`
    wait_until(to: Reg, variable: Var, until: Relation, value: Operand)
        => Await { to, variable, until, value }

    /// `await variable == expected, then store new`
    wait_exchange(variable: Var, expected: Operand, new: Operand)
        => AwaitExchange { variable, expected, new }

    /// Takes a mutex, or the write side of a read-write lock.
    lock(lock: LockId) => Acquire { lock, mode: Mode::Exclusive }

    /// Releases what [`lock`](Self::lock) took.
    unlock(lock: LockId) => Release { lock, mode: Mode::Exclusive }

    /// Takes the read side of a read-write lock.
    read_lock(lock: LockId) => Acquire { lock, mode: Mode::Shared }

    /// Releases what [`read_lock`](Self::read_lock) took.
    read_unlock(lock: LockId) => Release { lock, mode: Mode::Shared }

    /// `to = value`
    set(to: Reg, value: Operand) => Set { to, value }

    /// `to = left + right`
    add(to: Reg, left: Operand, right: Operand) => Add { to, left, right }

    /// `to = left - right`
    subtract(to: Reg, left: Operand, right: Operand) => Subtract { to, left, right }

    /// Continues at the mark.
    jump(to: Mark) => Jump { target: to.0 }

    /// Continues at the mark if the operands compare this way.
    jump_if(left: Operand, comparison: Relation, right: Operand, to: Mark)
        => JumpIf { left, comparison, right, target: to.0 }
}
