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
    let (first, _, which) = element.parts();
    let first = name(names, prefix, first.into());
    let array = first.strip_suffix("[0]").unwrap_or(&first);
    format!("{array}[{}]", index(which))
}

impl Instruction {
    /// Returns the instruction as text, with the names of what it touches.
    pub fn text(&self, names: &Names<'_>) -> String {
        let register = |register: Reg| name(names.registers, 'r', register.index());
        let number = |operand| match operand {
            Operand::Const(value) => value.cast_signed().to_string(),
            Operand::Reg(one) => register(one),
        };
        let variable_of = |variable| element(names.variables, 'v', variable, number);
        let lock_of = |lock| element(names.locks, 'm', lock, number);
        let queue_of = |queue| element(names.queues, 'q', queue, number);
        let side = |mode| match mode {
            Mode::Exclusive | Mode::Permit => "",
            Mode::Shared => "read-",
        };
        match *self {
            Self::Load { to, variable } => {
                format!("{} = load {}", register(to), variable_of(variable))
            }
            Self::Store { variable, value } => {
                format!("store {}, {}", variable_of(variable), number(value))
            }
            Self::FetchAdd { old, variable, by } => {
                format!(
                    "{} = fetch_add {}, {}",
                    register(old),
                    variable_of(variable),
                    number(by)
                )
            }
            Self::Swap { old, variable, new } => {
                format!(
                    "{} = swap {}, {}",
                    register(old),
                    variable_of(variable),
                    number(new)
                )
            }
            Self::CompareExchange {
                seen,
                variable,
                expected,
                new,
            } => {
                let (seen, variable) = (register(seen), variable_of(variable));
                let (expected, new) = (number(expected), number(new));
                format!("{seen} = compare_exchange {variable}, {expected}, {new}")
            }
            Self::Await {
                to,
                variable,
                until,
                value,
            } => format!(
                "{} = await {} {until} {}",
                register(to),
                variable_of(variable),
                number(value)
            ),
            Self::AwaitExchange {
                variable,
                expected,
                new,
            } => {
                let (variable, expected, new) =
                    (variable_of(variable), number(expected), number(new));
                format!("await {variable} == {expected}, then store {new}")
            }
            Self::IncrementLoad { variable, .. } => {
                format!("inc {} (its load)", variable_of(variable))
            }
            Self::IncrementStore { variable, .. } => {
                format!("inc {} (its store)", variable_of(variable))
            }
            Self::Acquire {
                lock,
                mode: Mode::Permit,
            } => format!("acquire {}", lock_of(lock)),
            Self::Release {
                lock,
                mode: Mode::Permit,
            } => format!("release {}", lock_of(lock)),
            Self::TryAcquire { taken, lock, mode } => {
                format!(
                    "{} = try {}lock {}",
                    register(taken),
                    side(mode),
                    lock_of(lock)
                )
            }
            Self::ReleaseHeld { lock } => format!("unlock {}", lock_of(lock)),
            Self::Poll { to, variable } => {
                format!("{} = await {}", register(to), variable_of(variable))
            }
            Self::Announce { lock } => format!("wait to lock {}", lock_of(lock)),
            Self::Sleep { queue, lock } => {
                format!("wait {}: unlock {}", queue_of(queue), lock_of(lock))
            }
            Self::Wake { queue, lock } => {
                format!("woken by {}: lock {}", queue_of(queue), lock_of(lock))
            }
            Self::Notify { queue, all: false } => format!("notify {}", queue_of(queue)),
            Self::Notify { queue, all: true } => format!("notify_all {}", queue_of(queue)),
            Self::Arrive { queue } => format!("arrive {}", queue_of(queue)),
            Self::Pass { queue } => format!("pass {}", queue_of(queue)),
            Self::Fence => "fence".into(),
            Self::Acquire { lock, mode } => format!("{}lock {}", side(mode), lock_of(lock)),
            Self::Release { lock, mode } => format!("{}unlock {}", side(mode), lock_of(lock)),
            Self::Set { to, value } => format!("{} = {}", register(to), number(value)),
            Self::Compute {
                to,
                left,
                operation,
                right,
            } => format!(
                "{} = {} {operation} {}",
                register(to),
                number(left),
                number(right)
            ),
            Self::Jump { target } => format!("jump {target}"),
            Self::JumpIf {
                left,
                comparison,
                right,
                target,
            } => format!(
                "jump {target} if {} {comparison} {}",
                number(left),
                number(right)
            ),
            Self::Assert { value } => format!("assert {}", number(value)),
        }
    }
}
