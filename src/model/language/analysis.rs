//! What can be said of a program without running it: loops, live registers, locks held.
//!
//! Liveness and the held locks are textbook data-flow analyses (Aho, Lam, Sethi, Ullman,
//! *Compilers*, chapter 9), iterated to their fixed points.

use super::instruction::{Instruction, Mode, Operand, Reg};
use crate::model::error::ModelError;

/// The places control can go to from `at`.
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

/// An instruction on a cycle of local instructions, if there is such a cycle.
pub(in crate::model) fn local_loop(code: &[Instruction]) -> Option<usize> {
    let kept: Vec<bool> = code.iter().map(|i| !i.is_visible()).collect();
    (0..code.len()).find(|&at| kept[at] && reach(code, &kept, at)[at])
}

/// The places reachable from `from` in one move or more, by way of the kept places only.
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

/// For each place (and the end), the registers that may still be read before being written.
pub(in crate::model) fn liveness(code: &[Instruction]) -> Vec<u64> {
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

/// Checks that every release is of a lock held for certain, and that no read side is taken by a
/// thread that may already have it.
pub(in crate::model) fn lock_discipline(
    name: &str,
    code: &[Instruction],
) -> Result<(), ModelError> {
    const NONE: (u128, u128) = (0, 0);
    if code
        .iter()
        .filter_map(Instruction::lock)
        .any(|(lock, _)| lock.index() >= 64)
    {
        return Err(ModelError::TooMany {
            what: "locks",
            at_most: 64,
        });
    }
    let lock_bit =
        |lock: usize, mode: Mode| 1_u128 << (2 * lock + usize::from(mode == Mode::Shared));
    // For each place: what is held on every way to it, and what on some way.
    let mut held: Vec<Option<(u128, u128)>> = vec![None; code.len() + 1];
    held[0] = Some(NONE);
    let mut open = vec![0];
    while let Some(at) = open.pop() {
        let (mut must, mut may) = held[at].unwrap_or(NONE);
        match code.get(at) {
            Some(Instruction::Acquire { lock, mode }) => {
                must |= lock_bit(lock.index(), *mode);
                may |= lock_bit(lock.index(), *mode);
            }
            Some(Instruction::Release { lock, mode }) => {
                must &= !lock_bit(lock.index(), *mode);
                may &= !lock_bit(lock.index(), *mode);
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
        // A place that control never reaches does no harm.
        let Some((must, may)) = held[at] else {
            continue;
        };
        let program = || name.to_owned();
        match *instruction {
            Instruction::Release { lock, mode } if must & lock_bit(lock.index(), mode) == 0 => {
                return Err(ModelError::ReleaseNotHeld {
                    program: program(),
                    at,
                });
            }
            Instruction::Acquire {
                lock,
                mode: Mode::Shared,
            } if may & lock_bit(lock.index(), Mode::Shared) != 0 => {
                return Err(ModelError::ReadLockTwice {
                    program: program(),
                    at,
                });
            }
            _ => {}
        }
    }
    Ok(())
}

/// Whether every loop moves some register in one direction only, so that no state of the thread
/// can come back.
///
/// Loops are peeled like ranking functions: within a strongly connected part, a register that is
/// changed only by adding (or only by subtracting) a positive constant to itself cannot return to
/// an old value, so the places that change it are on no cycle of states and are taken out; what
/// is left is looked at again. (A counter that wraps round at 2^64 is beyond any census.)
pub(in crate::model) fn certainly_ends(code: &[Instruction]) -> bool {
    let mut kept = vec![true; code.len()];
    loop {
        let reached: Vec<Vec<bool>> = (0..code.len())
            .map(|at| {
                if kept[at] {
                    reach(code, &kept, at)
                } else {
                    Vec::new()
                }
            })
            .collect();
        let Some(on_cycle) = (0..code.len()).find(|&at| kept[at] && reached[at][at]) else {
            return true;
        };
        let part: Vec<usize> = (0..code.len())
            .filter(|&at| kept[at] && reached[on_cycle][at] && reached[at][on_cycle])
            .collect();
        let mut registers: Vec<Reg> = part.iter().filter_map(|&at| code[at].defines()).collect();
        registers.dedup();
        let Some(counter) = registers.into_iter().find(|&r| is_monotone(code, &part, r)) else {
            return false;
        };
        for at in part {
            if code[at].defines() == Some(counter) {
                kept[at] = false;
            }
        }
    }
}

/// Whether these places change the register by positive constants in one direction only.
fn is_monotone(code: &[Instruction], part: &[usize], register: Reg) -> bool {
    // A stride near 2^63 would come back to the start by wrapping round soon.
    const STRIDE: u64 = 0xFFFF_FFFF;
    let direction = |instruction: &Instruction| match *instruction {
        Instruction::Add { to, left, right } if to == register => match (left, right) {
            (Operand::Reg(r), Operand::Const(1..=STRIDE))
            | (Operand::Const(1..=STRIDE), Operand::Reg(r)) => (r == register).then_some(true),
            _ => None,
        },
        Instruction::Subtract { to, left, right } if to == register => match (left, right) {
            (Operand::Reg(r), Operand::Const(1..=STRIDE)) => (r == register).then_some(false),
            _ => None,
        },
        _ => None,
    };
    let changes = || {
        part.iter()
            .map(|&at| &code[at])
            .filter(|i| i.defines() == Some(register))
    };
    changes().all(|i| direction(i) == Some(true)) || changes().all(|i| direction(i) == Some(false))
}
