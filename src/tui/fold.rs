//! Increments as wholes: which steps of a program belong to one.

use crate::model::{Instruction, Operand, System, Var};

/// The part of a thread's program that makes one increment, or goes one round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fold {
    /// Its first instruction.
    pub from: usize,
    /// The instruction after its last.
    pub past: usize,
    /// The variable that it adds 1 to; `None` where it may add to others too.
    pub adds_to: Option<Var>,
}

impl Fold {
    /// Whether the instruction with this index is one of it.
    pub fn holds(&self, at: usize) -> bool {
        (self.from..self.past).contains(&at)
    }

    /// What it does.
    pub fn text(&self, system: &System) -> String {
        match self.adds_to {
            Some(variable) => format!("add 1 to {}", system.variables()[variable.index()]),
            None => "one round".into(),
        }
    }
}

/// The parts of a thread's program that make one increment each: bodies of counted loops, with
/// none within, that count up a variable of the total.
pub fn increments(system: &System, thread: usize) -> Vec<Fold> {
    let code = system.program(thread).code();
    let loops = code.iter().enumerate().filter_map(|(at, instruction)| {
        let &Instruction::JumpIf { target, left, .. } = instruction else {
            return None;
        };
        let counts_down = match *code.get(at.checked_sub(1)?)? {
            Instruction::Subtract { to, left: from, .. } => from == left && left == to.into(),
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
        counts.then_some(Fold {
            from,
            past,
            adds_to,
        })
    });
    counting.collect()
}

/// The variables that these instructions count up, each once: constants are stored into flags and
/// locks.
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
        if !counted.contains(&variable) {
            counted.push(variable);
        }
    }
    counted
}
