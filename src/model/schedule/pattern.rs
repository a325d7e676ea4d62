//! The pattern of a counting thread, recognised from its program and one run of it alone.
//!
//! A *load-store* thread increments one variable by loading it and later storing the loaded value
//! plus one (or only loads it); nothing it does depends on the loaded value. It therefore takes the
//! same steps whatever the other threads do, only the values differ, and schedules can be
//! constructed without any search.

use crate::model::effect::Effect;
use crate::model::language::element::{Operand, Var};
use crate::model::language::instruction::Instruction;
use crate::model::language::program::Program;
use crate::model::local::Local;
use crate::model::state::Common;
use crate::model::system::System;

/// Where the increments of a load-store thread lie among its steps.
pub(crate) struct Pattern {
    /// The number of all its steps.
    pub(crate) steps: u64,
    /// The places to pause around each increment.
    pub(crate) increments: Vec<Pauses>,
    /// The locks held exclusively from load to store in every increment, as bits.
    pub(crate) guarded_by: u64,
}

/// The numbers of steps before two places to pause, where no lock is held if possible.
#[derive(Clone, Copy)]
pub(crate) struct Pauses {
    /// The place just before the increment.
    pub(crate) before: u64,
    /// The place between its load and its store.
    pub(crate) within: u64,
}

/// Returns the registers whose values may come from shared variables, as bits.
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

/// Returns whether the thread's next step never depends on a value it read, and it touches
/// `counter` by plain loads and stores alone.
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
                if variable.fixed() == Some(counter) =>
            {
                true
            }
            // Another variable may be awaited and set, like the flag of a spinlock.
            _ if instruction.touches(counter) => false,
            _ => !instruction.is_visible() || !reads_tainted,
        }
    })
}

impl Pattern {
    /// Returns the pattern of a thread that counts on `counter`; `None` if it has none.
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
            // A unique value, to see where it goes.
            let planted = pattern.steps.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1 << 63;
            common.variables[counter.index()] = planted;
            let effect = local.step(program, &mut common).ok()?;
            pattern.steps += 1;
            match effect {
                // An earlier load without a store does not count; this load may still be stored.
                Effect::Read { variable, .. } if variable == counter => {
                    loaded = Some(Loaded {
                        value: planted,
                        pause: Pause::at(pattern.steps, &local),
                        guarded_by: local.held.exclusive(),
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
                    pattern.increments.push(Pauses {
                        before: pause.steps,
                        within: load.pause.steps,
                    });
                    pause = Pause::at(pattern.steps, &local);
                }
                _ => match &mut loaded {
                    Some(load) => {
                        load.guarded_by &= local.held.exclusive();
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
            free: local.held.is_nothing(),
        }
    }

    /// Moves here, unless no lock is held at the current place.
    fn improve(&mut self, steps: u64, local: &Local) {
        if !self.free {
            *self = Self::at(steps, local);
        }
    }
}
