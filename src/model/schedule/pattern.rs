//! The pattern of a counting thread, recognised from its program and one run of it alone.
//!
//! A *load-store* thread increments one variable by loading it and later storing the loaded value
//! plus one (or loads it only to look); nothing it does depends on what it loaded. Then the steps it takes are the same
//! whatever the others do, only the values differ, and schedules can be put together without any
//! search.

use crate::model::effect::Effect;
use crate::model::language::instruction::{Instruction, Operand, Var};
use crate::model::language::program::Program;
use crate::model::state::{Common, Local};
use crate::model::system::System;

/// Where the increments of a load-store thread lie among its steps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pattern {
    /// All its steps.
    pub(crate) steps: u64,
    /// For each increment, how many steps come before a good place to pause just before it, and
    /// how many before a good place to pause between its load and its store. Good is where no
    /// lock is held, if there is such a place.
    pub(crate) increments: Vec<(u64, u64)>,
    /// The locks held exclusively from load to store in every increment, as bits.
    pub(crate) guarded_by: u64,
}

/// Registers whose values may come from shared variables, as bits.
fn tainted(program: &Program) -> u64 {
    let bit = |index: usize| 1_u64 << (index % 64);
    let mut tainted = 0;
    loop {
        let before = tainted;
        for instruction in program.code() {
            let from_shared = instruction.is_visible();
            let from_tainted = instruction.uses().any(|r| tainted & bit(r.index()) != 0);
            if let Some(register) = instruction.defines()
                && (from_shared || from_tainted)
            {
                tainted |= bit(register.index());
            }
        }
        if tainted == before {
            return tainted;
        }
    }
}

/// Whether what the thread does next never depends on what it read, and it touches `counter` by
/// plain loads and stores alone.
fn is_oblivious(program: &Program, counter: Var) -> bool {
    let tainted = tainted(program);
    let is_tainted = |operand: Operand| match operand {
        Operand::Reg(register) => tainted >> (register.index() % 64) & 1 == 1,
        Operand::Const(_) => false,
    };
    program.code().iter().all(|instruction| {
        let reads_tainted = instruction.operands().into_iter().flatten().any(is_tainted);
        match instruction {
            Instruction::JumpIf { .. } => !reads_tainted,
            Instruction::Load { variable, .. }
            | Instruction::Store { variable, .. }
            | Instruction::IncrementLoad { variable, .. }
            | Instruction::IncrementStore { variable, .. }
                if *variable == counter =>
            {
                true
            }
            // Another variable may be waited for and set, like the flag of a spinlock.
            _ if instruction.variable() == Some(counter) => false,
            _ => !instruction.is_visible() || !reads_tainted,
        }
    })
}

impl Pattern {
    /// The pattern of a thread that counts on `counter`; `None` if it has none.
    pub(crate) fn of(system: &System, thread: usize, counter: Var) -> Option<Self> {
        let program = system.program(thread);
        if !is_oblivious(program, counter) || !program.certainly_ends() {
            return None;
        }
        let mut common = Common::start(system);
        let mut local = Local::start(system, thread);
        let mut pattern = Self {
            steps: 0,
            increments: Vec::new(),
            guarded_by: u64::MAX,
        };
        // The latest places to pause: between increments, and within one.
        let mut pause = Pause::at(0, &local);
        let mut loaded: Option<Loaded> = None;
        while !local.is_done(program) {
            // A value that nothing else has, to see where it goes.
            let planted = pattern.steps.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1 << 63;
            common.variables[counter.index()] = planted;
            let effect = local.step(program, &mut common).ok()??;
            pattern.steps += 1;
            match effect {
                // A value that was loaded and not stored again is of no account: this one may be.
                Effect::Read { variable, .. } if variable == counter => {
                    loaded = Some(Loaded {
                        value: planted,
                        pause: Pause::at(pattern.steps, &local),
                        guarded_by: local.exclusive,
                    });
                }
                Effect::Wrote {
                    variable, after, ..
                } if variable == counter => {
                    let load = loaded.take()?;
                    if after != load.value.wrapping_add(1) {
                        return None;
                    }
                    pattern.guarded_by &= load.guarded_by;
                    pattern.increments.push((pause.steps, load.pause.steps));
                    pause = Pause::at(pattern.steps, &local);
                }
                _ => match &mut loaded {
                    Some(load) => {
                        load.guarded_by &= local.exclusive;
                        load.pause.improve(pattern.steps, &local);
                    }
                    None => pause.improve(pattern.steps, &local),
                },
            }
        }
        Some(pattern)
    }
}

/// A load whose value may still be stored.
struct Loaded {
    value: u64,
    /// A good place to pause before the store.
    pause: Pause,
    /// The locks held exclusively ever since.
    guarded_by: u64,
}

/// A place to pause, and whether no lock is held there.
struct Pause {
    steps: u64,
    free: bool,
}

impl Pause {
    fn at(steps: u64, local: &Local) -> Self {
        Self {
            steps,
            free: local.exclusive == 0 && local.shared == 0,
        }
    }

    /// Moves on to here, unless the present place is free already.
    fn improve(&mut self, steps: u64, local: &Local) {
        if !self.free {
            *self = Self::at(steps, local);
        }
    }
}
