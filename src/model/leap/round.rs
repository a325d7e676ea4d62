//! A round: found by walking along it, and where each number in it comes from.

use super::condition::{Condition, Origin};
use crate::model::language::element::{Element, Operand, Var};
use crate::model::language::instruction::Instruction;
use crate::model::language::operation::{Arithmetic, Relation};
use crate::model::language::program::Program;
use crate::model::local::Local;
use crate::model::state::Common;

/// The most instructions of a round.
const LONGEST: usize = 1 << 14;

/// A round that can be repeated.
pub(crate) struct Round {
    /// The steps in it.
    pub(crate) steps: u64,
    /// How often it can be taken from here; [`u64::MAX`] means for ever.
    pub(crate) times: u64,
    /// What it adds to each register and variable.
    registers: Vec<u64>,
    variables: Vec<u64>,
}

/// A walk along a round: the machine's parts, and where each number in them comes from.
struct Walk<'p> {
    program: &'p Program,
    local: Local,
    common: Common,
    registers: Vec<Origin>,
    variables: Vec<Origin>,
    conditions: Vec<Condition>,
}

impl Round {
    /// Returns the round that begins here; `None` if the thread does not come back here, or not by
    /// a round that can be repeated. Nothing may depend on the value of the variable `unknown`.
    pub(crate) fn from(
        program: &Program,
        local: &Local,
        common: &Common,
        unknown: Option<Var>,
    ) -> Option<Self> {
        let mut walk = Walk {
            program,
            local: local.clone(),
            common: common.clone(),
            registers: (0..local.registers.len()).map(Origin::Register).collect(),
            variables: (0..common.variables.len()).map(Origin::Variable).collect(),
            conditions: Vec::new(),
        };
        if let Some(variable) = unknown {
            walk.variables[variable.index()] = Origin::Unknown;
        }
        let mut steps = 0;
        for _ in 0..LONGEST {
            steps += u64::from(walk.instruction(unknown)?);
            let rests = program.code().get(walk.local.at)?.is_visible();
            if rests {
                walk.forget_the_dead();
            }
            if rests && walk.local.at == local.at {
                return walk.round(steps, local, common, unknown);
            }
        }
        None
    }

    /// Takes the round so many times; its steps fit in 64 bits.
    pub(crate) fn repeat(&self, times: u64, local: &mut Local, common: &mut Common) {
        let advance = |numbers: &mut [u64], by: &[u64]| {
            for (number, by) in numbers.iter_mut().zip(by) {
                *number = number.wrapping_add(by.wrapping_mul(times));
            }
        };
        advance(&mut local.registers, &self.registers);
        advance(&mut common.variables, &self.variables);
    }
}

