//! A schedule as the states that it passes through, long stretches at once.

use super::data::{PlayedStep, ThreadViews, Word};
use super::tables::Tables;
use crate::model::{
    Actor, Completion, Machine, PlanError, ScheduleRun, Scheduler, SeenVersions, Step, System,
};

/// The most steps that are followed one by one: a second's work.
const MOST_STEPS: u64 = 1 << 21;

/// The most moves that are looked at.
const MOST_MOVES: usize = 1 << 18;

/// A move with more steps than this is folded in the middle: this many are shown at each end.
const UNFOLDED: u64 = 24;
const SHOWN: u64 = 8;

/// Steps that are shown as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stretch {
    /// The place of what moves among the actors; `None` for several.
    actor: Option<usize>,
    steps: u64,
}

/// Returns how a schedule ends, as its place among the ends, and its steps; `None` if there are too many
/// to follow.
pub(super) fn played<S: Scheduler>(
    system: &System,
    tables: &mut Tables<'_>,
    entries: usize,
    source: impl Fn() -> S,
) -> Result<Option<(usize, Vec<PlayedStep>)>, PlanError> {
    let mut moves = Vec::new();
    for moved in ScheduleRun::new(system, source(), Completion::Serial) {
        let moved = moved?;
        moves.push((place(moved.actor, system), moved.steps));
        if moves.len() > MOST_MOVES {
            return Ok(None);
        }
    }
    let steps = moves
        .iter()
        .fold(0_u64, |sum, (_, steps)| sum.saturating_add(*steps));
    if steps > MOST_STEPS {
        return Ok(None);
    }
    let all = moves.iter().flat_map(|&(actor, steps)| split(actor, steps));
    let all: Vec<_> = all.collect();
    let centre = if all.len() > entries {
        first_overwrite(system, source(), &all)?
    } else {
        0
    };
    let mut film = Film {
        before: tables.state(&Machine::new(system)),
        tables,
        stretches: folded(all, entries, centre),
        at: 0,
        left: 0,
        overwrites: 0,
        seen: SeenVersions::default(),
        shots: Vec::new(),
    };
    film.left = film.stretches.first().map_or(0, |stretch| stretch.steps);
    let mut plan = ScheduleRun::new(system, source(), Completion::Serial);
    let ending = plan.finish(&mut |step, machine| film.step(step, machine))?;
    let Film { shots, tables, .. } = film;
    Ok(Some((tables.end(&ending), shots)))
}

/// Returns the place of an actor among those of a system.
fn place(actor: Actor, system: &System) -> usize {
    match actor {
        Actor::Thread(thread) => thread,
        Actor::Buffer(thread) => system.threads() + thread,
    }
}

/// Returns the stretches of a move.
fn split(actor: usize, steps: u64) -> impl Iterator<Item = Stretch> {
    let (single, middle) = if steps > UNFOLDED {
        (SHOWN, steps - 2 * SHOWN)
    } else {
        (steps, 0)
    };
    let stretch = move |steps| Stretch {
        actor: Some(actor),
        steps,
    };
    let singles = move |number| (0..number).map(move |_| stretch(1));
    let ends = if middle > 0 { SHOWN } else { 0 };
    let middle = (middle > 0).then(|| stretch(middle));
    singles(single).chain(middle).chain(singles(ends))
}

/// Returns the place of the stretch with the first lost update; 0 if none is lost.
fn first_overwrite(
    system: &System,
    source: impl Scheduler,
    stretches: &[Stretch],
) -> Result<usize, PlanError> {
    let (mut seen, mut number, mut found) = (SeenVersions::default(), 0, None);
    let mut run = ScheduleRun::new(system, source, Completion::Serial);
    run.finish(&mut |step, machine| {
        number += 1;
        if seen.step(step, machine) > 0 {
            found.get_or_insert(number);
        }
    })?;
    let mut after = 0;
    let place = stretches.iter().position(|stretch| {
        after += stretch.steps;
        found.is_some_and(|found| after >= found)
    });
    Ok(place.unwrap_or(0))
}

/// Joins stretches until there are no more entries than these: the beginning, the end and what is around the
/// centre stay.
fn folded(stretches: Vec<Stretch>, entries: usize, centre: usize) -> Vec<Stretch> {
    if stretches.len() <= entries {
        return stretches;
    }
    let part = entries / 3;
    let last = stretches.len() - part;
    let middle = centre.saturating_sub(part / 2).clamp(part, last);
    let past = (middle + part).min(last);
    let joined = |stretches: &[Stretch]| {
        let actor = stretches.first().and_then(|stretch| stretch.actor);
        let alone = stretches.iter().all(|stretch| stretch.actor == actor);
        let steps = stretches.iter().map(|stretch| stretch.steps).sum();
        let actor = actor.filter(|_| alone);
        (steps > 0).then_some(Stretch { actor, steps })
    };
    let mut folded = stretches[..part].to_vec();
    folded.extend(joined(&stretches[part..middle]));
    folded.extend(&stretches[middle..past]);
    folded.extend(joined(&stretches[past..last]));
    folded.extend(&stretches[last..]);
    folded
}

/// Takes down the states between stretches.
struct Film<'t, 's> {
    tables: &'t mut Tables<'s>,
    stretches: Vec<Stretch>,
    /// The index of the current stretch, and its steps that are still to come.
    at: usize,
    left: u64,
    /// The updates that the stretch has overwritten so far.
    overwrites: u64,
    before: Word,
    seen: SeenVersions,
    shots: Vec<PlayedStep>,
}

impl Film<'_, '_> {
    fn step(&mut self, step: &Step, machine: &Machine<'_>) {
        self.overwrites += self.seen.step(step, machine);
        self.left = self.left.saturating_sub(1);
        if self.left > 0 {
            return;
        }
        let Some(&stretch) = self.stretches.get(self.at) else {
            return;
        };
        let after = self.tables.state(machine);
        let event = (stretch.steps == 1).then(|| self.tables.event(step));
        let views = self.before.0.iter().zip(&after.0).enumerate().skip(1);
        let changed = views.filter(|(_, (before, after))| before != after);
        let changed = changed.map(|(place, (_, &view))| ThreadViews(place - 1, view));
        self.shots.push(PlayedStep(
            stretch.actor,
            stretch.steps,
            event,
            std::mem::take(&mut self.overwrites),
            after.0[0],
            changed.collect(),
        ));
        self.before = after;
        self.at += 1;
        self.left = self
            .stretches
            .get(self.at)
            .map_or(0, |stretch| stretch.steps);
    }
}
