//! What plays the rest by itself.

use std::collections::VecDeque;

use super::app::{AT_ONCE, App};
use super::game::{Game, MOST_STEPS, Reach};
use super::rule::is_short;
use super::state::Action;
use crate::model::{
    Chance, Completion, Extent, Finish, Forced, Goal, Lockstep, Machine, Move, Named, Plan, Random,
    Route, Source, by_rule,
};
use crate::term::Tone;

/// How the rest is played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// Each step of a thread drawn evenly among those that can move.
    Fair,
    /// Each thread a step in turn.
    Lockstep,
    /// To a deadlock if one can still be reached, else to the total that is furthest from the
    /// correct one.
    Worst,
}

impl Policy {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Fair, Self::Lockstep, Self::Worst];

    /// What it does, in a line.
    pub fn text(self) -> &'static str {
        match self {
            Self::Fair => "fair: each step of a thread drawn by lot",
            Self::Lockstep => "lockstep: each thread a step in turn",
            Self::Worst => "worst: to a deadlock, or the worst total",
        }
    }
}

/// Ticks that take one step for every eight threads; later ones take more and more, so that long
/// games end too.
const SLOW_TICKS: u64 = 50;

/// The most steps of one tick where there are few threads: some milliseconds.
const MOST_A_TICK: u64 = 4_096;

const FULL: &str = "So much was played that there is no room for more; r goes back to the start.";

/// Decides who moves next.
#[derive(Debug)]
pub struct Auto {
    how: How,
    ticks: u64,
    /// The steps that it has taken.
    taken: u64,
}

#[derive(Debug)]
enum How {
    Fair(Random),
    Lockstep(Lockstep),
    Route {
        goal: Goal,
        route: Route,
        /// Whether the way is known from everywhere.
        found: bool,
    },
    /// The moves of a schedule from the start.
    Moves(VecDeque<Move>),
}

impl Auto {
    /// Plays from where the game is, whose program should end with `correct`; the seed is for what
    /// is drawn by lot.
    ///
    /// # Errors
    /// Why it cannot, as a sentence.
    pub(super) fn new(
        policy: Policy,
        game: &Game<'_>,
        correct: Option<u64>,
        seed: u64,
    ) -> Result<Self, &'static str> {
        if game.machine().ending().is_some() {
            return Err("Nobody can move any more; u or r goes back.");
        }
        if game.is_full() {
            return Err(FULL);
        }
        let how = match policy {
            Policy::Fair => How::Fair(Random::new(seed)),
            Policy::Lockstep => How::Lockstep(Lockstep::default()),
            Policy::Worst => worst(game, correct)?,
        };
        Ok(Self {
            how,
            ticks: 0,
            taken: 0,
        })
    }

    /// How many steps the next tick takes of so many threads.
    fn steps(&mut self, threads: usize) -> u64 {
        self.ticks += 1;
        let faster = 1 + (self.ticks / SLOW_TICKS).saturating_pow(3);
        let steps = faster.saturating_mul(threads.div_ceil(8) as u64);
        // To draw among many threads takes as long as they are many.
        let cost = match self.how {
            How::Fair(_) | How::Route { .. } => 1 + threads as u64 / 64,
            How::Lockstep(_) | How::Moves(_) => 1,
        };
        steps.min(MOST_A_TICK / cost).min(MOST_STEPS - self.taken)
    }

    /// Takes the next step; false where there is none. All steps are undone as one.
    fn step(&mut self, game: &mut Game<'_>) -> bool {
        let Some(thread) = self.next(game) else {
            return false;
        };
        let reach = Reach::Steps(1);
        let moved = match self.taken {
            0 => game.play(thread, reach),
            _ => game.go_on(thread, reach),
        };
        self.taken += u64::from(moved.is_ok());
        moved.is_ok()
    }

    /// Thinks about the way for so many moves. Returns whether there is more to think about before
    /// the next step.
    pub(super) fn think(&mut self, game: &Game<'_>, moves: usize) -> bool {
        match &mut self.how {
            How::Route { goal, route, found } if !*found => {
                *found = route.advance(game.outlook(), goal, moves);
                !*found
            }
            _ => false,
        }
    }

    /// The thread that moves next; `None` when nobody can, or the plan is at its end.
    fn next(&mut self, game: &Game<'_>) -> Option<usize> {
        let drawn = |source: &mut dyn Source, machine: &Machine<'_>| match source.next(machine)? {
            Forced::Exactly(segment) => Some(segment.thread),
            Forced::AsFarAsPossible(thread) => Some(thread),
        };
        match &mut self.how {
            How::Fair(random) => drawn(random, game.machine()),
            How::Lockstep(turns) => drawn(turns, game.machine()),
            How::Route { route, .. } => route.next(game.outlook(), game.machine(), game.last()),
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

impl App<'_> {
    /// Lets the rest be played.
    pub(super) fn play_rest(&mut self, policy: Policy) {
        let seed = self.next_seed();
        match Auto::new(policy, &self.game, self.about.correct, seed) {
            Ok(auto) => {
                self.auto = Some(auto);
                self.hinted |= self.about.puzzle.is_some();
                let drawn = match policy {
                    Policy::Fair => format!(" ({})", Named::Random(seed)),
                    Policy::Lockstep | Policy::Worst => String::new(),
                };
                self.say(
                    Tone::Plain,
                    format!("It plays by itself{drawn}; any key stops it."),
                );
            }
            Err(reason) => self.say(Tone::Plain, reason),
        }
    }

    /// The next steps of what plays by itself.
    pub fn tick(&mut self) -> Action {
        let Some(mut auto) = self.auto.take() else {
            return Action::Nothing;
        };
        if auto.think(&self.game, AT_ONCE) {
            self.auto = Some(auto);
            return Action::Nothing;
        }
        for _ in 0..auto.steps(self.game.system().threads()) {
            if !auto.step(&mut self.game) {
                return self.tell_standing(false);
            }
            self.chosen = self.game.last().unwrap_or(self.chosen);
            let want = self.tell_standing(true);
            if self.overlay.is_some() {
                return want;
            }
        }
        if self.game.is_full() {
            self.say(Tone::Plain, FULL);
        } else if auto.taken == MOST_STEPS {
            self.say(Tone::Plain, "That was a long go. p goes on from here.");
        } else {
            self.auto = Some(auto);
        }
        Action::Nothing
    }
}

