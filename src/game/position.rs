//! A state of the game from which it can continue.

use super::history::Burst;
use crate::model::{Actor, Machine, SeenVersions, StoryStep, System};

/// A state, and the versions of the variables that each thread has seen on the way there.
#[derive(Clone, Debug)]
pub(super) struct Position<'s> {
    pub(super) machine: Machine<'s>,
    watch: SeenVersions,
}

impl<'s> Position<'s> {
    pub(super) fn start(system: &'s System) -> Self {
        Self {
            machine: Machine::new(system),
            watch: SeenVersions::default(),
        }
    }

    /// Lets an actor take a step and describes it under this number; returns `None` if it cannot
    /// move.
    pub(super) fn step(&mut self, actor: Actor, number: u64) -> Option<StoryStep> {
        let text = match actor {
            Actor::Thread(thread) => self.machine.next_text(thread),
            Actor::Buffer(_) => None,
        };
        let step = self.machine.step(actor).ok()?;
        let overwrites = self.watch.step(&step, &self.machine);
        Some(StoryStep {
            number,
            actor,
            text: text.unwrap_or_else(|| self.machine.system().step_text(&step)),
            effect: step.effect,
            overwrites,
        })
    }

    /// Repeats steps that were possible before, without describing them.
    pub(super) fn play_again(&mut self, bursts: &[Burst]) {
        for burst in bursts {
            for _ in 0..burst.steps() {
                if let Ok(step) = self.machine.step(burst.actor()) {
                    self.watch.step(&step, &self.machine);
                }
            }
        }
    }
}
