//! The automatic player, which finishes a game by a policy.

use std::cmp::Ordering::Equal;
use std::collections::VecDeque;

use super::analysis::{KnownSchedule, is_short};
use super::session::{Advance, Game, MOST_STEPS};
use super::solver::Solver;
use crate::model::{
    Actor, Completeness, EndCondition, Ending, Finish, Forced, Goal, Lockstep, Machine, Move,
    Random, Scheduler, by_rule,
};

/// A policy for the rest of a game.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// Draws the thread of each step evenly among those that can move.
    Fair,
    /// Lets the threads take turns, one step each.
    Lockstep,
    /// Goes to a deadlock, a failure or a livelock if one is still reachable, else to the total
    /// furthest from the correct one, or to the least if no total is the correct one, or to the least
    /// likely wrong values.
    Worst,
}

impl Policy {
    /// All policies.
    pub const ALL: [Self; 3] = [Self::Fair, Self::Lockstep, Self::Worst];

    /// Describes the policy in a line.
    pub fn text(self) -> &'static str {
        match self {
            Self::Fair => "fair: each step goes to a random thread",
            Self::Lockstep => "lockstep: one step each, in turn",
            Self::Worst => "worst: to a deadlock, or the worst end",
        }
    }
}

/// Why the automatic player cannot begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AutoPlayError {
    /// No thread can move.
    Ended,
    /// The history has no room for more moves.
    Full,
    /// The states are still being visited.
    Pending,
    /// There are too many states to find the worst end from the start.
    TooLarge,
    /// There are too many states to find the worst end from here.
    TooLargeFromHere,
    /// The runs are too long to look for the worst end.
    TooLong,
    /// The worst schedule is not possible.
    Impossible,
}

/// The first ticks take one step for every eight threads; later ticks take more and more, so that
/// long games end too.
const SLOW_TICKS: u64 = 50;

/// The most steps of one tick if there are few threads: some milliseconds.
const MOST_A_TICK: u64 = 4_096;

/// Decides which thread moves next, until the game ends.
#[derive(Debug)]
pub struct AutoPlayer<'s> {
    scheduler: MoveSource<'s>,
    ticks: u64,
    taken: u64,
}

#[derive(Debug)]
enum MoveSource<'s> {
    Fair(Random),
    Lockstep(Lockstep),
    /// The shortest way to a goal.
    Solver(Box<Solver<'s>>),
    /// The moves of a schedule from the start.
    Moves(VecDeque<Move>),
}

impl<'s> AutoPlayer<'s> {
    /// Creates a player that takes the game from its current state to its end; `correct` is the
    /// condition on a correct end, and the seed is for random draws.
    ///
    /// # Errors
    /// When no thread can move, or the policy's end cannot be found.
    pub fn new(
        policy: Policy,
        game: &Game<'s>,
        correct: Option<&EndCondition>,
        seed: u64,
    ) -> Result<Self, AutoPlayError> {
        if game.machine().ending().is_some() {
            return Err(AutoPlayError::Ended);
        }
        if game.is_full() {
            return Err(AutoPlayError::Full);
        }
        let scheduler = match policy {
            Policy::Fair => MoveSource::Fair(Random::new(seed)),
            Policy::Lockstep => MoveSource::Lockstep(Lockstep::default()),
            Policy::Worst => worst(game, correct)?,
        };
        Ok(Self {
            scheduler,
            ticks: 0,
            taken: 0,
        })
    }

    /// Begins a tick; returns the number of its steps for this number of threads.
    pub fn tick(&mut self, threads: usize) -> u64 {
        self.ticks += 1;
        let faster = 1 + (self.ticks / SLOW_TICKS).saturating_pow(3);
        let steps = faster.saturating_mul(threads.div_ceil(8) as u64);
        // The time to draw or look up a step grows with the number of threads.
        let cost = match self.scheduler {
            MoveSource::Fair(_) | MoveSource::Solver(_) => 1 + threads as u64 / 64,
            MoveSource::Lockstep(_) | MoveSource::Moves(_) => 1,
        };
        steps.min(MOST_A_TICK / cost).min(MOST_STEPS - self.taken)
    }

    /// Returns whether the player has taken as many steps as one move may have.
    pub fn is_exhausted(&self) -> bool {
        self.taken == MOST_STEPS
    }

