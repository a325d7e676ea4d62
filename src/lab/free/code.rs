//! A program decoded for speed: one small operation for each instruction, at the same place.
//!
//! Every operand is a *cell*: a register, or one of the constants that are kept behind the registers,
//! so that an operation never asks which of the two it has. A variable, lock or queue is an element of
//! an array, of one element if need be.

use crate::model::{
    Arithmetic, Declared, Element, Fault, Instruction, Mode, Operand, Program, Reg, Relation, Var,
};

/// The place of a register or constant.
pub(super) type Cell = u16;

/// An element of an array of variables, locks or queues.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    first: u16,
    length: u16,
    index: Cell,
}

impl Place {
    /// Returns which element it is now.
    #[inline]
    pub(super) fn find(self, cells: &[u64]) -> Result<usize, Fault> {
        match u16::try_from(cells[usize::from(self.index)]) {
            Ok(index) if index < self.length => Ok(usize::from(self.first) + usize::from(index)),
            _ => Err(Fault::OutOfBounds),
        }
    }
}

/// What an instruction does. Those that only touch cells come first.
#[derive(Clone, Copy, Debug)]
pub(super) enum Operation {
    Set {
        to: Cell,
        value: Cell,
    },
    Add {
        to: Cell,
        left: Cell,
        right: Cell,
    },
    Subtract {
        to: Cell,
        left: Cell,
        right: Cell,
    },
    Compute {
        to: Cell,
        left: Cell,
        operation: Arithmetic,
        right: Cell,
    },
    Jump {
        target: u16,
    },
    JumpIf {
        left: Cell,
        comparison: Relation,
        right: Cell,
        target: u16,
    },
    Assert {
        value: Cell,
    },
    Load {
        to: Cell,
        variable: Place,
    },
    Store {
        variable: Place,
        value: Cell,
    },
    StoreNext {
        variable: Place,
        scratch: Cell,
    },
    FetchAdd {
        old: Cell,
        variable: Place,
        by: Cell,
    },
    Swap {
        old: Cell,
        variable: Place,
        new: Cell,
    },
    CompareExchange {
        seen: Cell,
        variable: Place,
        expected: Cell,
        new: Cell,
    },
    Poll {
        to: Cell,
        variable: Place,
    },
    Await {
        to: Cell,
        variable: Place,
        until: Relation,
        value: Cell,
    },
    AwaitExchange {
        variable: Place,
        expected: Cell,
        new: Cell,
    },
    Acquire {
        lock: Place,
        mode: Mode,
    },
    Release {
        lock: Place,
        mode: Mode,
    },
    ReleaseHeld {
        lock: Place,
    },
    TryAcquire {
        taken: Cell,
        lock: Place,
        mode: Mode,
    },
    Announce {
        lock: Place,
    },
    Sleep {
        queue: Place,
        lock: Place,
    },
    Wake {
        queue: Place,
        lock: Place,
    },
    Notify {
        queue: Place,
        all: bool,
    },
    Arrive {
        queue: Place,
    },
    Pass {
        queue: Place,
    },
    Fence,
}

/// A decoded program.
#[derive(Debug)]
pub(super) struct Code {
    pub(super) operations: Box<[Operation]>,
    /// The number of registers.
    pub(super) registers: usize,
    /// The constants, which are kept behind the registers.
    pub(super) constants: Box<[u64]>,
    /// Whether it may go round for ever.
    pub(super) may_loop: bool,
}

impl Code {
    /// Decodes a program.
    pub(super) fn of(program: &Program) -> Self {
        let mut decoder = Decoder {
            registers: program.registers().len(),
            constants: Vec::new(),
        };
        let operations = program.code().iter();
        let operations = operations.map(|&one| decoder.operation(one)).collect();
        Self {
            operations,
            registers: decoder.registers,
            constants: decoder.constants.into(),
            may_loop: !program.certainly_ends(),
        }
    }

    /// Returns the cells before the first operation.
    pub(super) fn cells(&self) -> Box<[u64]> {
        let registers = std::iter::repeat_n(0, self.registers);
        registers.chain(self.constants.iter().copied()).collect()
    }

    /// Returns the variable that a thread waits for if the jump at `from` leads back to a poll of it at
    /// `to`, past nothing but local operations.
    pub(super) fn waits(&self, to: usize, from: usize, cells: &[u64]) -> Option<Var> {
        let (first, rest) = self.operations.get(to..=from)?.split_first()?;
        match first {
            Operation::Poll { variable, .. } if rest.iter().all(Operation::is_local) => {
                Some(Var::with_index(number(variable.find(cells).ok()?)))
            }
            _ => None,
        }
    }
}

impl Operation {
    fn is_local(&self) -> bool {
        matches!(
            self,
            Self::Set { .. }
                | Self::Add { .. }
                | Self::Subtract { .. }
                | Self::Compute { .. }
                | Self::Jump { .. }
                | Self::JumpIf { .. }
                | Self::Assert { .. }
        )
    }
}

/// The number of a register, constant or place. The model limits programs to 4096 instructions of at
/// most three constants each, so that it fits.
fn number(number: usize) -> u16 {
    u16::try_from(number).unwrap_or(u16::MAX)
}

