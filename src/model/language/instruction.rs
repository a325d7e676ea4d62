//! The instructions of the register machine.

use std::fmt;

/// Declares the types of what programs and systems declare: indices.
macro_rules! indices {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub(in crate::model) u16);

        impl $name {
            /// Returns its position among those declared, from 0.
            pub fn index(self) -> usize {
                usize::from(self.0)
            }
        }
    )*};
}

indices! {
    /// A register: a number private to one thread, declared by its program.
    Reg
    /// A variable that all threads share, declared by the system.
    Var
    /// A mutex or a read-write lock, declared by the system.
    LockId
}

/// A constant, or the value of a register.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operand {
    /// The number itself.
    Const(u64),
    /// The value of the register.
    Reg(Reg),
}

impl From<u64> for Operand {
    fn from(value: u64) -> Self {
        Self::Const(value)
    }
}

impl From<Reg> for Operand {
    fn from(register: Reg) -> Self {
        Self::Reg(register)
    }
}

/// How two numbers are compared (unsigned).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Relation {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `>=`
    AtLeast,
}

impl Relation {
    /// Returns whether `left` compares to `right` in this way.
    pub fn holds(self, left: u64, right: u64) -> bool {
        match self {
            Self::Equal => left == right,
            Self::NotEqual => left != right,
            Self::Less => left < right,
            Self::AtLeast => left >= right,
        }
    }
}

impl fmt::Display for Relation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::AtLeast => ">=",
        })
    }
}

/// How a lock is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mode {
    /// By one thread alone: a mutex, or the write side of a read-write lock.
    Exclusive,
    /// Together with other readers: the read side of a read-write lock.
    Shared,
}

/// One instruction.
///
/// The *visible* ones touch what threads share; each is one step of a schedule. The *local* ones
/// (`Set`, `Add`, `Subtract`, `Jump`, `JumpIf`) touch the thread's own registers and ride with
/// the visible instruction before them. Arithmetic wraps at 2^64.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each variant's text shows what its fields do")]
pub enum Instruction {
    /// `to = load variable`
    Load { to: Reg, variable: Var },
    /// `store variable, value`
    Store { variable: Var, value: Operand },
    /// `old = fetch_add variable, by`: an indivisible addition.
    FetchAdd {
        old: Reg,
        variable: Var,
        by: Operand,
    },
    /// `old = swap variable, new`: an indivisible exchange.
    Swap {
        old: Reg,
        variable: Var,
        new: Operand,
    },
    /// `seen = compare_exchange variable, expected, new`: writes the variable only if it still
    /// holds the expected value, indivisibly. It succeeded if `seen` then equals `expected`.
    CompareExchange {
        seen: Reg,
        variable: Var,
        expected: Operand,
        new: Operand,
    },
    /// `to = await variable <until> value`: a spin loop of loads without its failing attempts.
    Await {
        to: Reg,
        variable: Var,
        until: Relation,
        value: Operand,
    },
    /// `await variable == expected, then store new`: a spin loop of compare-exchanges without its
    /// failing attempts.
    AwaitExchange {
        variable: Var,
        expected: Operand,
        new: Operand,
    },
    /// The load of a single-instruction increment without a bus lock. `scratch` is the
    /// processor's internal register between the two halves.
    IncrementLoad { scratch: Reg, variable: Var },
    /// The store of a single-instruction increment: the loaded value plus one.
    IncrementStore { scratch: Reg, variable: Var },
    /// Takes a lock; the thread is blocked until the lock is free for this mode.
    Acquire { lock: LockId, mode: Mode },
    /// Releases a lock that is held in this mode.
    Release { lock: LockId, mode: Mode },
    /// `to = value`
    Set { to: Reg, value: Operand },
    /// `to = left + right`
    Add {
        to: Reg,
        left: Operand,
        right: Operand,
    },
    /// `to = left - right`
    Subtract {
        to: Reg,
        left: Operand,
        right: Operand,
    },
    /// Continues at `target`; one past the last instruction ends the thread.
    Jump { target: usize },
    /// Continues at `target` if the operands compare this way.
    JumpIf {
        left: Operand,
        comparison: Relation,
        right: Operand,
        target: usize,
    },
}

impl Instruction {
    /// Returns whether it touches what threads share, and so is a step of its own.
    pub fn is_visible(&self) -> bool {
        self.variable().is_some() || self.lock().is_some()
    }

    /// Returns the variable it touches, if any.
    pub fn variable(&self) -> Option<Var> {
        match *self {
            Self::Load { variable, .. }
            | Self::Store { variable, .. }
            | Self::FetchAdd { variable, .. }
            | Self::Swap { variable, .. }
            | Self::CompareExchange { variable, .. }
            | Self::Await { variable, .. }
            | Self::AwaitExchange { variable, .. }
            | Self::IncrementLoad { variable, .. }
            | Self::IncrementStore { variable, .. } => Some(variable),
            _ => None,
        }
    }

    /// Returns the lock it takes or releases, if any.
    pub fn lock(&self) -> Option<(LockId, Mode)> {
        match *self {
            Self::Acquire { lock, mode } | Self::Release { lock, mode } => Some((lock, mode)),
            _ => None,
        }
    }

    /// Returns the register it writes, if any.
    pub(in crate::model) fn defines(&self) -> Option<Reg> {
        match *self {
            Self::Load { to, .. }
            | Self::Await { to, .. }
            | Self::Set { to, .. }
            | Self::Add { to, .. }
            | Self::Subtract { to, .. } => Some(to),
            Self::FetchAdd { old, .. } | Self::Swap { old, .. } => Some(old),
            Self::CompareExchange { seen, .. } => Some(seen),
            Self::IncrementLoad { scratch, .. } => Some(scratch),
            _ => None,
        }
    }

    /// Returns the operands it reads.
    pub(in crate::model) fn operands(&self) -> [Option<Operand>; 2] {
        match *self {
            Self::Store { value, .. } | Self::Await { value, .. } | Self::Set { value, .. } => {
                [Some(value), None]
            }
            Self::FetchAdd { by, .. } => [Some(by), None],
            Self::Swap { new, .. } => [Some(new), None],
            Self::CompareExchange { expected, new, .. }
            | Self::AwaitExchange { expected, new, .. } => [Some(expected), Some(new)],
            Self::IncrementStore { scratch, .. } => [Some(Operand::Reg(scratch)), None],
            Self::Add { left, right, .. }
            | Self::Subtract { left, right, .. }
            | Self::JumpIf { left, right, .. } => [Some(left), Some(right)],
            _ => [None, None],
        }
    }

    /// Returns the registers it reads.
    pub(in crate::model) fn uses(&self) -> impl Iterator<Item = Reg> {
        let register = |operand| match operand {
            Operand::Reg(register) => Some(register),
            Operand::Const(_) => None,
        };
        self.operands().into_iter().flatten().filter_map(register)
    }

    /// Returns where it may jump to, if it is a jump.
    pub fn target(&self) -> Option<usize> {
        match *self {
            Self::Jump { target } | Self::JumpIf { target, .. } => Some(target),
            _ => None,
        }
    }
}
