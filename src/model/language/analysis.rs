//! What can be said of a program without running it: its loops, live registers and held locks.
//!
//! Liveness and the held locks are textbook data-flow analyses (Aho, Lam, Sethi, Ullman,
//! *Compilers*, chapter 9), iterated to their fixed points.

use super::instruction::{Instruction, LockId, Mode, Operand, Reg};
use crate::model::error::ModelError;
use crate::model::system::MAX_LOCKS;

/// Returns the places control can go to from `at`.
fn successors(code: &[Instruction], at: usize) -> impl Iterator<Item = usize> {
    let instruction = code.get(at);
    let next = match instruction {
        None | Some(Instruction::Jump { .. }) => None,
        Some(_) => Some(at + 1),
    };
    next.into_iter()
        .chain(instruction.and_then(Instruction::target))
}

fn bit(register: Reg) -> u64 {
    1 << (register.index() % 64)
}

/// Returns an instruction on a cycle of local instructions, if there is such a cycle.
pub(crate) fn local_loop(code: &[Instruction]) -> Option<usize> {
    let kept: Vec<bool> = code.iter().map(|i| !i.is_visible()).collect();
    (0..code.len()).find(|&at| kept[at] && reach(code, &kept, at)[at])
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
pub(crate) fn liveness(code: &[Instruction]) -> Vec<u64> {
    let mut live = vec![0_u64; code.len() + 1];
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

/// Checks that every released lock is certainly held, and that no thread takes a read side that it
/// may already hold.
pub(crate) fn lock_discipline(name: &str, code: &[Instruction]) -> Result<(), ModelError> {
    let locks = code.iter().filter_map(Instruction::lock);
    let most = locks.map(|(lock, _)| lock.index() + 1).max();
    ModelError::check_limits(&[(most.unwrap_or(0), MAX_LOCKS, "locks")])?;
    let bit =
        |lock: LockId, mode: Mode| 1_u128 << (2 * lock.index() + usize::from(mode == Mode::Shared));
    // For each place: the locks held on every path to it, and those held on some path.
    let mut held: Vec<Option<(u128, u128)>> = vec![None; code.len() + 1];
    held[0] = Some((0, 0));
    let mut open = vec![0];
    while let Some(at) = open.pop() {
        let (mut must, mut may) = held[at].unwrap_or_default();
        match code.get(at) {
            Some(&Instruction::Acquire { lock, mode }) => {
                must |= bit(lock, mode);
                may |= bit(lock, mode);
            }
            Some(&Instruction::Release { lock, mode }) => {
                must &= !bit(lock, mode);
                may &= !bit(lock, mode);
            }
            _ => {}
        }
        for next in successors(code, at) {
            let met = held[next].map_or((must, may), |(all, some)| (all & must, some | may));
            if held[next] != Some(met) {
                held[next] = Some(met);
                open.push(next);
            }
        }
    }
    for (at, instruction) in code.iter().enumerate() {
        // A place that control never reaches is harmless.
        let Some((must, may)) = held[at] else {
            continue;
        };
        let problem = match *instruction {
            Instruction::Release { lock, mode } if must & bit(lock, mode) == 0 => {
                "releases a lock that may not be held there"
            }
            Instruction::Acquire { lock, mode }
                if mode == Mode::Shared && may & bit(lock, mode) != 0 =>
            {
                "read-locks a lock that the thread may already read-hold"
            }
            _ => continue,
        };
        return Err(ModelError::instruction(name, at, problem));
    }
    Ok(())
}

/// Returns whether every loop moves some register in one direction only, so that no state of the
/// thread can recur.
///
/// Such a register is a ranking function: within a strongly connected component, a register that
/// is changed only by adding (or only by subtracting) a positive constant cannot return to an old
/// value. The places that change it are therefore on no cycle of states; they are removed, and the
/// rest is examined again. (A counter that wraps round at 2^64 is beyond any census.)
pub(crate) fn certainly_ends(code: &[Instruction]) -> bool {
    let mut kept = vec![true; code.len()];
    loop {
        let reached: Vec<_> = (0..code.len()).map(|at| reach(code, &kept, at)).collect();
        let Some(on_cycle) = (0..code.len()).find(|&at| kept[at] && reached[at][at]) else {
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
    let is_up = |change: &Instruction| {
        let [left, right] = change.operands();
        let is_stride = own(left) && stride(right) || stride(left) && own(right);
        is_stride && matches!(change, Instruction::Add { .. })
    };
    let is_down = |change: &Instruction| {
        let [left, right] = change.operands();
        own(left) && stride(right) && matches!(change, Instruction::Subtract { .. })
    };
    let mut changes = part.iter().map(|&at| code[at]).collect::<Vec<_>>();
    changes.retain(|change| change.defines() == Some(register));
    changes.iter().all(is_up) || changes.iter().all(is_down)
}
