//! A comparison: several strategies, a run each, round by round.
//!
//! A machine does not stay the same for long: it grows warm, its clock changes, other programs come
//! and go. Those who take turns meet the same machine; those who run one after the other do not.

use super::crew::{Chunk, Crew, Needs, Order};
use super::runs::{Lab, Setup, Stopped};
use crate::error::Error;
use crate::plan::{Comparison, Entry};
use crate::sync::{Context, ContextError};

/// Something that happened in a comparison.
#[derive(Clone, Copy, Debug)]
pub enum Heard {
    /// An entry has made its run of a round.
    Run(RoundRun),
    /// Nothing new, but time has passed: a chance to redraw.
    Waiting,
}

/// The run of an entry in a round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoundRun {
    /// The place of the entry in the [`Comparison`].
    pub entry: usize,
    /// The total it ended with.
    pub actual: u64,
    /// Nanoseconds from the start line until the last thread was done.
    pub elapsed_ns: u64,
}

/// Whoever wants to know how a comparison goes.
pub trait Listener {
    /// Takes note. The runs of an entry come in the order of the rounds, and none is left out but
    /// at the end.
    fn hear(&mut self, heard: Heard);
}

/// How a comparison ended, beyond the runs that the listener has heard of.
#[derive(Clone, Debug)]
pub struct ComparisonOutcome {
    /// Why there were no further rounds.
    pub stopped: Stopped,
    /// The circumstances.
    pub setup: Setup,
}

/// Whatever can compare: the [`Lab`], or a script in its place.
pub trait Comparer {
    /// Makes the rounds, and tells the listener of each run.
    ///
    /// # Errors
    ///
    /// [`Error::Machine`] where the threads cannot be started.
    fn compare(
        &self,
        plan: &Comparison,
        context: &Context,
        listener: &mut dyn Listener,
    ) -> Result<ComparisonOutcome, Error>;
}

impl Comparer for Lab {
    fn compare(
        &self,
        plan: &Comparison,
        context: &Context,
        listener: &mut dyn Listener,
    ) -> Result<ComparisonOutcome, Error> {
        let crews = Crews::spawn(plan)?;
        let counters: Vec<_> = plan
            .entries
            .iter()
            .map(|entry| entry.strategy.counters(entry.shape, 1))
            .collect();
        let chunk = Chunk::new(1, 1);
        let (mut actuals, mut elapsed) = (Vec::new(), Vec::new());
        let everybody = plan.entries.len();
        let mut stopped = Stopped::Completed;
        for place in (0..plan.rounds).flat_map(|round| order(round, everybody)) {
            let entry = &plan.entries[place];
            let order = Order {
                counters: &*counters[place],
                stride: 1,
                increments: entry.shape.increments(),
                runs: 1,
                context,
            };
            crews
                .of(entry)
                .execute(order, &chunk, || listener.hear(Heard::Waiting));
            chunk.copy_to(&mut actuals, &mut elapsed);
            // A run that the context has cut short is not there.
            let (&[actual], &[elapsed_ns]) = (&actuals[..], &elapsed[..]) else {
                stopped = match context.err() {
                    Some(ContextError::DeadlineExceeded) => Stopped::Timeout,
                    _ => Stopped::Interrupted,
                };
                break;
            };
            listener.hear(Heard::Run(RoundRun {
                entry: place,
                actual,
                elapsed_ns,
            }));
        }
        Ok(ComparisonOutcome {
            stopped,
            setup: crews.setup(plan),
        })
    }
}

/// Who runs when in this round: each time another begins, and every second round goes backwards,
/// so that nobody always runs behind the same one.
fn order(round: u64, everybody: usize) -> impl Iterator<Item = usize> {
    let first = usize::try_from(round / 2 % everybody as u64).unwrap_or(0);
    let backwards = round % 2 == 1;
    (0..everybody).map(move |turn| {
        let turn = if backwards {
            everybody - 1 - turn
        } else {
            turn
        };
        (first + turn) % everybody
    })
}

/// A crew for each kind of needs, shared by all who have them.
struct Crews(Vec<(Needs, Crew)>);

impl Crews {
    fn spawn(plan: &Comparison) -> Result<Self, Error> {
        let mut crews: Vec<(Needs, Crew)> = Vec::new();
        for entry in &plan.entries {
            let needs = needs(entry);
            if !crews.iter().any(|(met, _)| *met == needs) {
                crews.push((needs, Crew::spawn(needs, plan.start, plan.pinning)?));
            }
        }
        Ok(Self(crews))
    }

    fn of(&self, entry: &Entry) -> &Crew {
        let place = self.0.iter().position(|(met, _)| *met == needs(entry));
        // Every entry's needs were met when the crews were spawned.
        &self.0[place.unwrap_or(0)].1
    }

    fn setup(&self, plan: &Comparison) -> Setup {
        let setup = Setup::of(&self.0[0].1, plan.start);
        Setup {
            pinned: self.0.iter().all(|(_, crew)| crew.is_pinned()),
            ..setup
        }
    }
}

fn needs(entry: &Entry) -> Needs {
    Needs::of(&*entry.strategy, entry.shape)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_has_a_turn_in_every_round_and_every_place() {
        let mut places = [[0; 3]; 3];
        for round in 0..6 {
            for (place, entry) in order(round, 3).enumerate() {
                places[entry][place] += 1;
            }
        }
        assert_eq!(places, [[2; 3]; 3]);
        let rounds: Vec<Vec<_>> = (0..4).map(|round| order(round, 3).collect()).collect();
        assert_eq!(rounds, [[0, 1, 2], [2, 1, 0], [1, 2, 0], [0, 2, 1]]);
    }
}
