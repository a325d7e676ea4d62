//! A state of the game from which it can continue.

use super::history::Burst;
use crate::model::{Instruction, Machine, Operand, System, Told, Watch};

/// A state, and the versions of the variables that each thread has seen on the way there.
#[derive(Clone, Debug)]
pub(super) struct Position<'s> {
    pub(super) machine: Machine<'s>,
    watch: Watch,
}

impl<'s> Position<'s> {
    pub(super) fn start(system: &'s System) -> Self {
        Self {
            machine: Machine::new(system),
            watch: Watch::default(),
        }
    }

    /// Lets a thread take a step and describes it under this number; returns `None` if the thread
    /// cannot move.
    pub(super) fn step(&mut self, thread: usize, number: u64) -> Option<Told> {
        let step = self.machine.step(thread).ok()?;
        let system = self.machine.system();
        let unseen = self.watch.step(&step, &self.machine);
        // A constant store, as into a flag, loses no update: it is not computed from the old value.
        let is_set = matches!(
            step.instruction,
            Instruction::Store {
                value: Operand::Const(_),
                ..
            }
        );
        Some(Told {
            number,
            thread,
            text: system.text(thread, step.at).unwrap_or_default(),
            effect: step.effect,
            overwrites: if is_set { 0 } else { unseen },
        })
    }

    /// Repeats steps that were possible before, without describing them.
    pub(super) fn play_again(&mut self, bursts: &[Burst]) {
        for burst in bursts {
            for _ in 0..burst.steps() {
                if let Ok(step) = self.machine.step(burst.thread()) {
                    self.watch.step(&step, &self.machine);
                }
            }
        }
    }
}
