//! What a step did, and what a blocked thread waits for.

use super::language::element::{LockId, QueueId, Var};
use super::language::instruction::Mode;
use super::language::operation::{Fault, Relation};

/// What a blocked thread waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the fields are named after their types")]
pub enum Wait {
    /// A lock that is taken, wanted in this mode.
    Lock { lock: LockId, mode: Mode },
    /// A variable that does not yet compare to `value` this way.
    Variable {
        variable: Var,
        until: Relation,
        value: u64,
    },
    /// A variable whose value does not let the thread go on.
    Change { variable: Var },
    /// A condition variable or a barrier, until it is called there.
    Queue { queue: QueueId },
    /// Its own store buffer, which is not empty, or full.
    Buffer,
}

/// What a step did to the variables and locks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each variant says what its fields hold")]
pub enum Effect {
    /// A variable was read and held `value`.
    Read { variable: Var, value: u64 },
    /// A variable was written without a look at its value `before`.
    Wrote {
        variable: Var,
        before: u64,
        after: u64,
    },
    /// A variable was read in the thread's own store buffer, where its newest value is `value`.
    Forwarded { variable: Var, value: u64 },
    /// A store of `value` was put into the thread's store buffer.
    Buffered { variable: Var, value: u64 },
    /// A variable was read and written indivisibly.
    Updated {
        variable: Var,
        before: u64,
        after: u64,
    },
    /// A compare-exchange found `value` instead of the expected one and changed nothing.
    Refused { variable: Var, value: u64 },
    /// A lock was taken in this mode.
    Acquired { lock: LockId, mode: Mode },
    /// A lock held in this mode was released.
    Released { lock: LockId, mode: Mode },
    /// A lock was found taken and left alone.
    Occupied { lock: LockId, mode: Mode },
    /// A writer waits for a lock and lets no more readers in.
    Announced { lock: LockId },
    /// A lock was released, and a queue joined.
    Slept { queue: QueueId, lock: LockId },
    /// A queue was left, and a lock taken.
    Woken { queue: QueueId, lock: LockId },
    /// This many threads of a queue were called.
    Notified { queue: QueueId, threads: u32 },
    /// A barrier was reached; the last thread of a round opens it.
    Arrived { queue: QueueId, opens: bool },
    /// A barrier was left.
    Passed { queue: QueueId },
    /// Earlier stores have reached memory.
    Fenced,
    /// The thread failed, which ends the run.
    Failed(Fault),
}

impl Effect {
    /// Returns the variable that was accessed.
    pub(super) fn variable(self) -> Option<Var> {
        match self {
            Self::Read { variable, .. }
            | Self::Forwarded { variable, .. }
            | Self::Buffered { variable, .. }
            | Self::Wrote { variable, .. }
            | Self::Updated { variable, .. }
            | Self::Refused { variable, .. } => Some(variable),
            _ => None,
        }
    }

    /// Returns the lock that was operated on.
    pub(super) fn lock(self) -> Option<LockId> {
        match self {
            Self::Acquired { lock, .. }
            | Self::Released { lock, .. }
            | Self::Occupied { lock, .. }
            | Self::Announced { lock }
            | Self::Slept { lock, .. }
            | Self::Woken { lock, .. } => Some(lock),
            _ => None,
        }
    }

    /// Returns the condition variable or the barrier that was operated on.
    pub(super) fn queue(self) -> Option<QueueId> {
        match self {
            Self::Slept { queue, .. }
            | Self::Woken { queue, .. }
            | Self::Notified { queue, .. }
            | Self::Arrived { queue, .. }
            | Self::Passed { queue } => Some(queue),
            _ => None,
        }
    }
}
