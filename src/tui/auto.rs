//! What plays the rest by itself.

use std::collections::VecDeque;

use super::game::Game;
use crate::model::{
    Completion, Finish, Forced, Goal, Lockstep, Machine, Move, Plan, Random, Route, Source, by_rule,
};

/// How the rest is played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// Each step of a thread drawn evenly among those that can move.
    Fair,
    /// Each thread a step in turn.
    Lockstep,
    /// To the smallest total that is still reachable.
    Worst,
}

impl Manner {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Fair, Self::Lockstep, Self::Worst];

    /// What it does, in a line.
    pub fn text(self) -> &'static str {
        match self {
            Self::Fair => "fair: each step of a thread drawn by lot",
            Self::Lockstep => "lockstep: each thread a step in turn",
            Self::Worst => "worst: to the smallest total still reachable",
        }
    }
}

/// Ticks that take a single step; later ones take more and more, so that long games end too.
const SLOW_TICKS: u64 = 50;

/// Decides who moves next.
#[derive(Debug)]
pub struct Auto {
    how: How,
    ticks: u64,
}

#[derive(Debug)]
enum How {
    Fair(Random),
    Lockstep(Lockstep),
    Route(Route),
    /// The moves of a schedule from the start.
    Moves(VecDeque<Move>),
}

impl Auto {
    /// Plays from where the game is; the seed is for what is drawn by lot.
    ///
    /// # Errors
    /// Why it cannot, as a sentence.
    pub(super) fn new(manner: Manner, game: &Game<'_>, seed: u64) -> Result<Self, &'static str> {
        if game.machine().ending().is_some() {
            return Err("Nobody can move any more; u or r goes back.");
        }
        let how = match manner {
            Manner::Fair => How::Fair(Random::new(seed)),
            Manner::Lockstep => How::Lockstep(Lockstep::default()),
            Manner::Worst => worst(game)?,
        };
        Ok(Self { how, ticks: 0 })
    }

    /// How many steps the next tick takes.
    pub(super) fn steps(&mut self) -> u64 {
        self.ticks += 1;
        1 + (self.ticks / SLOW_TICKS).pow(3)
    }

    /// The thread that moves next; `None` when nobody can, or the plan is at its end.
    pub(super) fn next(&mut self, game: &Game<'_>) -> Option<usize> {
        let drawn = |source: &mut dyn Source, machine: &Machine<'_>| match source.next(machine)? {
            Forced::Exactly(segment) => Some(segment.thread),
            Forced::AsFarAsPossible(thread) => Some(thread),
        };
        match &mut self.how {
            How::Fair(random) => drawn(random, game.machine()),
            How::Lockstep(turns) => drawn(turns, game.machine()),
            How::Route(route) => route.next(game.outlook(), game.machine(), game.last()),
            How::Moves(moves) => {
                let first = moves.front_mut()?;
                let thread = first.thread;
                first.steps -= 1;
                if first.steps == 0 {
                    moves.pop_front();
                }
                Some(thread)
            }
        }
    }
}

fn worst(game: &Game<'_>) -> Result<How, &'static str> {
    if let Some(chances) = game.chances() {
        let finish = chances.first().map(|chance| chance.finish);
        let goal = match finish {
            Some(Finish::Total(total)) => Goal::Total(total),
            Some(Finish::Deadlock) | None => Goal::Deadlock,
        };
        return Ok(How::Route(Route::new(game.outlook(), &goal)));
    }
    if game.steps() > 0 {
        return Err("Too many states to know the worst from here; r goes back to the start.");
    }
    let worst = by_rule(game.system());
    let worst = worst.ok_or("Too many states to know the worst; a smaller size helps.")?;
    let source = worst.schedule.into_iter();
    let moves: Result<_, _> = Plan::new(game.system(), source, Completion::Serial).collect();
    Ok(How::Moves(
        moves.map_err(|_| "The worst schedule cannot be played.")?,
    ))
}
