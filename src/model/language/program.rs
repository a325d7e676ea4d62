//! A program: what one thread does, checked once so that all later code can trust it.

use super::analysis;
use super::element::Reg;
use super::instruction::Instruction;
use crate::model::error::ModelError;

const MAX_REGISTERS: usize = 64;
const MAX_CODE: usize = 4096;

/// The instructions of one thread. The thread is done when it runs past the last one.
// invariants: every jump target is at most `code.len()`; every register index is below
// `registers.len()`; `live` has one mask for each instruction and one for the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    name: String,
    registers: Vec<String>,
    code: Vec<Instruction>,
    /// For each place, the registers whose values can still matter, as bits.
    live: Vec<u64>,
    /// The registers that are read at the end, as bits.
    read_at_end: u64,
    /// For each instruction, the line of the source that it belongs to; 0 without a source.
    lines: Vec<u32>,
    /// Whether every loop counts a register up or down, so that the thread must end.
    ends: bool,
    bounds_stores: bool,
}

impl Program {
    /// Creates a program of these instructions.
    ///
    /// # Errors
    /// When a jump, a register or a loop makes no sense: see [`ModelError`]. Variables
    /// and locks are checked where they are declared, by the system.
    pub fn new(
        name: impl Into<String>,
        registers: Vec<String>,
        code: Vec<Instruction>,
    ) -> Result<Self, ModelError> {
        let name = name.into();
        let limits = [
            (registers.len(), MAX_REGISTERS, "registers in a program"),
            (code.len(), MAX_CODE, "instructions in a program"),
        ];
        ModelError::check_limits(&limits)?;
        for (at, instruction) in code.iter().enumerate() {
            let error = |problem| Err(ModelError::instruction(&name, at, problem));
            if instruction.target().is_some_and(|to| to > code.len()) {
                return error("jumps past the end");
            }
            let mut touched = instruction.uses().chain(instruction.defines());
            if touched.any(|register| register.index() >= registers.len()) {
                return error("uses an undeclared register");
            }
        }
        let live = analysis::liveness(&code, 0);
        let ends = analysis::certainly_ends(&code);
        let bounds_stores = ends || analysis::bounds_stores(&code);
        Ok(Self {
            name,
            registers,
            code,
            live,
            read_at_end: 0,
            lines: Vec::new(),
            ends,
            bounds_stores,
        })
    }

    /// Adds for each instruction the line of the source it belongs to, and keeps the values of
    /// these registers beyond the end.
    #[must_use]
    pub(super) fn with_source(mut self, lines: Vec<u32>, read_at_end: &[Reg]) -> Self {
        self.read_at_end = read_at_end
            .iter()
            .fold(0, |mask, r| mask | 1 << (r.index() % 64));
        self.live = analysis::liveness(&self.code, self.read_at_end);
        self.lines = lines;
        self
    }

    /// Returns the line of the source that an instruction belongs to, from 1.
    pub fn line(&self, at: usize) -> Option<u32> {
        self.lines.get(at).copied().filter(|&line| line > 0)
    }

    /// Returns its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the names of its registers.
    pub fn registers(&self) -> &[String] {
        &self.registers
    }

    /// Returns its registers, in the order of their names.
    pub fn register_ids(&self) -> impl Iterator<Item = Reg> {
        (0..).map(Reg).take(self.registers.len())
    }

    /// Returns its instructions.
    pub fn code(&self) -> &[Instruction] {
        &self.code
    }

    /// Returns whether its loops alone show that every thread running it ends or blocks. `false`
    /// means only that this is not obvious.
    pub fn certainly_ends(&self) -> bool {
        self.ends
    }

    /// Returns whether there is certainly a most that its stores can fill a store buffer.
    pub fn bounds_stores(&self) -> bool {
        self.bounds_stores
    }

    /// Returns whether one of its loads may take effect before a store that comes earlier in it, on a
    /// processor with store buffers.
    pub fn may_overtake(&self) -> bool {
        analysis::may_overtake(&self.code)
    }

    /// Returns the registers that still matter at this place, as bits.
    pub(in crate::model) fn live_at(&self, at: usize) -> u64 {
        self.live.get(at).copied().unwrap_or(0)
    }
}
