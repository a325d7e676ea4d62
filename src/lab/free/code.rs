//! A program decoded for speed: one small operation for each instruction, at the same place.
//!
//! Every operand is a *cell*: a register, or one of the constants that are kept behind the registers,
//! so that an operation never asks which of the two it has. A variable, lock or queue is an element of
//! an array, of one element if need be.

use super::decode::{Decoder, number};
use crossbeam_utils::CachePadded;

use crate::model::{Arithmetic, Declared, Fault, Mode, Program, Relation, Var};

/// The place of a register or constant.
pub(super) type Cell = u16;

/// An element of an array of variables, locks or queues.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) first: u16,
    pub(super) length: u16,
    pub(super) index: Cell,
}

impl Place {
    /// Returns which element it is now.
    #[inline]
    pub(super) fn find(self, cells: &[u64]) -> Result<usize, Fault> {
        match u16::try_from(cells[usize::from(self.index)]) {
            Ok(index) if index < self.length => Ok(usize::from(self.first) + usize::from(index)),
            _ => Err(Fault::OutOfBounds),
        }
    }
}

/// What an instruction does. Those that only touch cells come first.
#[derive(Clone, Copy, Debug)]
pub(super) enum Operation {
    Set {
        to: Cell,
        value: Cell,
    },
    Add {
        to: Cell,
        left: Cell,
        right: Cell,
    },
    Subtract {
        to: Cell,
        left: Cell,
        right: Cell,
    },
    Compute {
        to: Cell,
        left: Cell,
        operation: Arithmetic,
        right: Cell,
    },
    Jump {
        target: u16,
    },
    JumpIf {
        left: Cell,
        comparison: Relation,
        right: Cell,
        target: u16,
    },
    Assert {
        value: Cell,
    },
    Load {
        to: Cell,
        variable: Place,
    },
    Store {
        variable: Place,
        value: Cell,
    },
    StoreNext {
        variable: Place,
        scratch: Cell,
    },
    FetchAdd {
        old: Cell,
        variable: Place,
        by: Cell,
    },
    Swap {
        old: Cell,
        variable: Place,
        new: Cell,
    },
    CompareExchange {
        seen: Cell,
        variable: Place,
        expected: Cell,
        new: Cell,
    },
    Poll {
        to: Cell,
        variable: Place,
    },
    Await {
        to: Cell,
        variable: Place,
        until: Relation,
        value: Cell,
    },
    AwaitExchange {
        variable: Place,
        expected: Cell,
        new: Cell,
    },
    Acquire {
        lock: Place,
        mode: Mode,
    },
    Release {
        lock: Place,
        mode: Mode,
    },
    ReleaseHeld {
        lock: Place,
    },
    TryAcquire {
        taken: Cell,
        lock: Place,
        mode: Mode,
    },
    Announce {
        lock: Place,
    },
    Sleep {
        queue: Place,
        lock: Place,
    },
    Wake {
        queue: Place,
        lock: Place,
    },
    Notify {
        queue: Place,
        all: bool,
    },
    Arrive {
        queue: Place,
    },
    Pass {
        queue: Place,
    },
    Fence,
}

/// A decoded program.
#[derive(Debug)]
pub(super) struct Code {
    pub(super) operations: Box<[Operation]>,
    /// The number of registers.
    pub(super) registers: usize,
    /// The constants, which are kept behind the registers.
    pub(super) constants: Box<[u64]>,
    /// Whether it may go round for ever.
    pub(super) may_loop: bool,
}

impl Code {
    /// Decodes a program.
    pub(super) fn of(program: &Program) -> Self {
        let mut decoder = Decoder::new(program.registers().len());
        let operations = program.code().iter();
        let operations = operations.map(|&one| decoder.operation(one)).collect();
        Self {
            operations,
            registers: decoder.registers,
            constants: decoder.constants.into(),
            may_loop: !program.certainly_ends(),
        }
    }

    /// Returns the cells before the first operation. Behind them is enough room to keep the next
    /// thread's out of their cache line: a load of a cell that another core writes beside takes longer
    /// than everything else in a short execution.
    pub(super) fn cells(&self) -> Box<[u64]> {
        const LINE: usize = size_of::<CachePadded<u64>>() / size_of::<u64>();
        let registers = std::iter::repeat_n(0, self.registers);
        let constants = self.constants.iter().copied();
        registers.chain(constants).chain([0; LINE]).collect()
    }

    /// Returns the variable that a thread waits for if the jump at `from` leads back to a poll of it at
    /// `to`, past nothing but local operations.
    pub(super) fn waits(&self, to: usize, from: usize, cells: &[u64]) -> Option<Var> {
        let (first, rest) = self.operations.get(to..=from)?.split_first()?;
        match first {
            Operation::Poll { variable, .. } if rest.iter().all(Operation::is_local) => {
                Some(Var::with_index(number(variable.find(cells).ok()?)))
            }
            _ => None,
        }
    }
}

impl Operation {
    fn is_local(&self) -> bool {
        matches!(
            self,
            Self::Set { .. }
                | Self::Add { .. }
                | Self::Subtract { .. }
                | Self::Compute { .. }
                | Self::Jump { .. }
                | Self::JumpIf { .. }
                | Self::Assert { .. }
        )
    }
}
