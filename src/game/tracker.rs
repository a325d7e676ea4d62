//! The status of a goal: the tracker replays the game and finds the step that reached the goal or
//! put it out of reach.

use super::history::{Burst, History};
use super::solver::{Search, Solver};
use crate::model::{Actor, Goal, Machine, Outlook, StoryStep, System};

/// The status of a goal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GoalStatus<'a> {
    /// It can still be reached.
    Reachable,
    /// The game follows a known schedule that reaches it with this number of switches. Whether
    /// fewer are enough is not known.
    OnSchedule(u64),
    /// The search has not finished.
    Pending,
    /// It cannot be determined: there are too many states.
    Unknown,
    /// It was reached, with this number of switches.
    Reached(u64),
    /// No schedule reaches it.
    Unreachable,
    /// It has been out of reach since this step.
    Lost(&'a StoryStep),
}

/// A goal and its status.
///
/// The tracker follows the game a limited number of steps at a time: a game may be millions of
/// steps long when a goal is chosen, and the screen must not freeze meanwhile.
// invariants: the tracker has not passed the step of a verdict.
#[derive(Debug)]
pub(super) struct GoalTracker<'s> {
    pub(super) solver: Solver<'s>,
    replay: Replay<'s>,
    verdict: Option<(u64, Verdict)>,
}

/// What a step did to the goal, once and for all.
#[derive(Debug)]
enum Verdict {
    /// The step reached it, with this number of switches.
    Reached(u64),
    /// The step put it out of reach.
    Lost(StoryStep),
}

/// How far the game has been replayed.
#[derive(Debug)]
struct Replay<'s> {
    machine: Machine<'s>,
    /// The index of the current burst, and the steps of it that are replayed.
    burst: usize,
    within: u64,
    steps: u64,
}

impl<'s> GoalTracker<'s> {
    pub(super) fn new(system: &'s System, goal: Goal) -> Self {
        Self {
            solver: Solver::new(system, goal),
            replay: Replay {
                machine: Machine::new(system),
                burst: 0,
                within: 0,
                steps: 0,
            },
            verdict: None,
        }
    }

    /// Forgets every step after this state, because other steps will replace them.
    pub(super) fn cut(&mut self, machine: &Machine<'s>, history: &History) {
        let (steps, bursts) = (history.here().steps, history.bursts());
        if self.replay.steps > steps {
            self.replay = Replay {
                machine: machine.clone(),
                burst: bursts.len().saturating_sub(1),
                within: bursts.last().map_or(0, |burst| burst.steps()),
                steps,
            };
        }
        self.verdict.take_if(|(step, _)| *step > steps);
    }

    /// Follows the game for at most `steps` steps.
    pub(super) fn follow(&mut self, outlook: &Outlook<'s>, history: &History, steps: usize) {
        for _ in 0..steps {
            if !self.is_behind(history) {
                break;
            }
            self.verdict = self.replay.step(history.bursts(), &self.solver, outlook);
        }
    }

    /// Returns whether there are steps left to judge, and a finished search to judge them by.
    fn is_behind(&self, history: &History) -> bool {
        self.verdict.is_none()
            && !self.solver.is_open()
            && !matches!(self.solver.search, Search::Unreachable)
            && self.replay.steps < history.here().steps
    }

    /// Returns whether the status is not known yet.
    pub(super) fn is_open(&self, history: &History) -> bool {
        self.solver.is_open() || self.is_behind(history)
    }

    pub(super) fn status(
        &self,
        outlook: &Outlook<'_>,
        machine: &Machine<'_>,
        history: &History,
    ) -> GoalStatus<'_> {
        let is_reached = || outlook.has_reached(&self.solver.goal, machine);
        let here = history.here();
        match &self.verdict {
            Some((step, verdict)) if *step <= here.steps => {
                return match verdict {
                    Verdict::Reached(switches) => GoalStatus::Reached(*switches),
                    Verdict::Lost(told) => GoalStatus::Lost(told),
                };
            }
            _ if is_reached() => return GoalStatus::Reached(here.switches),
            _ if self.is_open(history) => return GoalStatus::Pending,
            _ => {}
        }
        match &self.solver.search {
            Search::Unreachable => GoalStatus::Unreachable,
            Search::Solved { .. } => GoalStatus::Reachable,
            Search::Schedule(known) if known.next(history.bursts()).is_some() => {
                GoalStatus::OnSchedule(known.switches)
            }
            _ => GoalStatus::Unknown,
        }
    }
}

impl Replay<'_> {
    /// Takes the next step of these bursts; returns its number and verdict if it decides the goal.
    fn step(
        &mut self,
        bursts: &[Burst],
        solver: &Solver<'_>,
        outlook: &Outlook<'_>,
    ) -> Option<(u64, Verdict)> {
        let mut burst = *bursts.get(self.burst)?;
        if self.within == burst.steps() {
            burst = *bursts.get(self.burst + 1)?;
            (self.burst, self.within) = (self.burst + 1, 0);
        }
        let actor = burst.actor();
        // The step was possible when it was played.
        let step = self.machine.step(actor).ok()?;
        self.within += 1;
        self.steps += 1;
        let verdict = if outlook.has_reached(&solver.goal, &self.machine) {
            let replayed = bursts[..=self.burst].windows(2);
            let switches = replayed.filter(|pair| pair[0].actor() != pair[1].actor());
            Verdict::Reached(switches.count() as u64)
        } else if solver.is_lost(outlook, &self.machine, actor) {
            let system = self.machine.system();
            let text = match actor {
                Actor::Thread(thread) => system.text(thread, step.at),
                Actor::Buffer(_) => Some(system.step_text(&step)),
            };
            Verdict::Lost(StoryStep {
                number: self.steps,
                actor,
                text: text.unwrap_or_default(),
                effect: step.effect,
                overwrites: 0,
            })
        } else {
            return None;
        };
        Some((self.steps, verdict))
    }
}
