//! What is known of a system without a look at its states: where there are too many of them, its
//! program may still tell.

use super::played::Turn;
use crate::model::{
    Completion, Ending, Goal, Lockstep, Machine, Move, Plan, Proof, Schedule, System, Worst,
    by_rule, to_total,
};

/// Runs of at most so many steps are followed to their end at once.
const SHORT: u64 = 100_000;

/// Whether a run from here is followed to its end in no time.
pub(super) fn is_short(from: &Machine<'_>) -> bool {
    from.ends_within(SHORT)
}

/// Totals that are worth a try, without knowing all.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Totals {
    /// The least of all.
    pub(super) least: Option<u64>,
    /// That of each thread taking a step in turn.
    pub(super) lockstep: Option<u64>,
}

impl Totals {
    /// Those that are found at once.
    pub(super) fn of(system: &System) -> Self {
        if !is_short(&Machine::new(system)) {
            return Self::default();
        }
        let mut turns = Plan::new(system, Lockstep::default(), Completion::Serial);
        let lockstep = match turns.finish(&mut |_, _| {}) {
            Ok(Ending::Total(total)) => Some(total),
            Ok(Ending::Deadlock(_)) | Err(_) => None,
        };
        Self {
            least: by_rule(system).and_then(|worst| worst.total),
            lockstep,
        }
    }
}

/// What the program tells of a goal.
#[derive(Debug)]
pub(super) enum Rule {
    /// A way there.
    Way(Way),
    /// No schedule reaches it.
    Never,
    /// Nothing.
    Silent,
}

impl Rule {
    pub(super) fn of(system: &System, goal: Goal) -> Self {
        let Goal::Total(total) = goal else {
            return Self::Silent;
        };
        if !is_short(&Machine::new(system)) {
            return Self::Silent;
        }
        match by_rule(system) {
            Some(Worst {
                total: Some(least),
                most: Some(most),
                ..
            }) if !(least..=most).contains(&total) => Self::Never,
            Some(Worst {
                proof: Proof::Same,
                schedule,
                ..
            }) => Self::way(system, schedule),
            _ => match to_total(system, total) {
                Some(schedule) => Self::way(system, schedule),
                None => Self::Silent,
            },
        }
    }

    fn way(system: &System, schedule: Schedule) -> Self {
        let mut plan = Plan::new(system, schedule.into_iter(), Completion::Serial);
        match plan.by_ref().collect() {
            Ok(moves) => Self::Way(Way {
                moves,
                switches: plan.switches(),
            }),
            Err(_) => Self::Silent,
        }
    }
}

/// A way to a goal, which need not be that with the fewest switches.
#[derive(Debug)]
pub(super) struct Way {
    moves: Vec<Move>,
    pub(super) switches: u64,
}

impl Way {
    /// The thread that moves next on it; `None` where what was played has left it.
    pub(super) fn next(&self, played: &[Turn]) -> Option<usize> {
        let mut way = self.moves.iter().map(|on| (on.thread, on.steps));
        let mut next = way.next();
        for turn in played {
            let mut steps = turn.steps();
            while steps > 0 {
                let (thread, left) = next.filter(|&(thread, _)| thread == turn.thread())?;
                next = match left.checked_sub(steps) {
                    Some(left @ 1..) => Some((thread, left)),
                    _ => way.next(),
                };
                steps = steps.saturating_sub(left);
            }
        }
        next.map(|(thread, _)| thread)
    }
}
