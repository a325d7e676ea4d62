//! The status of a goal: the tracker replays the game and finds the step that reached the goal or
//! put it out of reach.

use super::history::Burst;
use super::solver::Solver;
use crate::model::{Goal, Machine, Outlook, System, Told};

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
    Lost(&'a Told),
}

/// A goal and its status.
///
/// The tracker follows the game a limited number of steps at a time: a game may be millions of
/// steps long when a goal is chosen, and the screen must not freeze meanwhile.
// invariants: the tracker has not passed the step of a verdict.
#[derive(Debug)]
pub(super) struct GoalTracker<'s> {
    solver: Solver<'s>,
    replay: Replay<'s>,
    verdict: Option<(u64, Verdict)>,
}

/// What a step did to the goal, once and for all.
#[derive(Debug)]
enum Verdict {
    /// The step reached it, with this number of switches.
    Reached(u64),
    /// The step put it out of reach.
    Lost(Told),
}

/// How far the game has been replayed.
#[derive(Debug)]
struct Replay<'s> {
    machine: Machine<'s>,
    /// The index of the current burst, and the steps of it that are replayed.
    burst: usize,
    within: u64,
    steps: u64,
    switches: u64,
}

/// Where the game stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'a, 's> {
    pub(super) machine: &'a Machine<'s>,
    pub(super) bursts: &'a [Burst],
    pub(super) steps: u64,
    pub(super) switches: u64,
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
                switches: 0,
            },
            verdict: None,
        }
    }

    pub(super) fn solver(&self) -> &Solver<'s> {
        &self.solver
    }

    /// Forgets every step after this place, because other steps will replace them.
    pub(super) fn cut(&mut self, here: Place<'_, 's>) {
        if self.replay.steps > here.steps {
            self.replay = Replay {
                machine: here.machine.clone(),
                burst: here.bursts.len().saturating_sub(1),
                within: here.bursts.last().map_or(0, |burst| burst.steps()),
                steps: here.steps,
                switches: here.switches,
            };
        }
        self.verdict.take_if(|(step, _)| *step > here.steps);
    }

    /// Searches for a way to the goal, then follows the game, for `moves` moves each.
    pub(super) fn think(&mut self, outlook: &Outlook<'s>, here: Place<'_, 's>, moves: usize) {
        self.solver.think(outlook, moves);
        self.follow(outlook, here, moves);
    }

    /// Follows the game for at most `steps` steps.
    pub(super) fn follow(&mut self, outlook: &Outlook<'s>, here: Place<'_, 's>, steps: usize) {
        for _ in 0..steps {
            if !self.is_behind(here.steps) {
                break;
            }
            self.verdict = self.replay.step(here.bursts, &self.solver, outlook);
        }
    }

    /// Returns whether there are steps left to judge, and a finished search to judge them by.
    fn is_behind(&self, steps: u64) -> bool {
        self.verdict.is_none()
            && !self.solver.is_open()
            && !self.solver.is_unreachable()
            && self.replay.steps < steps
    }

    /// Returns whether the status after this number of steps is not known yet.
    pub(super) fn is_open(&self, steps: u64) -> bool {
        self.solver.is_open() || self.is_behind(steps)
    }

    pub(super) fn status(&self, here: Place<'_, 's>) -> GoalStatus<'_> {
        match &self.verdict {
            Some((step, Verdict::Reached(switches))) if *step <= here.steps => {
                return GoalStatus::Reached(*switches);
            }
            Some((step, Verdict::Lost(told))) if *step <= here.steps => {
                return GoalStatus::Lost(told);
            }
            _ => {}
        }
        let known = self.solver.known_schedule();
        if self.solver.goal().is_reached(here.machine) {
            GoalStatus::Reached(here.switches)
        } else if self.solver.is_unreachable() {
            GoalStatus::Unreachable
        } else if self.is_open(here.steps) {
            GoalStatus::Pending
        } else if self.solver.is_done() {
            GoalStatus::Reachable
        } else if let Some(known) = known.filter(|known| known.next(here.bursts).is_some()) {
            GoalStatus::OnSchedule(known.switches)
        } else {
            GoalStatus::Unknown
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
            let next = *bursts.get(self.burst + 1)?;
            self.switches += u64::from(next.thread() != burst.thread());
            (self.burst, self.within, burst) = (self.burst + 1, 0, next);
        }
        let thread = burst.thread();
        // The step was possible when it was played.
        let step = self.machine.step(thread).ok()?;
        self.within += 1;
        self.steps += 1;
        let verdict = if solver.goal().is_reached(&self.machine) {
            Verdict::Reached(self.switches)
        } else if solver.is_lost(outlook, &self.machine, thread) {
            let text = self.machine.system().text(thread, step.at);
            Verdict::Lost(Told {
                number: self.steps,
                thread,
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
