//! How instructions read as text.

use super::element::{Declared, Element, LockId, Operand, QueueId, Reg, Var};
use super::instruction::{Instruction, Mode};
use crate::model::effect::Effect;

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
    /// What the instruction has just done: then the element of an array is that which it accessed.
    pub done: Option<Effect>,
    /// The values of the registers, if they are known: an index is shown by its value then.
    pub values: &'a [u64],
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
    let index = index(which);
    // A register that holds an index from the beginning to the end of a block is named after both.
    if index.starts_with(array) && index.ends_with(']') {
        return index;
    }
    format!("{array}[{index}]")
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

    /// Returns an index: its value if that is known.
    fn index(&self, index: Operand) -> String {
        match index {
            Operand::Reg(register) => {
                let value = self.values.get(register.index()).copied();
                value.map_or_else(
                    || self.register(register),
                    |value| value.cast_signed().to_string(),
                )
            }
            Operand::Const(_) => self.number(index),
        }
    }

    fn variable(&self, variable: Element<Var>) -> String {
        match self.done.and_then(Effect::variable) {
            Some(accessed) => name(self.variables, 'v', accessed.index()),
            None => element(self.variables, 'v', variable, |index| self.index(index)),
        }
    }

    fn lock(&self, lock: Element<LockId>) -> String {
        match self.done.and_then(Effect::lock) {
            Some(accessed) => name(self.locks, 'm', accessed.index()),
            None => element(self.locks, 'm', lock, |index| self.index(index)),
        }
    }

    fn queue(&self, queue: Element<QueueId>) -> String {
        match self.done.and_then(Effect::queue) {
            Some(accessed) => name(self.queues, 'q', accessed.index()),
            None => element(self.queues, 'q', queue, |index| self.index(index)),
        }
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

/// Returns an instruction's text without its temporary registers, whose names begin with an
/// underscore: `load x`, `store x`. The source names no such register.
pub(in crate::model) fn brief(text: &str) -> String {
    let is_temporary = |word: &str| word.starts_with('_');
    let indexed = text.split_once('[').and_then(|(array, rest)| {
        let (index, rest) = rest.split_once(']')?;
        is_temporary(index).then(|| format!("{array}[...]{rest}"))
    });
    let text = indexed.as_deref().unwrap_or(text);
    let text = match text.split_once(" = ") {
        Some((to, rest)) if is_temporary(to) => rest,
        _ => text,
    };
    let kept = text.split(", ").filter(|part| !is_temporary(part));
    kept.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::brief;

    #[test]
    fn temporary_registers_are_left_out() {
        for (text, expected) in [
            ("_1 = load x", "load x"),
            ("r = load x", "r = load x"),
            ("store x, _2", "store x"),
            ("store flag[_1], 1", "store flag[...], 1"),
            ("_3 = compare_exchange x, _1, r", "compare_exchange x, r"),
            ("lock m", "lock m"),
        ] {
            assert_eq!(brief(text), expected, "{text}");
        }
    }
}
