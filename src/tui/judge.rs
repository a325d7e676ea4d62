//! How a goal stands: it follows what was played, and finds the step that reached it, or lost it.

use super::played::Turn;
use super::solver::Solver;
use crate::model::{Goal, Machine, Outlook, System, Told};

/// How the goal stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing<'a> {
    /// It can still be reached.
    Open,
    /// It can be reached on the way that is being taken, with so many switches in all. Whether
    /// fewer would do is not known.
    OnTheWay(u64),
    /// Nobody knows yet: not all has been looked at.
    Unknown,
    /// Nobody will know: there are too many states.
    TooLarge,
    /// It was reached, with so many switches.
    Reached(u64),
    /// No schedule reaches it at all.
    Impossible,
    /// It has been out of reach since this step.
    Lost(&'a Told),
}

/// A goal, and what has become of it.
///
/// It walks behind the game, so many steps at a time: a game may be millions of steps long when a
/// goal is chosen, and nobody waits for a screen that judges them all.
// invariants: there is no verdict before the step the walker is at.
#[derive(Debug)]
pub(super) struct Judge<'s> {
    solver: Solver<'s>,
    walker: Walker<'s>,
    verdict: Option<(u64, Verdict)>,
}

/// What became of the goal at a step, once and for all.
#[derive(Debug)]
enum Verdict {
    /// It was reached, with so many switches.
    Reached(u64),
    /// It went out of reach, with this step.
    Lost(Told),
}

#[derive(Debug)]
struct Walker<'s> {
    machine: Machine<'s>,
    /// The turn it is at, and the steps of it that it has taken.
    turn: usize,
    within: u64,
    steps: u64,
    switches: u64,
}

/// Where the game is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'a, 's> {
    pub(super) machine: &'a Machine<'s>,
    pub(super) turns: &'a [Turn],
    pub(super) steps: u64,
    pub(super) switches: u64,
}

impl<'s> Judge<'s> {
    pub(super) fn new(system: &'s System, goal: Goal) -> Self {
        Self {
            solver: Solver::new(system, goal),
            walker: Walker {
                machine: Machine::new(system),
                turn: 0,
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

    /// Something else will be played from here on.
    pub(super) fn cut(&mut self, here: Place<'_, 's>) {
        if self.walker.steps > here.steps {
            self.walker = Walker {
                machine: here.machine.clone(),
                turn: here.turns.len().saturating_sub(1),
                within: here.turns.last().map_or(0, |turn| turn.steps()),
                steps: here.steps,
                switches: here.switches,
            };
        }
        self.verdict.take_if(|(step, _)| *step > here.steps);
    }

    /// Looks for the way, and then at what was played, for so many moves.
    pub(super) fn think(&mut self, outlook: &Outlook<'s>, here: Place<'_, 's>, moves: usize) {
        self.solver.think(outlook, moves);
        self.follow(outlook, here, moves);
    }

    /// Looks at what was played, so many steps of it.
    pub(super) fn follow(&mut self, outlook: &Outlook<'s>, here: Place<'_, 's>, steps: usize) {
        for _ in 0..steps {
            if !self.is_behind(here.steps) {
                break;
            }
            self.verdict = self.walker.step(here.turns, &self.solver, outlook);
        }
    }

    /// Whether there is something to judge, and something to judge it by.
    fn is_behind(&self, steps: u64) -> bool {
        self.verdict.is_none()
            && !self.solver.is_open()
            && !self.solver.is_impossible()
            && self.walker.steps < steps
    }

    /// Whether it is not known yet how the goal stands after so many steps.
    pub(super) fn is_open(&self, steps: u64) -> bool {
        self.solver.is_open() || self.is_behind(steps)
    }

    pub(super) fn standing(&self, here: Place<'_, 's>) -> Standing<'_> {
        match &self.verdict {
            Some((step, Verdict::Reached(switches))) if *step <= here.steps => {
                return Standing::Reached(*switches);
            }
            Some((step, Verdict::Lost(told))) if *step <= here.steps => {
                return Standing::Lost(told);
            }
            _ => {}
        }
        if self.solver.goal().is_reached(here.machine) {
            Standing::Reached(here.switches)
        } else if self.solver.is_impossible() {
            Standing::Impossible
        } else if self.is_open(here.steps) {
            Standing::Unknown
        } else if self.solver.is_known() {
            Standing::Open
        } else if let Some(way) = self
            .solver
            .way()
            .filter(|way| way.next(here.turns).is_some())
        {
            Standing::OnTheWay(way.switches)
        } else {
            Standing::TooLarge
        }
    }
}

impl Walker<'_> {
    /// Takes the next step of these turns; gives the number of it where it has decided the goal.
    fn step(
        &mut self,
        turns: &[Turn],
        solver: &Solver<'_>,
        outlook: &Outlook<'_>,
    ) -> Option<(u64, Verdict)> {
        let mut turn = *turns.get(self.turn)?;
        if self.within == turn.steps() {
            let next = *turns.get(self.turn + 1)?;
            self.switches += u64::from(next.thread() != turn.thread());
            (self.turn, self.within, turn) = (self.turn + 1, 0, next);
        }
        let thread = turn.thread();
        // It was possible when it was played.
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
