//! How instructions read as text.

use super::instruction::{Instruction, LockId, Mode, Operand, Reg, Var};

/// The names an instruction is shown with. A missing name shows as its index.
#[derive(Clone, Copy, Debug, Default)]
pub struct Names<'a> {
    /// The names of the program's registers.
    pub registers: &'a [String],
    /// The names of the system's variables.
    pub variables: &'a [String],
    /// The names of the system's locks.
    pub locks: &'a [String],
}

fn name(names: &[String], prefix: char, index: usize) -> String {
    let name = names.get(index).cloned();
    name.unwrap_or_else(|| format!("{prefix}{index}"))
}

impl Instruction {
    /// Returns the instruction as text, with the names of what it touches.
    pub fn text(&self, names: &Names<'_>) -> String {
        let r = |register: Reg| name(names.registers, 'r', register.index());
        let v = |variable: Var| name(names.variables, 'v', variable.index());
        let l = |lock: LockId| name(names.locks, 'm', lock.index());
        let o = |operand| match operand {
            Operand::Const(value) => value.to_string(),
            Operand::Reg(register) => r(register),
        };
        let side = |mode| match mode {
            Mode::Exclusive => "",
            Mode::Shared => "read-",
        };
        match *self {
            Self::Load { to, variable } => format!("{} = load {}", r(to), v(variable)),
            Self::Store { variable, value } => format!("store {}, {}", v(variable), o(value)),
            Self::FetchAdd { old, variable, by } => {
                format!("{} = fetch_add {}, {}", r(old), v(variable), o(by))
            }
            Self::Swap { old, variable, new } => {
                format!("{} = swap {}, {}", r(old), v(variable), o(new))
            }
            Self::CompareExchange {
                seen,
                variable,
                expected,
                new,
            } => {
                let (seen, variable) = (r(seen), v(variable));
                let (expected, new) = (o(expected), o(new));
                format!("{seen} = compare_exchange {variable}, {expected}, {new}")
            }
            Self::Await {
                to,
                variable,
                until,
                value,
            } => format!("{} = await {} {until} {}", r(to), v(variable), o(value)),
            Self::AwaitExchange {
                variable,
                expected,
                new,
            } => {
                let (variable, expected, new) = (v(variable), o(expected), o(new));
                format!("await {variable} == {expected}, then store {new}")
            }
            Self::IncrementLoad { variable, .. } => format!("inc {} (its load)", v(variable)),
            Self::IncrementStore { variable, .. } => format!("inc {} (its store)", v(variable)),
            Self::Acquire { lock, mode } => format!("{}lock {}", side(mode), l(lock)),
            Self::Release { lock, mode } => format!("{}unlock {}", side(mode), l(lock)),
            Self::Set { to, value } => format!("{} = {}", r(to), o(value)),
            Self::Add { to, left, right } => format!("{} = {} + {}", r(to), o(left), o(right)),
            Self::Subtract { to, left, right } => {
                format!("{} = {} - {}", r(to), o(left), o(right))
            }
            Self::Jump { target } => format!("jump {target}"),
            Self::JumpIf {
                left,
                comparison,
                right,
                target,
            } => format!("jump {target} if {} {comparison} {}", o(left), o(right)),
        }
    }
}
