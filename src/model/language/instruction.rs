//! The instructions of the register machine.

use std::fmt;

/// A register: a number of one thread's own, named by the program it belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reg(pub(in crate::model) u16);

/// A variable that all threads share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Var(pub(in crate::model) u16);

/// A mutex or a read-write lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LockId(pub(in crate::model) u16);

impl Reg {
    /// Position among the program's registers, from 0.
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

impl Var {
    /// Position among the system's variables, from 0.
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

impl LockId {
    /// Position among the system's locks, from 0.
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// A constant, or the value of a register.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operand {
    /// The number itself.
    Const(u64),
    /// What the register holds.
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
pub enum Comparison {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `>=`
    AtLeast,
}

impl Comparison {
    /// Whether `left` compares to `right` in this way.
    pub fn holds(self, left: u64, right: u64) -> bool {
        match self {
            Self::Equal => left == right,
            Self::NotEqual => left != right,
            Self::Less => left < right,
            Self::AtLeast => left >= right,
        }
    }
}

impl fmt::Display for Comparison {
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
pub enum Instruction {
    /// Read a variable.
    Load {
        /// Receives the value.
        to: Reg,
        /// What is read.
        variable: Var,
    },
    /// Write a variable.
    Store {
        /// What is written.
        variable: Var,
        /// The value.
        value: Operand,
    },
    /// Add to a variable, indivisibly.
    FetchAdd {
        /// Receives the value before.
        old: Reg,
        /// What is changed.
        variable: Var,
        /// How much is added.
        by: Operand,
    },
    /// Write a variable and read what was there, indivisibly.
    Swap {
        /// Receives the value before.
        old: Reg,
        /// What is changed.
        variable: Var,
        /// The new value.
        new: Operand,
    },
    /// Write a variable only if it still holds the expected value, indivisibly. It succeeded if
    /// `seen` then equals `expected`.
    CompareExchange {
        /// Receives the value that was found.
        seen: Reg,
        /// What may be changed.
        variable: Var,
        /// What it must hold.
        expected: Operand,
        /// The new value.
        new: Operand,
    },
    /// Wait until a variable compares as asked, and read it: a spin loop of loads without its
    /// failing tries.
    Await {
        /// Receives the value.
        to: Reg,
        /// What is watched.
        variable: Var,
        /// How it must compare,
        until: Comparison,
        /// and with what.
        value: Operand,
    },
    /// Wait until a variable holds the expected value and replace it, indivisibly: a spin loop
    /// of compare-exchanges without its failing tries.
    AwaitExchange {
        /// What is watched and changed.
        variable: Var,
        /// What it must hold.
        expected: Operand,
        /// The new value.
        new: Operand,
    },
    /// The first half of a single-instruction increment without a bus lock: its load.
    IncrementLoad {
        /// The processor's internal register between the halves.
        scratch: Reg,
        /// What is incremented.
        variable: Var,
    },
    /// The second half of a single-instruction increment: its store of the value plus one.
    IncrementStore {
        /// The processor's internal register between the halves.
        scratch: Reg,
        /// What is incremented.
        variable: Var,
    },
    /// Take a lock, waiting until it is free for this mode.
    Acquire {
        /// Which one.
        lock: LockId,
        /// How.
        mode: Mode,
    },
    /// Give a lock back.
    Release {
        /// Which one.
        lock: LockId,
        /// How it was held.
        mode: Mode,
    },
    /// Put a value into a register.
    Set {
        /// Receives it.
        to: Reg,
        /// The value.
        value: Operand,
    },
    /// Add two numbers.
    Add {
        /// Receives the sum.
        to: Reg,
        /// One summand,
        left: Operand,
        /// and the other.
        right: Operand,
    },
    /// Subtract two numbers.
    Subtract {
        /// Receives the difference.
        to: Reg,
        /// From this
        left: Operand,
        /// this is taken away.
        right: Operand,
    },
    /// Go on elsewhere.
    Jump {
        /// The index of the instruction to go on with; one past the last ends the thread.
        target: usize,
    },
    /// Go on elsewhere if two numbers compare as asked.
    JumpIf {
        /// One number,
        left: Operand,
        /// how it must compare
        comparison: Comparison,
        /// with the other.
        right: Operand,
        /// The index of the instruction to go on with.
        target: usize,
    },
}

impl Instruction {
    /// Whether it touches what threads share, and so is a step of its own.
    pub fn is_visible(&self) -> bool {
        !matches!(
            self,
            Self::Set { .. }
                | Self::Add { .. }
                | Self::Subtract { .. }
                | Self::Jump { .. }
                | Self::JumpIf { .. }
        )
    }

    /// The variable it touches, if any.
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

    /// The lock it takes or gives back, if any.
    pub fn lock(&self) -> Option<(LockId, Mode)> {
        match *self {
            Self::Acquire { lock, mode } | Self::Release { lock, mode } => Some((lock, mode)),
            _ => None,
        }
    }

    /// The register it writes, if any.
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

    /// The operands it reads.
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

    /// The registers it reads.
    pub(in crate::model) fn uses(&self) -> impl Iterator<Item = Reg> {
        self.operands()
            .into_iter()
            .filter_map(|operand| match operand {
                Some(Operand::Reg(register)) => Some(register),
                _ => None,
            })
    }

    /// Where it may jump to, if it is a jump.
    pub fn target(&self) -> Option<usize> {
        match *self {
            Self::Jump { target } | Self::JumpIf { target, .. } => Some(target),
            _ => None,
        }
    }
}
