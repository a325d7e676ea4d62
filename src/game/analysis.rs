//! What a program's text tells about its totals without visiting its states, for systems that have
//! too many of them.

use super::history::Burst;
use crate::model::{
    Completion, Ending, Goal, Lockstep, Machine, Move, Plan, Proof, Schedule, System, Worst,
    by_rule, to_total,
};

/// The longest run that is followed to its end at once, in steps.
const SHORT: u64 = 100_000;

/// Returns whether a run from here ends soon enough to be followed at once.
pub(super) fn is_short(from: &Machine<'_>) -> bool {
    from.ends_within(SHORT)
}

/// Totals worth offering as goals when not all of them are known.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct KnownTotals {
    /// The least total.
    pub(super) least: Option<u64>,
    /// The total when the threads take one step each in turn.
    pub(super) lockstep: Option<u64>,
}

impl KnownTotals {
    /// Finds the totals that take no search.
    pub(super) fn of(system: &System) -> Self {
        if !is_short(&Machine::new(system)) {
            return Self::default();
        }
        let mut plan = Plan::new(system, Lockstep::default(), Completion::Serial);
        let lockstep = match plan.finish(&mut |_, _| {}) {
            Ok(Ending::Total(total)) => Some(total),
            Ok(Ending::Deadlock(_)) | Err(_) => None,
        };
        Self {
            least: by_rule(system).and_then(|worst| worst.total),
            lockstep,
        }
    }
}

/// What the program's text tells about a goal.
#[derive(Debug)]
pub(super) enum Analysis {
    /// A schedule that reaches it.
    Reachable(KnownSchedule),
    /// No schedule reaches it.
    Unreachable,
    /// Nothing.
    Unknown,
}

impl Analysis {
    pub(super) fn of(system: &System, goal: Goal) -> Self {
        let Goal::Total(total) = goal else {
            return Self::Unknown;
        };
        if !is_short(&Machine::new(system)) {
            return Self::Unknown;
        }
        match by_rule(system) {
            Some(Worst {
                total: Some(least),
                most: Some(most),
                ..
            }) if !(least..=most).contains(&total) => Self::Unreachable,
            Some(Worst {
                proof: Proof::Same,
                schedule,
                ..
            }) => Self::reachable(system, schedule),
            _ => match to_total(system, total) {
                Some(schedule) => Self::reachable(system, schedule),
                None => Self::Unknown,
            },
        }
    }

    fn reachable(system: &System, schedule: Schedule) -> Self {
        let mut plan = Plan::new(system, schedule.into_iter(), Completion::Serial);
        match plan.by_ref().collect() {
            Ok(moves) => Self::Reachable(KnownSchedule {
                moves,
                switches: plan.switches(),
            }),
            Err(_) => Self::Unknown,
        }
    }
}

/// A schedule from the start to a goal, not necessarily one with the fewest switches.
#[derive(Debug)]
pub(super) struct KnownSchedule {
    moves: Vec<Move>,
    pub(super) switches: u64,
}

impl KnownSchedule {
    /// Returns the thread that moves next; `None` once the game has left the schedule.
    pub(super) fn next(&self, played: &[Burst]) -> Option<usize> {
        let mut moves = self.moves.iter().map(|moved| (moved.thread, moved.steps));
        let mut next = moves.next();
        for burst in played {
            let mut steps = burst.steps();
            while steps > 0 {
                let (thread, left) = next.filter(|&(thread, _)| thread == burst.thread())?;
                next = match left.checked_sub(steps) {
                    Some(left @ 1..) => Some((thread, left)),
                    _ => moves.next(),
                };
                steps = steps.saturating_sub(left);
            }
        }
        next.map(|(thread, _)| thread)
    }
}
