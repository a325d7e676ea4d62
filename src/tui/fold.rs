//! Increments as wholes: which steps of a program belong to one.

use crate::model::{Instruction, System};

/// The parts of a thread's program that make one increment each: bodies of counted loops, with
/// none within, that change a variable of the total.
pub fn increments(system: &System, thread: usize) -> Vec<(usize, usize)> {
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
    let total = system.total_variables();
    let changes = |instruction: &Instruction| match instruction {
        Instruction::Load { .. }
        | Instruction::Await { .. }
        | Instruction::IncrementLoad { .. } => false,
        other => other.variable().is_some_and(|v| total.contains(&v)),
    };
    let innermost = |&(from, past): &(usize, usize)| {
        let within = |&(a, b): &(usize, usize)| from <= a && b <= past && (a, b) != (from, past);
        !loops.iter().any(within) && code[from..past].iter().any(changes)
    };
    loops.iter().copied().filter(innermost).collect()
}
