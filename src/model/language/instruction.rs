//! The instructions of the register machine.

use super::element::{Element, LockId, Operand, QueueId, Reg, Var};
use super::operation::{Arithmetic, Relation};

/// How a lock is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mode {
    /// By one thread alone: a mutex, or the write side of a read-write lock.
    Exclusive,
    /// Together with other readers: the read side of a read-write lock.
    Shared,
    /// One of the permits of a semaphore.
    Permit,
}

/// One instruction.
///
/// The *visible* ones touch what threads share; each is one step of a schedule. The *local* ones
/// (`Set`, `Compute`, `Jump`, `JumpIf`, `Assert`) touch the thread's own registers and ride with
/// the visible instruction before them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each variant's text shows what its fields do")]
pub enum Instruction {
    /// `to = load variable`
    Load { to: Reg, variable: Element<Var> },
    /// `store variable, value`
    Store {
        variable: Element<Var>,
        value: Operand,
    },
    /// `old = fetch_add variable, by`: an indivisible addition.
    FetchAdd {
        old: Reg,
        variable: Element<Var>,
        by: Operand,
    },
    /// `old = swap variable, new`: an indivisible exchange.
    Swap {
        old: Reg,
        variable: Element<Var>,
        new: Operand,
    },
    /// `seen = compare_exchange variable, expected, new`: writes the variable only if it still
    /// holds the expected value, indivisibly. It succeeded if `seen` then equals `expected`.
    CompareExchange {
        seen: Reg,
        variable: Element<Var>,
        expected: Operand,
        new: Operand,
    },
    /// `to = await variable <until> value`: a spin loop of loads without its failing attempts.
    Await {
        to: Reg,
        variable: Element<Var>,
        until: Relation,
        value: Operand,
    },
    /// `await variable == expected, then store new`: a spin loop of compare-exchanges without its
    /// failing attempts.
    AwaitExchange {
        variable: Element<Var>,
        expected: Operand,
        new: Operand,
    },
    /// `to = load variable`, but only where the local instructions that follow do not lead back
    /// here: a spin loop without its failing attempts.
    Poll { to: Reg, variable: Element<Var> },
    /// The load of a single-instruction increment without a bus lock. `scratch` is the
    /// processor's internal register between the two halves.
    IncrementLoad {
        scratch: Reg,
        variable: Element<Var>,
    },
    /// The store of a single-instruction increment: the loaded value plus one.
    IncrementStore {
        scratch: Reg,
        variable: Element<Var>,
    },
    /// Takes a lock; the thread is blocked until the lock is free for this mode.
    Acquire { lock: Element<LockId>, mode: Mode },
    /// Releases a lock that is held in this mode.
    Release { lock: Element<LockId>, mode: Mode },
    /// Releases a mutex or a read-write lock in whichever mode the thread holds it.
    ReleaseHeld { lock: Element<LockId> },
    /// Takes a lock if it is free for this mode: `taken` is 1 then, or else 0.
    TryAcquire {
        taken: Reg,
        lock: Element<LockId>,
        mode: Mode,
    },
    /// Joins the writers that wait for a lock, which lets no more readers in.
    Announce { lock: Element<LockId> },
    /// Releases a mutex and joins the queue of a condition variable.
    Sleep {
        queue: Element<QueueId>,
        lock: Element<LockId>,
    },
    /// Waits until it is called, and takes the mutex again.
    Wake {
        queue: Element<QueueId>,
        lock: Element<LockId>,
    },
    /// Calls one thread of a queue, or all; nothing happens if the queue is empty.
    Notify { queue: Element<QueueId>, all: bool },
    /// Joins the queue of a barrier; the last of a round calls all and skips the next instruction.
    Arrive { queue: Element<QueueId> },
    /// Waits at a barrier until it is called.
    Pass { queue: Element<QueueId> },
    /// Waits until no earlier store of the thread is on its way to memory.
    Fence,
    /// `to = value`
    Set { to: Reg, value: Operand },
    /// `to = left + right`, or another operation
    Compute {
        to: Reg,
        left: Operand,
        operation: Arithmetic,
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
    /// Fails unless the value differs from 0.
    Assert { value: Operand },
}

impl Instruction {
    /// Returns whether it touches what threads share, and so is a step of its own.
    pub fn is_visible(&self) -> bool {
        !matches!(
            self,
            Self::Set { .. }
                | Self::Compute { .. }
                | Self::Jump { .. }
                | Self::JumpIf { .. }
                | Self::Assert { .. }
        )
    }