struct Decoder {
    registers: usize,
    constants: Vec<u64>,
}

impl Decoder {
    fn operand(&mut self, operand: impl Into<Operand>) -> Cell {
        match operand.into() {
            Operand::Reg(register) => number(register.index()),
            Operand::Const(value) => {
                let known = self.constants.iter().position(|&known| known == value);
                let place = known.unwrap_or_else(|| {
                    self.constants.push(value);
                    self.constants.len() - 1
                });
                number(self.registers + place)
            }
        }
    }

    fn place<T: Declared + Into<usize>>(&mut self, element: Element<T>) -> Place {
        let (first, length, index) = element.parts();
        Place {
            first: number(first.into()),
            length,
            index: self.operand(index),
        }
    }

    fn operation(&mut self, instruction: Instruction) -> Operation {
        let to = |register: Reg| number(register.index());
        match instruction {
            Instruction::Set { to: reg, value } => Operation::Set {
                to: to(reg),
                value: self.operand(value),
            },
            Instruction::Compute {
                to: reg,
                left,
                operation,
                right,
            } => self.compute(to(reg), left, operation, right),
            Instruction::Jump { target } => Operation::Jump {
                target: number(target),
            },
            Instruction::JumpIf {
                left,
                comparison,
                right,
                target,
            } => Operation::JumpIf {
                left: self.operand(left),
                comparison,
                right: self.operand(right),
                target: number(target),
            },
            Instruction::Assert { value } => Operation::Assert {
                value: self.operand(value),
            },
            Instruction::Poll { to: reg, variable } => Operation::Poll {
                to: to(reg),
                variable: self.place(variable),
            },
            Instruction::Load { to: reg, variable }
            | Instruction::IncrementLoad {
                scratch: reg,
                variable,
            } => Operation::Load {
                to: to(reg),
                variable: self.place(variable),
            },
            Instruction::Store { variable, value } => Operation::Store {
                variable: self.place(variable),
                value: self.operand(value),
            },
            Instruction::IncrementStore { scratch, variable } => Operation::StoreNext {
                variable: self.place(variable),
                scratch: to(scratch),
            },
            Instruction::FetchAdd { old, variable, by } => Operation::FetchAdd {
                old: to(old),
                variable: self.place(variable),
                by: self.operand(by),
            },
            Instruction::Swap { old, variable, new } => Operation::Swap {
                old: to(old),
                variable: self.place(variable),
                new: self.operand(new),
            },
            Instruction::CompareExchange {
                seen,
                variable,
                expected,
                new,
            } => Operation::CompareExchange {
                seen: to(seen),
                variable: self.place(variable),
                expected: self.operand(expected),
                new: self.operand(new),
            },
            Instruction::Await {
                to: reg,
                variable,
                until,
                value,
            } => Operation::Await {
                to: to(reg),
                variable: self.place(variable),
                until,
                value: self.operand(value),
            },
            Instruction::AwaitExchange {
                variable,
                expected,
                new,
            } => Operation::AwaitExchange {
                variable: self.place(variable),
                expected: self.operand(expected),
                new: self.operand(new),
            },
            synchronises => self.synchronisation(synchronises),
        }
    }

    fn compute(
        &mut self,
        to: Cell,
        left: Operand,
        operation: Arithmetic,
        right: Operand,
    ) -> Operation {
        let (left, right) = (self.operand(left), self.operand(right));
        match operation {
            Arithmetic::Add => Operation::Add { to, left, right },
            Arithmetic::Subtract => Operation::Subtract { to, left, right },
            operation => Operation::Compute {
                to,
                left,
                operation,
                right,
            },
        }
    }

    fn synchronisation(&mut self, instruction: Instruction) -> Operation {
        match instruction {
            Instruction::Acquire { lock, mode } => Operation::Acquire {
                lock: self.place(lock),
                mode,
            },
            Instruction::Release { lock, mode } => Operation::Release {
                lock: self.place(lock),
                mode,
            },
            Instruction::ReleaseHeld { lock } => Operation::ReleaseHeld {
                lock: self.place(lock),
            },
            Instruction::TryAcquire { taken, lock, mode } => Operation::TryAcquire {
                taken: number(taken.index()),
                lock: self.place(lock),
                mode,
            },
            Instruction::Announce { lock } => Operation::Announce {
                lock: self.place(lock),
            },
            Instruction::Sleep { queue, lock } => Operation::Sleep {
                queue: self.place(queue),
                lock: self.place(lock),
            },
            Instruction::Wake { queue, lock } => Operation::Wake {
                queue: self.place(queue),
                lock: self.place(lock),
            },
            Instruction::Notify { queue, all } => Operation::Notify {
                queue: self.place(queue),
                all,
            },
            Instruction::Arrive { queue } => Operation::Arrive {
                queue: self.place(queue),
            },
            Instruction::Pass { queue } => Operation::Pass {
                queue: self.place(queue),
            },
            // The others have been decoded before.
            _ => Operation::Fence,
        }
    }
}
