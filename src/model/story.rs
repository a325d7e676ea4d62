//! The story of a run, step by step, with the lost updates pointed out.

use std::collections::VecDeque;

use super::actor::Actor;
use super::effect::Effect;
use super::error::PlanError;
use super::language::element::Operand;
use super::language::instruction::Instruction;
use super::machine::{Machine, Step};
use super::plan::ScheduleRun;
use super::scheduler::{Completion, Scheduler};
use super::system::System;

/// The number of moves shown at the beginning, and at the end.
const FIRST_MOVES: usize = 60;
const LAST_MOVES: usize = 20;

/// The number of steps of a move shown at its beginning, and at its end.
const FIRST_STEPS: usize = 4;
const LAST_STEPS: usize = 4;

/// Fewer steps in between are shown too: a line that counts them would save little.
const LEAST_FOLDED: usize = 5;

/// In a move with more parts, even steps that matter are folded, so that its memory has a bound.
const MOST_PARTS: usize = 100;

/// The story of a run, in an amount of memory that does not grow with the run.
///
/// Long moves and long runs are folded: their middle is counted, not shown.
#[derive(Clone, Debug, Default)]
pub struct Story {
    first: Vec<StoryMove>,
    last: VecDeque<StoryMove>,
    skipped: u64,
    open: StoryMove,
    steps: u64,
    watch: SeenVersions,
}

/// The steps of one thread until another moves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoryMove {
    /// The thread that moves, or its store buffer.
    pub actor: Actor,
    /// The steps; those in the middle may be folded.
    pub parts: Vec<StoryPart>,
}

/// A part of a move.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoryPart {
    /// A step that is shown.
    Step(StoryStep),
    /// The number of steps that are left out here.
    Folded(u64),
}

/// One step of a story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoryStep {
    /// Its number, from 1.
    pub number: u64,
    /// The thread that took it, or its store buffer.
    pub actor: Actor,
    /// The instruction, as text.
    pub text: String,
    /// What it did.
    pub effect: Effect,
    /// The number of other threads' updates it overwrites without its thread having seen them.
    pub overwrites: u64,
}

impl Story {
    /// Returns the story of a schedule.
    ///
    /// # Errors
    /// The first segment that can't be executed.
    pub fn of(system: &System, source: impl Scheduler) -> Result<Self, PlanError> {
        let mut story = Self::default();
        let mut plan = ScheduleRun::new(system, source, Completion::Serial);
        while let Some(moved) = plan.next_move(&mut |step, machine| story.step(step, machine)) {
            moved?;
        }
        Ok(story.finish())
    }

    /// Adds a step; `machine` is the machine after it.
    pub fn step(&mut self, step: &Step, machine: &Machine<'_>) {
        self.steps += 1;
        let overwrites = self.watch.step(step, machine);
        if step.actor != self.open.actor {
            self.close();
        }
        self.open.actor = step.actor;
        self.open.tell(StoryStep {
            number: self.steps,
            actor: step.actor,
            text: machine.system().step_text(step),
            effect: step.effect,
            overwrites,
        });
    }

    /// Ends the story here.
    #[must_use]
    pub fn finish(mut self) -> Self {
        self.close();
        self
    }

    /// Ends the current move.
    fn close(&mut self) {
        let scene = std::mem::take(&mut self.open);
        if scene.parts.is_empty() {
            return;
        }
        if self.first.len() < FIRST_MOVES {
            self.first.push(scene);
            return;
        }
        if self.last.len() == LAST_MOVES {
            self.last.pop_front();
            self.skipped += 1;
        }
        self.last.push_back(scene);
    }

    /// Returns the moves at the beginning.
    pub fn first(&self) -> &[StoryMove] {
        &self.first
    }

    /// Returns the number of moves in the middle that are left out.
    pub fn skipped(&self) -> u64 {
        self.skipped
    }

    /// Returns the moves at the end.
    pub fn last(&self) -> impl Iterator<Item = &StoryMove> {
        self.last.iter()
    }
}

impl StoryMove {
    /// Returns the last step, which is never folded.
    pub fn last_step(&self) -> Option<&StoryStep> {
        match self.parts.last()? {
            StoryPart::Step(step) => Some(step),
            StoryPart::Folded(_) => None,
        }
    }

    /// Adds a step; the middle of a long move is folded, but for steps that matter.
    pub fn tell(&mut self, told: StoryStep) {
        self.parts.push(StoryPart::Step(told));
        let end = self.parts.len().saturating_sub(LAST_STEPS);
        let is_full = self.parts.len() > MOST_PARTS;
        let is_plain = |part: &StoryPart| match part {
            StoryPart::Step(step) => is_full || !step.matters(),
            StoryPart::Folded(_) => false,
        };
        let middle = self.parts.get(FIRST_STEPS..end).unwrap_or_default();
        let plain = middle.iter().rev().take_while(|part| is_plain(part));
        let from = end - plain.take(LEAST_FOLDED).count();
        let before = from.checked_sub(1).map(|before| &mut self.parts[before]);
        let steps = (end - from) as u64;
        if let Some(StoryPart::Folded(folded)) = before {
            *folded += steps;
            self.parts.drain(from..end);
        } else if end - from == LEAST_FOLDED {
            self.parts.splice(from..end, [StoryPart::Folded(steps)]);
        }
    }
}

impl StoryStep {
    /// Returns whether a reader has to see it: it overwrites an update, or waits, notifies or wakes up.
    fn matters(&self) -> bool {
        self.overwrites > 0 || self.effect.queue().is_some()
    }
}

