//! A program: what one thread does, checked once so that everything after can trust it.

use super::analysis;
use super::instruction::{Instruction, Reg};
use super::text::Names;
use crate::model::error::ModelError;

/// How many registers a program may have.
const MAX_REGISTERS: usize = 64;
/// How many instructions a program may have.
const MAX_CODE: usize = 4096;

/// The instructions of one thread. The thread is done when it runs past the last one.
// invariants: every jump target is at most `code.len()`; every register index is below
// `registers.len()`; no cycle consists of local instructions alone; every release is of a lock
// that is certainly held; `live` has one mask for each instruction and one for the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    name: String,
    registers: Vec<String>,
    code: Vec<Instruction>,
    /// For each place, the registers whose values can still matter, as bits.
    live: Vec<u64>,
    /// Whether every loop counts a register up or down, so that the thread must end.
    ends: bool,
}

impl Program {
    /// Checks the instructions and makes a program of them.
    ///
    /// # Errors
    /// When a jump, a register, a loop or a release makes no sense: see [`ModelError`]. Variables
    /// and locks are checked where they are declared, by the system.
    pub fn new(
        name: impl Into<String>,
        registers: Vec<String>,
        code: Vec<Instruction>,
    ) -> Result<Self, ModelError> {
        let name = name.into();
        if registers.len() > MAX_REGISTERS {
            return Err(ModelError::TooMany {
                what: "registers in a program",
                at_most: MAX_REGISTERS,
            });
        }
        if code.len() > MAX_CODE {
            return Err(ModelError::TooMany {
                what: "instructions in a program",
                at_most: MAX_CODE,
            });
        }
        for (at, instruction) in code.iter().enumerate() {
            let program = || name.clone();
            if instruction.target().is_some_and(|to| to > code.len()) {
                return Err(ModelError::JumpTarget {
                    program: program(),
                    at,
                });
            }
            let mut touched = instruction.uses().chain(instruction.defines());
            if touched.any(|register| register.index() >= registers.len()) {
                return Err(ModelError::Undeclared {
                    program: program(),
                    at,
                    what: "register",
                });
            }
        }
        if let Some(at) = analysis::local_loop(&code) {
            return Err(ModelError::LoopWithoutStep { program: name, at });
        }
        analysis::lock_discipline(&name, &code)?;
        let live = analysis::liveness(&code);
        let ends = analysis::certainly_ends(&code);
        Ok(Self {
            name,
            registers,
            code,
            live,
            ends,
        })
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The names of its registers.
    pub fn registers(&self) -> &[String] {
        &self.registers
    }

    /// Its registers, in the order of their names.
    pub fn register_ids(&self) -> impl Iterator<Item = Reg> {
        // There are at most 64.
        (0..self.registers.len()).filter_map(|index| u16::try_from(index).ok().map(Reg))
    }

    /// Its instructions.
    pub fn code(&self) -> &[Instruction] {
        &self.code
    }

    /// Whether it is certain, from its loops alone, that a thread running it comes to its end
    /// (or blocks). `false` means only that it is not obvious.
    pub fn certainly_ends(&self) -> bool {
        self.ends
    }

    /// The registers that still matter at this place, as bits.
    pub(in crate::model) fn live_at(&self, at: usize) -> u64 {
        self.live.get(at).copied().unwrap_or(0)
    }

    /// The names of its registers together with a system's names.
    pub(in crate::model) fn names<'a>(
        &'a self,
        variables: &'a [String],
        locks: &'a [String],
    ) -> Names<'a> {
        Names {
            registers: &self.registers,
            variables,
            locks,
        }
    }
}
