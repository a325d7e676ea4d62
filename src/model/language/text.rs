//! How instructions read as text.

use super::element::{Declared, Element, Operand, Reg};
use super::instruction::{Instruction, Mode};

/// The names an instruction is shown with. A missing name shows as its index.
#[derive(Clone, Copy, Debug, Default)]
pub struct Names<'a> {
    /// The names of the program's registers.
    pub registers: &'a [String],
    /// The names of the system's variables.
    pub variables: &'a [String],
    /// The names of the system's locks.
    pub locks: &'a [String],
    /// The names of the system's queues.
    pub queues: &'a [String],
    /// The values of the registers, if they are known: an index is shown by its value then.
    pub values: &'a [u64],
}

fn name(names: &[String], prefix: char, index: usize) -> String {
    let name = names.get(index).cloned();
    name.unwrap_or_else(|| format!("{prefix}{index}"))
}

/// Returns the name of an element; the first of an array is called `array[0]`.
fn element<T: Declared + Into<usize>>(
    names: &[String],
    prefix: char,
    element: Element<T>,
    index: impl Fn(Operand) -> String,
) -> String {
    if let Some(fixed) = element.fixed() {
        return name(names, prefix, fixed.into());
    }
    let (first, which) = element.parts();
    let first = name(names, prefix, first.into());
    let array = first.strip_suffix("[0]").unwrap_or(&first);
    format!("{array}[{}]", index(which))
}

impl Instruction {
    /// Returns the instruction as text, with the names of what it touches.
    pub fn text(&self, names: &Names<'_>) -> String {
        let r = |register: Reg| name(names.registers, 'r', register.index());
        let o = |operand| match operand {
            Operand::Const(value) => value.cast_signed().to_string(),
            Operand::Reg(register) => r(register),
        };
        let which = |index| match index {
            Operand::Reg(register) => {
                let value = names.values.get(register.index()).copied();
                value.map_or_else(|| r(register), |value| value.cast_signed().to_string())
            }
            Operand::Const(_) => o(index),
        };
        let v = |variable| element(names.variables, 'v', variable, which);
        let l = |lock| element(names.locks, 'm', lock, which);
        let q = |queue| element(names.queues, 'q', queue, which);
        let side = |mode| match mode {
            Mode::Exclusive | Mode::Permit => "",
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
            Self::Acquire {
                lock,
                mode: Mode::Permit,
            } => format!("acquire {}", l(lock)),
            Self::Release {
                lock,
                mode: Mode::Permit,
            } => format!("release {}", l(lock)),
            Self::TryAcquire { taken, lock, mode } => {
                format!("{} = try {}lock {}", r(taken), side(mode), l(lock))
            }
            Self::ReleaseHeld { lock } => format!("unlock {}", l(lock)),
            Self::Poll { to, variable } => format!("{} = await {}", r(to), v(variable)),
            Self::Announce { lock } => format!("wait to lock {}", l(lock)),
            Self::Sleep { queue, lock } => format!("wait {}: unlock {}", q(queue), l(lock)),
            Self::Wake { queue, lock } => format!("woken by {}: lock {}", q(queue), l(lock)),
            Self::Notify { queue, all: false } => format!("notify {}", q(queue)),
            Self::Notify { queue, all: true } => format!("notify_all {}", q(queue)),
            Self::Arrive { queue } => format!("arrive {}", q(queue)),
            Self::Pass { queue } => format!("pass {}", q(queue)),
            Self::Fence => "fence".into(),
            Self::Acquire { lock, mode } => format!("{}lock {}", side(mode), l(lock)),
            Self::Release { lock, mode } => format!("{}unlock {}", side(mode), l(lock)),
            Self::Set { to, value } => format!("{} = {}", r(to), o(value)),
            Self::Compute {
                to,
                left,
                operation,
                right,
            } => format!("{} = {} {operation} {}", r(to), o(left), o(right)),
            Self::Jump { target } => format!("jump {target}"),
            Self::JumpIf {
                left,
                comparison,
                right,
                target,
            } => format!("jump {target} if {} {comparison} {}", o(left), o(right)),
            Self::Assert { value } => format!("assert {}", o(value)),
        }
    }
}
