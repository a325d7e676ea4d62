//! What the text of a program says about its totals, for systems with too many states to visit.

use super::history::Burst;
use crate::model::{
    Actor, Completion, Lockstep, Machine, Move, Schedule, ScheduleRun, System, by_rule,
};

/// The longest run that is followed to its end without a pause, in steps.
const SHORT: u64 = 100_000;

/// Returns whether a run from this state is short enough to be followed to its end.
pub(super) fn is_short(from: &Machine<'_>) -> bool {
    from.ends_within(SHORT)
}

/// The totals that are known without a search.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct KnownTotals {
    /// The least total.
    pub(super) least: Option<u64>,
    /// The total if the threads take turns, one step each.
    pub(super) lockstep: Option<u64>,
}

impl KnownTotals {
    /// Finds them; neither, if runs are long.
    pub(super) fn of(system: &System) -> Self {
        if !is_short(&Machine::new(system)) {
            return Self::default();
        }
        let mut plan = ScheduleRun::new(system, Lockstep::default(), Completion::Serial);
        let lockstep = match plan.end() {
            Ok(ending) => ending.total(),
            Err(_) => None,
        };
        Self {
            least: by_rule(system).and_then(|worst| worst.total),
            lockstep,
        }
    }
}

/// A schedule from the start to a goal, not necessarily one with the fewest switches.
#[derive(Debug)]
pub(super) struct KnownSchedule {
    pub(super) moves: Vec<Move>,
    pub(super) switches: u64,
}

impl KnownSchedule {
    /// Turns a schedule into moves; returns `None` if the system cannot follow it.
    pub(super) fn new(system: &System, schedule: Schedule) -> Option<Self> {
        let mut plan = ScheduleRun::new(system, schedule.into_iter(), Completion::Serial);
        let moves = plan.by_ref().collect::<Result<_, _>>().ok()?;
        Some(Self {
            moves,
            switches: plan.switches(),
        })
    }

    /// Returns the actor that moves next; `None` once the game has left the schedule.
    pub(super) fn next(&self, played: &[Burst]) -> Option<Actor> {
        let mut moves = self.moves.iter().map(|moved| (moved.actor, moved.steps));
        let mut next = moves.next();
        for burst in played {
            let mut steps = burst.steps();
            while steps > 0 {
                let (actor, left) = next.filter(|&(actor, _)| actor == burst.actor())?;
                next = match left.checked_sub(steps) {
                    Some(left @ 1..) => Some((actor, left)),
                    _ => moves.next(),
                };
                steps = steps.saturating_sub(left);
            }
        }
        next.map(|(thread, _)| thread)
    }
}
