//! How instructions read as text.

use super::element::{Declared, Element, LockId, Operand, QueueId, Reg, Var};
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
}

fn name(names: &[String], prefix: char, index: usize) -> String {
    let name = names.get(index).cloned();
    name.unwrap_or_else(|| format!("{prefix}{index}"))
}

/// Returns the name of an element; the first of an array is called `array[0]`.
fn element<T: Declared + Into<usize>>(
    known: &[String],
    prefix: char,
    element: Element<T>,
    index: impl Fn(Operand) -> String,
) -> String {
    if let Some(fixed) = element.fixed() {
        return name(known, prefix, fixed.into());
    }
    let (first, _, which) = element.parts();
    let first = name(known, prefix, first.into());
    let array = first.strip_suffix("[0]").unwrap_or(&first);
    format!("{array}[{}]", index(which))
}

impl Names<'_> {
    fn register(&self, register: Reg) -> String {
        name(self.registers, 'r', register.index())
    }

    fn number(&self, operand: Operand) -> String {
        match operand {
            Operand::Const(value) => value.cast_signed().to_string(),
            Operand::Reg(register) => self.register(register),
        }
    }

    fn variable(&self, variable: Element<Var>) -> String {
        element(self.variables, 'v', variable, |index| self.number(index))
    }

    fn lock(&self, lock: Element<LockId>) -> String {
        element(self.locks, 'm', lock, |index| self.number(index))
    }

    fn queue(&self, queue: Element<QueueId>) -> String {
        element(self.queues, 'q', queue, |index| self.number(index))
    }
}

fn side(mode: Mode) -> &'static str {
    match mode {
        Mode::Exclusive | Mode::Permit => "",
        Mode::Shared => "read-",
    }
}

impl Instruction {
    /// Returns the instruction as text, with the names of what it touches.
    pub fn text(&self, names: &Names<'_>) -> String {
        let (r, n) = (|one| names.register(one), |one| names.number(one));
        let v = |one| names.variable(one);
        match *self {
            Self::Load { to, variable } => format!("{} = load {}", r(to), v(variable)),
            Self::Store { variable, value } => format!("store {}, {}", v(variable), n(value)),
            Self::FetchAdd { old, variable, by } => {
                format!("{} = fetch_add {}, {}", r(old), v(variable), n(by))
            }
            Self::Swap { old, variable, new } => {
                format!("{} = swap {}, {}", r(old), v(variable), n(new))
            }
            Self::CompareExchange {
                seen,
                variable,
                expected,
                new,
            } => {
                let (seen, variable) = (r(seen), v(variable));
                let (expected, new) = (n(expected), n(new));
                format!("{seen} = compare_exchange {variable}, {expected}, {new}")
            }
            Self::Await {
                to,
                variable,
                until,
                value,
            } => format!("{} = await {} {until} {}", r(to), v(variable), n(value)),
            Self::AwaitExchange {
                variable,
                expected,
                new,
            } => {
                let (variable, expected, new) = (v(variable), n(expected), n(new));
                format!("await {variable} == {expected}, then store {new}")
            }
            Self::Poll { to, variable } => format!("{} = await {}", r(to), v(variable)),
            Self::IncrementLoad { variable, .. } => format!("inc {} (its load)", v(variable)),
            Self::IncrementStore { variable, .. } => format!("inc {} (its store)", v(variable)),
            Self::Set { to, value } => format!("{} = {}", r(to), n(value)),
            Self::Compute {
                to,
                left,
                operation,
                right,
            } => format!("{} = {} {operation} {}", r(to), n(left), n(right)),
            Self::Jump { target } => format!("jump {target}"),
            Self::JumpIf {
                left,
                comparison,
                right,
                target,
            } => format!("jump {target} if {} {comparison} {}", n(left), n(right)),
            Self::Assert { value } => format!("assert {}", n(value)),
            _ => self.coordination(names),
        }
    }

    /// Returns an instruction on locks and queues as text.
    fn coordination(&self, names: &Names<'_>) -> String {
        let (l, q) = (|one| names.lock(one), |one| names.queue(one));
        match *self {
            Self::Acquire {
                lock,
                mode: Mode::Permit,
            } => format!("acquire {}", l(lock)),
            Self::Release {
                lock,
                mode: Mode::Permit,
            } => format!("release {}", l(lock)),
            Self::Acquire { lock, mode } => format!("{}lock {}", side(mode), l(lock)),
            Self::Release { lock, mode } => format!("{}unlock {}", side(mode), l(lock)),
            Self::ReleaseHeld { lock } => format!("unlock {}", l(lock)),
            Self::TryAcquire { taken, lock, mode } => {
                let taken = names.register(taken);
                format!("{taken} = try {}lock {}", side(mode), l(lock))
            }
            Self::Announce { lock } => format!("wait to lock {}", l(lock)),
            Self::Sleep { queue, lock } => format!("wait {}: unlock {}", q(queue), l(lock)),
            Self::Wake { queue, lock } => format!("woken by {}: lock {}", q(queue), l(lock)),
            Self::Notify { queue, all: false } => format!("notify {}", q(queue)),
            Self::Notify { queue, all: true } => format!("notify_all {}", q(queue)),
            Self::Arrive { queue } => format!("arrive {}", q(queue)),
            Self::Pass { queue } => format!("pass {}", q(queue)),
            _ => "fence".into(),
        }
    }
}
