//! What a step did, and what a thread waits for that can take none.

use super::language::instruction::{Comparison, LockId, Mode, Var};

/// What a blocked thread waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Wait {
    /// A lock that is taken.
    Lock {
        /// Which one.
        lock: LockId,
        /// How it is wanted.
        mode: Mode,
    },
    /// A variable that does not compare as asked.
    Variable {
        /// Which one.
        variable: Var,
        /// How it must compare,
        until: Comparison,
        /// and with what.
        value: u64,
    },
}

/// What a step did to what threads share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Effect {
    /// A variable was read.
    Read {
        /// Which one.
        variable: Var,
        /// What it held.
        value: u64,
    },
    /// A variable was written, without a look at what it held.
    Wrote {
        /// Which one.
        variable: Var,
        /// What it held until then.
        before: u64,
        /// What it holds now.
        after: u64,
    },
    /// A variable was read and written indivisibly.
    Updated {
        /// Which one.
        variable: Var,
        /// What it held, as the thread saw.
        before: u64,
        /// What it holds now.
        after: u64,
    },
    /// A compare-exchange found another value than the expected and changed nothing.
    Refused {
        /// Which variable.
        variable: Var,
        /// What it held.
        value: u64,
    },
    /// A lock was taken.
    Acquired {
        /// Which one.
        lock: LockId,
        /// How.
        mode: Mode,
    },
    /// A lock was given back.
    Released {
        /// Which one.
        lock: LockId,
        /// How it was held.
        mode: Mode,
    },
}