impl Step {
    /// Returns whether it stores a constant, as into a flag. That loses no update: it is not computed
    /// from a load.
    pub fn stores_constant(&self) -> bool {
        matches!(
            self.instruction,
            Some(Instruction::Store {
                value: Operand::Const(_),
                ..
            })
        )
    }
}

/// Detects lost updates: which version of each variable each thread has read last.
#[derive(Clone, Debug, Default)]
pub struct SeenVersions {
    /// The number of writes to each variable.
    versions: Vec<u64>,
    /// For each thread and variable, the version it saw last; `None` before its first load.
    seen: Vec<Vec<Option<u64>>>,
}

impl SeenVersions {
    /// Returns how many updates a step overwrites that its thread has not seen; `machine` is the
    /// machine after it. A thread that never loaded the variable has nothing stale to store.
    pub fn step(&mut self, step: &Step, machine: &Machine<'_>) -> u64 {
        if self.versions.is_empty() {
            let variables = machine.system().variables().len();
            self.versions = vec![0; variables];
            self.seen = vec![vec![None; variables]; machine.system().threads()];
        }
        let (variable, wrote, blind) = match step.effect {
            Effect::Read { variable, .. } | Effect::Refused { variable, .. } => {
                (variable, false, false)
            }
            Effect::Wrote { variable, .. } => (variable, true, !step.stores_constant()),
            Effect::Updated { variable, .. } => (variable, true, false),
            _ => return 0,
        };
        let version = &mut self.versions[variable.index()];
        let seen = &mut self.seen[step.actor.thread()][variable.index()];
        let unseen = seen.filter(|_| blind).map_or(0, |seen| *version - seen);
        *version += u64::from(wrote);
        let has_loaded = seen.is_some() || !blind && !step.stores_constant();
        *seen = has_loaded.then_some(*version);
        unseen
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Schedule, System};
    use super::*;

    fn counting(increments: u64) -> System {
        let system = System::alike("unsynced", 2, |_, program, counter| {
            let (left, seen) = (program.register("left"), program.register("seen"));
            program.repeat(left, increments, |body| {
                body.load(seen, counter);
                body.add(seen, seen, 1);
                body.store(counter, seen);
            });
        });
        system.unwrap()
    }

    fn story(increments: u64, token: &str) -> Story {
        let system = counting(increments);
        let schedule: Schedule = token.parse().unwrap();
        Story::of(&system, schedule.segments().iter()).unwrap()
    }

    #[test]
    fn a_stale_store_says_how_many_updates_it_overwrites() {
        // A loads, B counts three times, A stores over it.
        let story = story(3, "A,B6,A5");
        let parts = story.first().iter().flat_map(|scene| &scene.parts);
        let told: Vec<_> = parts
            .filter_map(|part| match part {
                StoryPart::Step(told) => Some((told.number, told.actor.thread(), told.overwrites)),
                StoryPart::Folded(_) => None,
            })
            .collect();
        assert_eq!(told[0], (1, 0, 0));
        assert_eq!(told[7], (8, 0, 3));
        assert_eq!(told.iter().map(|told| told.2).sum::<u64>(), 3);
    }

    #[test]
    fn long_moves_are_folded() {
        let story = story(100, "A200,B200");
        let numbers = |scene: &StoryMove| -> Vec<_> {
            let number = |part: &StoryPart| match part {
                StoryPart::Step(step) => step.number,
                StoryPart::Folded(steps) => steps + 1000,
            };
            scene.parts.iter().map(number).collect()
        };
        let scene = &story.first()[0];
        assert_eq!(numbers(scene), [1, 2, 3, 4, 1192, 197, 198, 199, 200]);
        // Four steps in the middle are shown: their number would take a line as well.
        let short = self::story(100, "A12,B13");
        assert_eq!(numbers(&short.first()[0]), (1..=12).collect::<Vec<_>>());
        assert_eq!(
            numbers(&short.first()[1]),
            [13, 14, 15, 16, 1005, 22, 23, 24, 25]
        );
    }

    #[test]
    fn steps_that_matter_are_not_folded_until_they_are_too_many() {
        let step = |number, overwrites| StoryStep {
            number,
            actor: Actor::default(),
            text: String::new(),
            effect: Effect::Fenced,
            overwrites,
        };
        let mut scene = StoryMove::default();
        for number in 1..=40 {
            scene.tell(step(number, u64::from(number == 20)));
        }
        let [
            ..,
            StoryPart::Folded(15),
            kept,
            StoryPart::Folded(16),
            _,
            _,
            _,
            _,
        ] = &scene.parts[..]
        else {
            panic!("{:?}", scene.parts);
        };
        assert_eq!(*kept, StoryPart::Step(step(20, 1)));
        for number in 41..=10_000 {
            scene.tell(step(number, 1));
        }
        assert!(scene.parts.len() <= MOST_PARTS, "{}", scene.parts.len());
        let all = scene.parts.iter().map(|part| match part {
            StoryPart::Step(_) => 1,
            StoryPart::Folded(steps) => *steps,
        });
        assert_eq!(all.sum::<u64>(), 10_000);
    }

    #[test]
    fn long_runs_are_folded() {
        let token: Vec<_> = (0..200).flat_map(|_| ["A", "B"]).collect();
        let story = story(100, &token.join(","));
        assert_eq!(story.first().len(), FIRST_MOVES);
        assert_eq!(story.skipped(), 400 - (FIRST_MOVES + LAST_MOVES) as u64);
        assert_eq!(story.last().count(), LAST_MOVES);
    }
}