    /// Returns whether it stores without loading, into the store buffer where there is one.
    pub fn is_store(&self) -> bool {
        matches!(self, Self::Store { .. } | Self::IncrementStore { .. })
    }

    /// Returns whether it loads without storing.
    pub fn is_load(&self) -> bool {
        matches!(
            self,
            Self::Load { .. } | Self::Await { .. } | Self::Poll { .. } | Self::IncrementLoad { .. }
        )
    }

    /// Returns whether it is a step that waits until the store buffer of its thread is empty.
    pub fn drains(&self) -> bool {
        self.is_visible() && !self.is_store() && !self.is_load()
    }

    /// Returns whether it can touch this variable.
    pub fn touches(&self, variable: Var) -> bool {
        self.variable()
            .is_some_and(|element| element.candidates().any(|v| v == variable))
    }

    /// Returns the variable, or the element of an array, that it touches, if any.
    pub fn variable(&self) -> Option<Element<Var>> {
        match *self {
            Self::Load { variable, .. }
            | Self::Store { variable, .. }
            | Self::FetchAdd { variable, .. }
            | Self::Swap { variable, .. }
            | Self::CompareExchange { variable, .. }
            | Self::Await { variable, .. }
            | Self::AwaitExchange { variable, .. }
            | Self::Poll { variable, .. }
            | Self::IncrementLoad { variable, .. }
            | Self::IncrementStore { variable, .. } => Some(variable),
            _ => None,
        }
    }

    /// Returns the lock it takes or releases, if any.
    pub fn lock(&self) -> Option<(Element<LockId>, Mode)> {
        match *self {
            Self::Acquire { lock, mode }
            | Self::Release { lock, mode }
            | Self::TryAcquire { lock, mode, .. } => Some((lock, mode)),
            Self::Announce { lock }
            | Self::ReleaseHeld { lock }
            | Self::Sleep { lock, .. }
            | Self::Wake { lock, .. } => Some((lock, Mode::Exclusive)),
            _ => None,
        }
    }

    /// Returns the queue it joins, leaves or calls, if any.
    pub fn queue(&self) -> Option<Element<QueueId>> {
        match *self {
            Self::Sleep { queue, .. }
            | Self::Wake { queue, .. }
            | Self::Notify { queue, .. }
            | Self::Arrive { queue }
            | Self::Pass { queue } => Some(queue),
            _ => None,
        }
    }

    /// Returns the register it writes, if any.
    pub(in crate::model) fn defines(&self) -> Option<Reg> {
        match *self {
            Self::Load { to, .. }
            | Self::Await { to, .. }
            | Self::Poll { to, .. }
            | Self::Set { to, .. }
            | Self::Compute { to, .. }
            | Self::TryAcquire { taken: to, .. } => Some(to),
            Self::FetchAdd { old, .. } | Self::Swap { old, .. } => Some(old),
            Self::CompareExchange { seen, .. } => Some(seen),
            Self::IncrementLoad { scratch, .. } => Some(scratch),
            _ => None,
        }
    }

    /// Returns the operands it reads, but for the index of an element.
    pub(in crate::model) fn operands(&self) -> [Option<Operand>; 2] {
        match *self {
            Self::Store { value, .. }
            | Self::Await { value, .. }
            | Self::Set { value, .. }
            | Self::Assert { value } => [Some(value), None],
            Self::FetchAdd { by, .. } => [Some(by), None],
            Self::Swap { new, .. } => [Some(new), None],
            Self::CompareExchange { expected, new, .. }
            | Self::AwaitExchange { expected, new, .. } => [Some(expected), Some(new)],
            Self::IncrementStore { scratch, .. } => [Some(Operand::Reg(scratch)), None],
            Self::Compute { left, right, .. } | Self::JumpIf { left, right, .. } => {
                [Some(left), Some(right)]
            }
            _ => [None, None],
        }
    }

    /// Returns the registers it reads.
    pub(in crate::model) fn uses(&self) -> impl Iterator<Item = Reg> {
        let register = |operand| match operand {
            Operand::Reg(register) => Some(register),
            Operand::Const(_) => None,
        };
        let indices = [
            self.variable().map(|element| element.parts().2),
            self.lock().map(|(element, _)| element.parts().2),
            self.queue().map(|element| element.parts().2),
        ];
        let operands = self.operands().into_iter().chain(indices);
        operands.flatten().filter_map(register)
    }

    /// Returns where it may jump to, if it is a jump.
    pub fn target(&self) -> Option<usize> {
        match *self {
            Self::Jump { target } | Self::JumpIf { target, .. } => Some(target),
            _ => None,
        }
    }
}
