//! A state of the game that can be gone on from.

use super::played::Turn;
use crate::model::{Instruction, Machine, Operand, System, Told, Watch};

/// A state, and who has seen what on the way there.
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

    /// Lets a thread take a step, and tells it under this number; `None` where it cannot.
    pub(super) fn step(&mut self, thread: usize, number: u64) -> Option<Told> {
        let step = self.machine.step(thread).ok()?;
        let system = self.machine.system();
        let unseen = self.watch.step(&step, &self.machine);
        // To set a flag is to overwrite nobody's update: nothing was computed from what it was.
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

    /// Takes steps that were possible before, in silence.
    pub(super) fn play_again(&mut self, turns: &[Turn]) {
        for turn in turns {
            for _ in 0..turn.steps() {
                if let Ok(step) = self.machine.step(turn.thread()) {
                    self.watch.step(&step, &self.machine);
                }
            }
        }
    }
}