    /// Takes the next step; returns false if there is none. Undo takes back all steps together.
    pub fn step(&mut self, game: &mut Game<'s>) -> bool {
        let Some(actor) = self.next(game) else {
            return false;
        };
        let advance = Advance::Steps(1);
        let moved = match self.taken {
            0 => game.play(actor, advance),
            _ => game.extend(actor, advance),
        };
        self.taken += u64::from(moved.is_ok());
        moved.is_ok()
    }

    /// Searches on for `moves` moves. Returns whether the search must go on before the next step.
    pub fn think(&mut self, game: &Game<'s>, moves: usize) -> bool {
        match &mut self.scheduler {
            MoveSource::Solver(solver) => {
                solver.think(game.outlook(), moves);
                solver.is_open()
            }
            _ => false,
        }
    }

    fn next(&mut self, game: &Game<'s>) -> Option<Actor> {
        let drawn =
            |source: &mut dyn Scheduler, machine: &Machine<'_>| match source.next(machine)? {
                Forced::Exactly(segment) => Some(segment.actor),
                Forced::AsFarAsPossible(actor) => Some(actor),
            };
        match &mut self.scheduler {
            MoveSource::Fair(random) => drawn(random, game.machine()),
            MoveSource::Lockstep(turns) => drawn(turns, game.machine()),
            MoveSource::Solver(solver) => {
                solver.next(game.outlook(), game.machine(), game.bursts())
            }
            MoveSource::Moves(moves) => {
                let first = moves.front_mut()?;
                let actor = first.actor;
                first.steps -= 1;
                if first.steps == 0 {
                    moves.pop_front();
                }
                Some(actor)
            }
        }
    }
}

/// Plans the way to the worst end from the current state.
fn worst<'s>(
    game: &Game<'s>,
    correct: Option<&EndCondition>,
) -> Result<MoveSource<'s>, AutoPlayError> {
    if let Some(goal) = worst_of(game, correct) {
        let solver = Solver::new(game.system(), goal);
        return Ok(MoveSource::Solver(Box::new(solver)));
    }
    let unknown = |error| match game.extent() {
        Completeness::Growing(_) => AutoPlayError::Pending,
        _ => error,
    };
    if game.steps() > 0 {
        return Err(unknown(AutoPlayError::TooLargeFromHere));
    }
    if !is_short(game.machine()) {
        return Err(AutoPlayError::TooLong);
    }
    let worst = by_rule(game.system()).ok_or(unknown(AutoPlayError::TooLarge))?;
    let known = KnownSchedule::new(game.system(), worst.schedule);
    let known = known.ok_or(AutoPlayError::Impossible)?;
    Ok(MoveSource::Moves(known.moves.into()))
}

/// Returns the worst way to end from here: a deadlock, a failure or a livelock; else wrong values, the
/// least likely first; else the total furthest from the correct one, or the smallest if there is no
/// correct one. `None` while the ends are not known.
fn worst_of(game: &Game<'_>, correct: Option<&EndCondition>) -> Option<Goal> {
    let chances = game.chances()?;
    let right = correct.and_then(EndCondition::as_total);
    let ending = |finish| match finish {
        Finish::Other(index) => game.outlook().ending(index),
        Finish::Total(_) | Finish::Deadlock => None,
    };
    let goodness = |finish: Finish| match (finish, ending(finish)) {
        (Finish::Deadlock, _) => (0, 0),
        (_, Some(values @ Ending::Values(_))) => {
            (1 + u8::from(correct.is_none_or(|c| c.holds(values))), 0)
        }
        (Finish::Total(total), _) => (2, right.map_or(total, |c| u64::MAX - c.abs_diff(total))),
        (Finish::Other(_), _) => (0, 1),
    };
    // The totals rise: of two that are equally far, the smaller one comes first.
    let worst = chances.iter().min_by(|a, b| {
        let by_goodness = goodness(a.finish).cmp(&goodness(b.finish));
        let same = matches!(a.finish, Finish::Total(_));
        by_goodness.then(if same {
            Equal
        } else {
            a.fair.total_cmp(&b.fair)
        })
    })?;
    Some(match worst.finish {
        Finish::Total(total) => Goal::total(total),
        finish => {
            ending(finish).map_or_else(Goal::deadlock, |ending| Goal::ending(ending, game.system()))
        }
    })
}
