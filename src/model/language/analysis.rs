//! What can be said of a program without running it: its loops and live registers.
//!
//! Liveness is a textbook data-flow analysis (Aho, Lam, Sethi, Ullman, *Compilers*, chapter 9),
//! iterated to its fixed point.

use super::element::{Element, Operand, Reg};
use super::instruction::Instruction;
use super::operation::Arithmetic;

/// Returns the places control can go to from `at`.
fn successors(code: &[Instruction], at: usize) -> impl Iterator<Item = usize> {
    let instruction = code.get(at);
    let next = match instruction {
        None | Some(Instruction::Jump { .. }) => None,
        Some(_) => Some(at + 1),
    };
    let skipped = matches!(instruction, Some(Instruction::Arrive { .. })).then_some(at + 2);
    next.into_iter()
        .chain(skipped)
        .chain(instruction.and_then(Instruction::target))
}

fn bit(register: Reg) -> u64 {
    1 << (register.index() % 64)
}

/// Returns which places are reachable from `from` in one move or more through kept places only.
fn reach(code: &[Instruction], kept: &[bool], from: usize) -> Vec<bool> {
    let mut seen = vec![false; code.len()];
    let mut open = vec![from];
    while let Some(at) = open.pop() {
        for next in successors(code, at) {
            if next < code.len() && kept[next] && !seen[next] {
                seen[next] = true;
                open.push(next);
            }
        }
    }
    seen
}

/// Returns, for each place and the end, the registers that may be read before they are written.
/// At the end, those in `read_at_end` are read.
pub(crate) fn liveness(code: &[Instruction], read_at_end: u64) -> Vec<u64> {
    let mut live = vec![0_u64; code.len()];
    live.push(read_at_end);
    loop {
        let mut changed = false;
        for at in (0..code.len()).rev() {
            let after = successors(code, at).fold(0, |mask, next| mask | live[next]);
            let defined = code[at].defines().map_or(0, bit);
            let used = code[at].uses().map(bit).fold(0, |mask, one| mask | one);
            let before = used | (after & !defined);
            changed |= before != live[at];
            live[at] = before;
        }
        if !changed {
            return live;
        }
    }
}

/// Returns whether a load can come right after a store of another variable, without an operation between
/// the two that waits for the store: with store buffers, the load may then take effect first.
pub(crate) fn may_overtake(code: &[Instruction]) -> bool {
    let kept: Vec<bool> = code.iter().map(|one| !one.drains()).collect();
    let fixed = |at: usize| code[at].variable().and_then(Element::fixed);
    let others = |store: usize, load: usize| fixed(store).is_none() || fixed(store) != fixed(load);
    let stores = (0..code.len()).filter(|&at| code[at].is_store());
    stores.into_iter().any(|store| {
        let reached = reach(code, &kept, store);
        (0..code.len()).any(|at| reached[at] && code[at].is_load() && others(store, at))
    })
}

/// Returns whether every loop moves some register in one direction only, so that no state of the
/// thread can recur.
///
/// Such a register is a ranking function: within a strongly connected component, a register that
/// is changed only by adding (or only by subtracting) a positive constant cannot return to an old
/// value. The places that change it are therefore on no cycle of states; they are removed, and the
/// rest is examined again. (A counter that wraps round at 2^64 is beyond any census.)
pub(crate) fn certainly_ends(code: &[Instruction]) -> bool {
    loops_end(code, vec![true; code.len()], |_| true)
}

/// Returns whether the stores in a buffer are bounded: no loop can store for ever unless an operation in it
/// empties the buffer.
pub(crate) fn bounds_stores(code: &[Instruction]) -> bool {
    let kept = code.iter().map(|one| !one.drains()).collect();
    loops_end(code, kept, Instruction::is_store)
}

/// Returns whether every loop through kept places that executes such an instruction ends.
fn loops_end(
    code: &[Instruction],
    mut kept: Vec<bool>,
    such: impl Fn(&Instruction) -> bool,
) -> bool {
    loop {
        let reached: Vec<_> = (0..code.len()).map(|at| reach(code, &kept, at)).collect();
        let is_on_cycle = |at: usize| kept[at] && such(&code[at]) && reached[at][at];
        let Some(on_cycle) = (0..code.len()).find(|&at| is_on_cycle(at)) else {
            return true;
        };
        let part: Vec<usize> = (0..code.len())
            .filter(|&at| kept[at] && reached[on_cycle][at] && reached[at][on_cycle])
            .collect();
        let mut registers = part.iter().filter_map(|&at| code[at].defines());
        let Some(counter) = registers.find(|&r| is_monotone(code, &part, r)) else {
            return false;
        };
        for at in part {
            if code[at].defines() == Some(counter) {
                kept[at] = false;
            }
        }
    }
}

/// Returns whether these places change the register by positive constants in one direction only.
fn is_monotone(code: &[Instruction], part: &[usize], register: Reg) -> bool {
    // A stride near 2^63 would soon wrap round to the start.
    const STRIDE: u64 = 0xFFFF_FFFF;
    let own = |operand| operand == Some(Operand::Reg(register));
    let stride = |operand| matches!(operand, Some(Operand::Const(1..=STRIDE)));
    let computes = |change: &Instruction, wanted| matches!(change, Instruction::Compute { operation, .. } if *operation == wanted);
    let is_up = |change: &Instruction| {
        let [left, right] = change.operands();
        let is_stride = own(left) && stride(right) || stride(left) && own(right);
        is_stride && computes(change, Arithmetic::Add)
    };
    let is_down = |change: &Instruction| {
        let [left, right] = change.operands();
        own(left) && stride(right) && computes(change, Arithmetic::Subtract)
    };
    let mut changes = part.iter().map(|&at| code[at]).collect::<Vec<_>>();
    changes.retain(|change| change.defines() == Some(register));
    changes.iter().all(is_up) || changes.iter().all(is_down)
}