fn worst(game: &Game<'_>, correct: Option<u64>) -> Result<How, &'static str> {
    if let Some(chances) = game.chances() {
        return Ok(How::Route {
            goal: worst_of(chances, correct),
            route: Route::begin(game.outlook()),
            found: false,
        });
    }
    let unknown = |why| match game.extent() {
        Extent::Growing(_) => "Still counting what can come of it; ask again.",
        _ => why,
    };
    if game.steps() > 0 {
        return Err(unknown(
            "Too many states to know the worst from here; r goes back to the start.",
        ));
    }
    if !is_short(game.machine()) {
        return Err("The runs are too long to look for the worst; a smaller size helps.");
    }
    let worst = by_rule(game.system());
    let worst = worst.ok_or(unknown(
        "Too many states to know the worst; a smaller size helps.",
    ))?;
    let source = worst.schedule.into_iter();
    let moves: Result<_, _> = Plan::new(game.system(), source, Completion::Serial).collect();
    Ok(How::Moves(
        moves.map_err(|_| "The worst schedule cannot be played.")?,
    ))
}

/// What nobody wants: a deadlock, else the total furthest from the correct one, or, where no total
/// is more correct than others, the smallest.
fn worst_of(chances: &[Chance], correct: Option<u64>) -> Goal {
    let totals = chances.iter().map(|chance| match chance.finish {
        Finish::Total(total) => Some(total),
        Finish::Deadlock => None,
    });
    let totals: Option<Vec<u64>> = totals.collect();
    // In rising order: of totals that are as far, the smaller.
    let furthest = |totals: Vec<u64>| {
        let distance = |total: &u64| correct.map_or(u64::MAX - total, |c| c.abs_diff(*total));
        totals.into_iter().rev().max_by_key(distance)
    };
    totals
        .and_then(furthest)
        .map_or(Goal::Deadlock, Goal::Total)
}
