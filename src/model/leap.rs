//! Many steps of one thread at once: the rounds of a loop that no other thread disturbs.
//!
//! A round that changes every number by a constant is repeated with the same effect for as long as
//! its comparisons come out the same way, and how long that is follows from the constants. This is
//! the acceleration of loops whose rounds are translations (Boigelot: *Symbolic methods for exploring
//! infinite state spaces*, 1998). What is not understood is not accelerated, but taken step by step.

use super::language::element::{Element, Operand, Var};
use super::language::instruction::Instruction;
use super::language::operation::{Arithmetic, Relation};
use super::language::program::Program;
use super::local::Local;
use super::machine::Status;
use super::state::Common;

/// The most instructions of a round.
const LONGEST: usize = 1 << 14;

/// The steps taken one by one before the first attempt: short stretches are not worth it.
const BEFORE: u64 = 16;

/// A place where attempts have failed is passed by so many times at most before the next.
const MOST_PATIENCE: u32 = 1 << 20;

/// Where a number comes from, up to a constant.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Origin {
    /// It is a constant.
    Constant,
    /// A register at the beginning of the round.
    Register(usize),
    /// A variable at the beginning of the round.
    Variable(usize),
    /// It may be anything.
    Unknown,
}

/// A comparison in a round: each side's origin and value, and how they were compared.
struct Condition {
    sides: [(Origin, u64); 2],
    relation: Relation,
}

/// A round that can be repeated.
pub(super) struct Round {
    /// The steps in it.
    pub(super) steps: u64,
    /// How often it can be taken from here; [`u64::MAX`] means for ever.
    pub(super) times: u64,
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
    pub(super) fn from(
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
    pub(super) fn repeat(&self, times: u64, local: &mut Local, common: &mut Common) {
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
        let mut register = None;
        let mut variable = None;
        match instruction {
            Instruction::Acquire { .. } | Instruction::Release { .. } => {}
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
            Instruction::Jump { .. } => {}
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

impl Condition {
    /// Returns in how many rounds, this one included, the comparison comes out as in this one, and
    /// neither side wraps round; `None` if a side's change is unknown.
    fn lasts(&self, step_of: impl Fn(Origin) -> Option<u64>) -> Option<u64> {
        let mut rounds = u64::MAX;
        let mut sides = [(0_i128, 0_i128); 2];
        for (side, &(origin, value)) in sides.iter_mut().zip(&self.sides) {
            let step = step_of(origin)?.cast_signed();
            let value = value.cast_signed();
            let limit = if step < 0 { i64::MIN } else { i64::MAX };
            let room = value.abs_diff(limit);
            if let Some(fitting) = room.checked_div(step.unsigned_abs()) {
                rounds = rounds.min(fitting.saturating_add(1));
            }
            *side = (i128::from(value), i128::from(step));
        }
        let [(left, by_left), (right, by_right)] = sides;
        // A relation that changes at 0, or just above.
        let above = matches!(self.relation, Relation::Greater | Relation::AtMost);
        let (difference, step) = (left - right - i128::from(above), by_left - by_right);
        if step == 0 {
            return Some(rounds);
        }
        let is_less = !matches!(self.relation, Relation::Equal | Relation::NotEqual);
        let until = if !is_less && difference == 0 {
            1
        } else if !is_less {
            // Until the difference is exactly 0, if it ever is.
            let is_hit = difference % step == 0 && (difference < 0) != (step < 0);
            if is_hit {
                -difference / step
            } else {
                i128::MAX
            }
        } else if difference < 0 && step > 0 {
            (-difference + step - 1) / step
        } else if difference >= 0 && step < 0 {
            difference / -step + 1
        } else {
            i128::MAX
        };
        Some(rounds.min(u64::try_from(until).unwrap_or(u64::MAX)))
    }
}

/// When to try to leap: places where it has failed are tried less and less often.
pub(super) struct Leaper {
    /// For each place, the attempts that have failed, and how often to pass it by.
    places: Vec<(u32, u32)>,
}

impl Leaper {
    pub(super) fn new(program: &Program) -> Self {
        Self {
            places: vec![(0, 0); program.code().len()],
        }
    }

    /// Returns the round that begins here, if it is worth trying and can be repeated.
    pub(super) fn round(
        &mut self,
        program: &Program,
        local: &Local,
        common: &Common,
        unknown: Option<Var>,
    ) -> Option<Round> {
        let (failed, wait) = self.places.get_mut(local.at)?;
        if *wait > 0 {
            *wait -= 1;
            return None;
        }
        let round = Round::from(program, local, common, unknown);
        match &round {
            Some(round) if round.times > 1 => *failed = 0,
            _ => {
                *failed += 1;
                *wait = 1_u32
                    .checked_shl(*failed)
                    .unwrap_or(MOST_PATIENCE)
                    .min(MOST_PATIENCE);
            }
        }
        round
    }
}

/// Takes steps of one thread, at most this many, until it is blocked or done. Returns how many, and
/// why it took no more.
pub(super) fn advance(
    program: &Program,
    local: &mut Local,
    common: &mut Common,
    most: u64,
) -> (u64, Option<Status>) {
    let mut taken = 0;
    let mut leaper = None;
    while taken < most {
        if taken >= BEFORE {
            let leaper = leaper.get_or_insert_with(|| Leaper::new(program));
            if let Some(round) = leaper.round(program, local, common, None) {
                let times = round.times.min((most - taken) / round.steps);
                round.repeat(times, local, common);
                taken += times * round.steps;
                if times > 0 {
                    continue;
                }
            }
        }
        match local.step(program, common) {
            Ok(_) => taken += 1,
            Err(status) => return (taken, Some(status)),
        }
    }
    (taken, None)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lasts(left: (u64, u64), relation: Relation, right: (u64, u64)) -> u64 {
        let condition = Condition {
            sides: [
                (Origin::Register(0), left.0),
                (Origin::Register(1), right.0),
            ],
            relation,
        };
        let steps = [left.1, right.1];
        let step_of = |origin| match origin {
            Origin::Register(index) => Some(steps[index]),
            _ => None,
        };
        condition.lasts(step_of).unwrap()
    }

    #[test]
    fn comparisons_last_as_long_as_counting_says() {
        let relations = [
            Relation::Equal,
            Relation::NotEqual,
            Relation::Less,
            Relation::AtLeast,
            Relation::Greater,
            Relation::AtMost,
        ];
        let steps = [-3_i64, -2, -1, 0, 1, 2, 5].map(i64::cast_unsigned);
        for relation in relations {
            for (left, right) in (40..60).flat_map(|a| (40..60).map(move |b| (a, b))) {
                for (by_left, by_right) in steps.iter().flat_map(|a| steps.map(|b| (*a, b))) {
                    let foreseen = lasts((left, by_left), relation, (right, by_right));
                    let at = |round: u64| {
                        let value =
                            |start: u64, by: u64| start.wrapping_add(by.wrapping_mul(round));
                        relation.holds(value(left, by_left), value(right, by_right))
                    };
                    // Small numbers wrap below 0 first, after 13 rounds at least.
                    let same = (0..13).take_while(|&round| at(round) == at(0)).count() as u64;
                    assert_eq!(foreseen.min(13), same, "{left} {relation} {right}");
                }
            }
        }
    }
}
