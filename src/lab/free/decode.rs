//! From the instructions of the model to operations.

use super::code::{Cell, Operation, Place};
use crate::model::{Arithmetic, Declared, Element, Instruction, Operand, Reg};

/// The number of a register, constant or place. The model limits programs to 4096 instructions of at
/// most three constants each, so that it fits.
pub(super) fn number(number: usize) -> u16 {
    u16::try_from(number).unwrap_or(u16::MAX)
}

/// Decodes the instructions of a program, one by one.
pub(super) struct Decoder {
    pub(super) registers: usize,
    pub(super) constants: Vec<u64>,
}

impl Decoder {
    pub(super) fn new(registers: usize) -> Self {
        Self {
            registers,
            constants: Vec::new(),
        }
    }

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

    pub(super) fn operation(&mut self, instruction: Instruction) -> Operation {
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
