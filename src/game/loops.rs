//! The loops of a program whose rounds are increments.

use crate::model::{Arithmetic, Instruction, Operand, System, Var};

/// The body of a loop that makes one increment a round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoopBody {
    /// The index of its first instruction.
    pub from: usize,
    /// The index after its last instruction.
    pub past: usize,
    /// The variable to which it adds 1; `None` if it may add to several.
    pub adds_to: Option<Var>,
}

impl LoopBody {
    /// Returns whether the instruction at this index belongs to it.
    pub fn contains(&self, at: usize) -> bool {
        (self.from..self.past).contains(&at)
    }

    /// Describes one round.
    pub fn text(&self, system: &System) -> String {
        match self.adds_to {
            Some(variable) => format!("add 1 to {}", system.variables()[variable.index()]),
            None => "one round".into(),
        }
    }
}

/// Returns the innermost counted loops of a thread's program that increment a variable of the total.
pub fn increment_loops(system: &System, thread: usize) -> Vec<LoopBody> {
    let code = system.program(thread).code();
    let loops = code.iter().enumerate().filter_map(|(at, instruction)| {
        let &Instruction::JumpIf { target, left, .. } = instruction else {
            return None;
        };
        let counts_down = match *code.get(at.checked_sub(1)?)? {
            Instruction::Compute {
                to,
                left: from,
                operation: Arithmetic::Subtract,
                ..
            } => from == left && left == to.into(),
            _ => false,
        };
        (target < at && counts_down).then_some((target, at - 1))
    });
    let loops: Vec<_> = loops.collect();
    let innermost = loops.iter().filter(|&&(from, past)| {
        let within = |&(a, b): &(usize, usize)| from <= a && b <= past && (a, b) != (from, past);
        !loops.iter().any(within)
    });
    let total = system.total_variables();
    let counting = innermost.filter_map(|&(from, past)| {
        let counted = counted(&code[from..past]);
        let counts = counted.iter().any(|variable| total.contains(variable));
        let adds_to = match counted[..] {
            [only] => Some(only),
            _ => None,
        };
        counts.then_some(LoopBody {
            from,
            past,
            adds_to,
        })
    });
    counting.collect()
}

/// Returns the variables that these instructions increment, each once. A store of a constant does
/// not count: it sets a flag or a lock.
fn counted(code: &[Instruction]) -> Vec<Var> {
    let mut counted = Vec::new();
    for instruction in code {
        let (Instruction::FetchAdd { variable, .. }
        | Instruction::IncrementStore { variable, .. }
        | Instruction::Store {
            variable,
            value: Operand::Reg(_),
        }
        | Instruction::CompareExchange {
            variable,
            new: Operand::Reg(_),
            ..
        }) = *instruction
        else {
            continue;
        };
        let variable = variable.fixed();
        counted.extend(variable.filter(|variable| !counted.contains(variable)));
    }
    counted
}