impl Walk<'_> {
    fn number(&self, operand: Operand) -> (Origin, u64) {
        match operand {
            Operand::Const(value) => (Origin::Constant, value),
            Operand::Reg(register) => {
                let index = register.index();
                (self.registers[index], self.local.registers[index])
            }
        }
    }

    fn variable(&self, variable: Var) -> (Origin, u64) {
        let index = variable.index();
        (self.variables[index], self.common.variables[index])
    }

    /// Notes a comparison; `None` if its result can't be foreseen.
    fn compare(
        &mut self,
        left: (Origin, u64),
        relation: Relation,
        right: (Origin, u64),
    ) -> Option<bool> {
        if left.0 == Origin::Unknown || right.0 == Origin::Unknown {
            return None;
        }
        let sides = [left, right];
        self.conditions.push(Condition { sides, relation });
        Some(relation.holds(left.1, right.1))
    }

    /// Executes the next instruction. Returns whether it is a step; `None` if it blocks, or what it
    /// does is not understood.
    fn instruction(&mut self, unknown: Option<Var>) -> Option<bool> {
        let instruction = *self.program.code().get(self.local.at)?;
        if self.local.waits_for(self.program, &self.common).is_some() {
            return None;
        }
        // Where the register and the variable that it writes come from.
        let (mut register, mut variable) = (None, None);
        match instruction {
            Instruction::Acquire { .. }
            | Instruction::Release { .. }
            | Instruction::Jump { .. } => {}
            Instruction::Load { variable: from, .. }
            | Instruction::IncrementLoad { variable: from, .. } => {
                register = Some(self.variable(from.fixed()?).0);
            }
            Instruction::Await {
                variable: from,
                until,
                value,
                ..
            } => {
                let from = self.variable(from.fixed()?);
                register = Some(from.0);
                self.compare(from, until, self.number(value))?;
            }
            Instruction::Store { value, .. } => variable = Some(self.number(value).0),
            Instruction::IncrementStore { scratch, .. } => {
                variable = Some(self.number(Operand::Reg(scratch)).0);
            }
            Instruction::FetchAdd {
                variable: to, by, ..
            } => {
                let to = self.variable(to.fixed()?);
                register = Some(to.0);
                variable = Some(sum(to.0, self.number(by).0));
            }
            Instruction::Swap {
                variable: to, new, ..
            } => {
                register = Some(self.variable(to.fixed()?).0);
                variable = Some(self.number(new).0);
            }
            Instruction::AwaitExchange {
                variable: to,
                expected,
                new,
            } => {
                let to = self.variable(to.fixed()?);
                self.compare(to, Relation::Equal, self.number(expected))?;
                variable = Some(self.number(new).0);
            }
            Instruction::CompareExchange {
                variable: to,
                expected,
                new,
                ..
            } => {
                let found = self.variable(to.fixed()?);
                register = Some(found.0);
                if self.compare(found, Relation::Equal, self.number(expected))? {
                    variable = Some(self.number(new).0);
                }
            }
            Instruction::Set { value, .. } => register = Some(self.number(value).0),
            Instruction::Compute {
                left,
                operation,
                right,
                ..
            } => {
                let (left, right) = (self.number(left).0, self.number(right).0);
                register = Some(match (operation, right) {
                    (Arithmetic::Add, _) => sum(left, right),
                    (Arithmetic::Subtract, Origin::Constant) => left,
                    _ => Origin::Unknown,
                });
            }
            Instruction::JumpIf {
                left,
                comparison,
                right,
                ..
            } => _ = self.compare(self.number(left), comparison, self.number(right))?,
            // What happens at queues and arrays, and whether an assertion holds, is not foreseen.
            _ => return None,
        }
        let is_step = instruction.is_visible();
        self.local.at = if is_step {
            self.local.perform(instruction, &mut self.common).ok()?;
            self.local.at + 1
        } else {
            self.local.compute(&instruction).ok()??
        };
        if let (Some(origin), Some(to)) = (register, instruction.defines()) {
            self.registers[to.index()] = origin;
        }
        let written = instruction.variable().and_then(Element::fixed);
        if let (Some(origin), Some(to)) = (variable, written)
            && Some(to) != unknown
        {
            self.variables[to.index()] = origin;
        }
        // An array whose index is computed may have been written anywhere.
        (variable.is_none() || written.is_some()).then_some(is_step)
    }

    /// Clears the registers that no longer matter, as the machine does.
    fn forget_the_dead(&mut self) {
        let live = self.program.live_at(self.local.at);
        for (index, origin) in self.registers.iter_mut().enumerate() {
            if live >> index & 1 == 0 {
                *origin = Origin::Constant;
                self.local.registers[index] = 0;
            }
        }
    }

    /// Returns the round that was walked, if it can be repeated.
    fn round(
        self,
        steps: u64,
        local: &Local,
        common: &Common,
        unknown: Option<Var>,
    ) -> Option<Round> {
        let Self {
            local: at_end,
            common: shared,
            ..
        } = self;
        if shared.locks != common.locks || at_end.held != local.held {
            return None;
        }
        let differences = |after: &[u64], before: &[u64]| -> Vec<u64> {
            let pairs = after.iter().zip(before);
            pairs
                .map(|(after, before)| after.wrapping_sub(*before))
                .collect()
        };
        let registers = differences(&at_end.registers, &local.registers);
        let mut variables = differences(&shared.variables, &common.variables);
        let step_of = |origin: Origin| match origin {
            Origin::Constant => Some(0),
            Origin::Register(index) => registers.get(index).copied(),
            Origin::Variable(index) => variables.get(index).copied(),
            Origin::Unknown => None,
        };
        // If a number has changed by what its origin changes by, it will again: by induction, every
        // number changes by the same constant in each round.
        let is_steady = |origins: &[Origin], steps: &[u64], exempt: Option<usize>| {
            let mut pairs = origins.iter().zip(steps).enumerate();
            pairs.all(|(at, (&origin, &step))| step_of(origin) == Some(step) || exempt == Some(at))
        };
        let exempt = unknown.map(Var::index);
        if !is_steady(&self.registers, &registers, None)
            || !is_steady(&self.variables, &variables, exempt)
        {
            return None;
        }
        let mut times = u64::MAX;
        for condition in &self.conditions {
            times = times.min(condition.lasts(step_of)?);
        }
        if let Some(exempt) = exempt {
            variables[exempt] = 0;
        }
        Some(Round {
            steps,
            times,
            registers,
            variables,
        })
    }
}

/// Returns where the sum of two numbers comes from.
fn sum(left: Origin, right: Origin) -> Origin {
    match (left, right) {
        (origin, Origin::Constant) | (Origin::Constant, origin) => origin,
        _ => Origin::Unknown,
    }
}
