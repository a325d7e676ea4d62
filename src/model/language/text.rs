//! How instructions read as text.

use std::fmt;

use super::instruction::{Instruction, LockId, Mode, Operand, Reg, Var};

impl Instruction {
    /// The instruction as text, with the names of what it touches.
    pub fn text<'a>(&'a self, names: &'a Names<'a>) -> impl fmt::Display + 'a {
        Text {
            instruction: self,
            names,
        }
    }
}

/// The names an instruction is shown with. A missing name shows as its index.
#[derive(Clone, Copy, Debug, Default)]
pub struct Names<'a> {
    /// Of the program's registers.
    pub registers: &'a [String],
    /// Of the system's variables.
    pub variables: &'a [String],
    /// Of the system's locks.
    pub locks: &'a [String],
}

struct Text<'a> {
    instruction: &'a Instruction,
    names: &'a Names<'a>,
}

struct Name<'a>(Option<&'a String>, char, usize);

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(name) => f.write_str(name),
            None => write!(f, "{}{}", self.1, self.2),
        }
    }
}

impl Text<'_> {
    fn register(&self, register: Reg) -> Name<'_> {
        let index = register.index();
        Name(self.names.registers.get(index), 'r', index)
    }

    fn variable(&self, variable: Var) -> Name<'_> {
        let index = variable.index();
        Name(self.names.variables.get(index), 'v', index)
    }

    fn lock(&self, lock: LockId) -> Name<'_> {
        let index = lock.index();
        Name(self.names.locks.get(index), 'm', index)
    }

    fn operand(&self, operand: Operand) -> String {
        match operand {
            Operand::Const(value) => value.to_string(),
            Operand::Reg(register) => self.register(register).to_string(),
        }
    }
}

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let r = |register| self.register(register);
        let v = |variable| self.variable(variable);
        let o = |operand| self.operand(operand);
        match *self.instruction {
            Instruction::Load { to, variable } => write!(f, "{} = load {}", r(to), v(variable)),
            Instruction::Store { variable, value } => {
                write!(f, "store {}, {}", v(variable), o(value))
            }
            Instruction::FetchAdd { old, variable, by } => {
                write!(f, "{} = fetch_add {}, {}", r(old), v(variable), o(by))
            }
            Instruction::Swap { old, variable, new } => {
                write!(f, "{} = swap {}, {}", r(old), v(variable), o(new))
            }
            Instruction::CompareExchange {
                seen,
                variable,
                expected,
                new,
            } => {
                let (seen, variable) = (r(seen), v(variable));
                let (expected, new) = (o(expected), o(new));
                write!(f, "{seen} = compare_exchange {variable}, {expected}, {new}")
            }
            Instruction::Await {
                to,
                variable,
                until,
                value,
            } => {
                let (to, variable, value) = (r(to), v(variable), o(value));
                write!(f, "{to} = await {variable} {until} {value}")
            }
            Instruction::AwaitExchange {
                variable,
                expected,
                new,
            } => {
                let (variable, expected, new) = (v(variable), o(expected), o(new));
                write!(f, "await {variable} == {expected}, then store {new}")
            }
            Instruction::IncrementLoad { variable, .. } => {
                write!(f, "inc {} (its load)", v(variable))
            }
            Instruction::IncrementStore { variable, .. } => {
                write!(f, "inc {} (its store)", v(variable))
            }
            Instruction::Acquire { lock, mode } => match mode {
                Mode::Exclusive => write!(f, "lock {}", self.lock(lock)),
                Mode::Shared => write!(f, "read-lock {}", self.lock(lock)),
            },
            Instruction::Release { lock, mode } => match mode {
                Mode::Exclusive => write!(f, "unlock {}", self.lock(lock)),
                Mode::Shared => write!(f, "read-unlock {}", self.lock(lock)),
            },
            Instruction::Set { to, value } => write!(f, "{} = {}", r(to), o(value)),
            Instruction::Add { to, left, right } => {
                write!(f, "{} = {} + {}", r(to), o(left), o(right))
            }
            Instruction::Subtract { to, left, right } => {
                write!(f, "{} = {} - {}", r(to), o(left), o(right))
            }
            Instruction::Jump { target } => write!(f, "jump {target}"),
            Instruction::JumpIf {
                left,
                comparison,
                right,
                target,
            } => {
                let (left, right) = (o(left), o(right));
                write!(f, "jump {target} if {left} {comparison} {right}")
            }
        }
    }
}
