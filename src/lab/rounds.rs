//! A comparison: several strategies take turns, one run each, round by round.
//!
//! The conditions on a machine change: it warms up, its clock frequency varies, other programs start and
//! stop. Strategies that take turns share these conditions; strategies that run one after the other do
//! not. There is a crew for each kind of needs, and all are spawned before the first round; while one
//! makes a run, the others sleep.

use super::chunk::Chunk;
use super::crew::{Assignment, Crew, Needs};
use super::run_loop::{RunLoop, Stopped};
use super::runs::{Lab, Setup};
use crate::error::Error;
use crate::plan::Comparison;
use crate::sync::{Context, Observer};

/// The run of an entry in a round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoundRun {
    /// The index of the entry in the [`Comparison`].
    pub entry: usize,
    /// The total of the run.
    pub actual: u64,
    /// Nanoseconds from the start line until the last thread was done.
    pub elapsed_ns: u64,
}

/// How a comparison ended, apart from the runs that the observer was notified of.
#[derive(Clone, Debug)]
pub struct ComparisonOutcome {
    /// Why there were no further rounds.
    pub stopped: Stopped,
    /// The circumstances.
    pub setup: Setup,
}

/// Compares strategies: the [`Lab`], or a script that takes its place in tests.
pub trait Comparer {
    /// Makes the rounds, and notifies the observer of each run.
    ///
    /// The runs of an entry come in the order of the rounds. If the context is done early, the last
    /// rounds are missing, but no round before them.
    ///
    /// # Errors
    ///
    /// [`Error::Machine`] if the threads cannot be started.
    fn compare(
        &self,
        plan: &Comparison,
        context: &Context,
        observer: &mut dyn Observer<RoundRun>,
    ) -> Result<ComparisonOutcome, Error>;
}

impl Comparer for Lab {
    fn compare(
        &self,
        plan: &Comparison,
        context: &Context,
        observer: &mut dyn Observer<RoundRun>,
    ) -> Result<ComparisonOutcome, Error> {
        let mut crews: Vec<Crew> = Vec::new();
        let mut prepared = Vec::new();
        for entry in &plan.entries {
            let needs = Needs::of(&entry.strategy, entry.shape);
            let known = crews.iter().position(|crew| crew.needs() == needs);
            if known.is_none() {
                crews.push(Crew::spawn(needs, plan.start, plan.pinning, context)?);
            }
            let crew = known.unwrap_or(crews.len() - 1);
            prepared.push((crew, entry.strategy.counters(entry.shape, 1, true)));
        }
        let mut chunk = Chunk::new(1, 1);
        let entries = plan.entries.len();
        let all = plan.rounds * entries as u64;
        let mut run_loop = RunLoop::new(all, None, context);
        for place in (0..plan.rounds).flat_map(|round| turns(round, entries)) {
            if run_loop.remaining().is_none() {
                break;
            }
            let (crew, counters) = &prepared[place];
            let assignment = Assignment {
                counters: &**counters,
                increments: plan.entries[place].shape.increments(),
                runs: 1,
                context,
                repeats: true,
            };
            let runs = crews[*crew].execute(assignment, &mut chunk, || observer.idle());
            // There is none if the context was done first.
            for run in runs.iter() {
                observer.observe(&RoundRun {
                    entry: place,
                    actual: run.actual,
                    elapsed_ns: run.elapsed_ns,
                });
            }
            run_loop.completed += runs.count();
        }
        Ok(ComparisonOutcome {
            stopped: run_loop.stopped(),
            setup: Setup::of(
                crews.iter().all(Crew::is_pinned),
                plan.start,
                crews.iter().map(Crew::repeated).sum(),
            ),
        })
    }
}

/// Returns the order of the entries in this round: the first one changes, and every second round
/// runs backwards, so that no entry always runs after the same one.
fn turns(round: u64, entries: usize) -> impl Iterator<Item = usize> {
    let first = usize::try_from(round / 2 % entries as u64).unwrap_or(0);
    let backwards = round % 2 == 1;
    (0..entries).map(move |turn| {
        let turn = if backwards { entries - 1 - turn } else { turn };
        (first + turn) % entries
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_has_a_turn_in_every_round_and_every_place() {
        let mut places = [[0; 3]; 3];
        for round in 0..6 {
            for (place, entry) in turns(round, 3).enumerate() {
                places[entry][place] += 1;
            }
        }
        assert_eq!(places, [[2; 3]; 3]);
        let rounds: Vec<Vec<_>> = (0..4).map(|round| turns(round, 3).collect()).collect();
        assert_eq!(rounds, [[0, 1, 2], [2, 1, 0], [1, 2, 0], [0, 2, 1]]);
    }
}
