//! The outcomes as the census adds them up, and the report of them.

use std::collections::{BTreeMap, BTreeSet};

use num_bigint::BigUint;

use super::collapse::Collapse;
use super::outcome::{Census, Outcome, Verdict, ratio};
use crate::model::effect::Wait;
use crate::model::limits::Gauge;
use crate::model::machine::{Ending, Failure, Status};
use crate::model::plan::ScheduleRun;
use crate::model::schedule::token::Schedule;
use crate::model::scheduler::Completion;
use crate::model::system::System;

/// What interchangeable ends have in common.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum EndKey {
    /// All threads are done, with this total.
    Total(u64),
    /// All threads are done, with these values.
    Values(Vec<i64>),
    /// For each waiting thread its program's index and what it waits for, sorted.
    Deadlock(Vec<(usize, Wait)>),
    /// A thread of this program failed.
    Failed(usize, Failure),
    /// Threads go round, and no step leads out.
    Livelock,
}

impl EndKey {
    /// Classifies a state in which no thread can move.
    pub(crate) fn of(collapse: &Collapse<'_>, locals: &[u32], common: u32) -> Self {
        match collapse.finished(locals, common) {
            Some(Ending::Total(total)) => return Self::Total(total),
            Some(Ending::Values(values)) => {
                return Self::Values(values.iter().map(|value| value.cast_signed()).collect());
            }
            _ => {}
        }
        let mut waits = Vec::new();
        for &local in locals {
            match collapse.status(local, common) {
                (program, Status::Failed(failure)) => return Self::Failed(program, failure),
                (program, Status::Blocked(wait)) => waits.push((program, wait)),
                _ => {}
            }
        }
        waits.sort_unstable();
        Self::Deadlock(waits)
    }
}

/// What has been found so far.
#[derive(Default)]
pub(crate) struct Found {
    /// For each outcome its index, its schedules and its mass.
    ends: BTreeMap<EndKey, (usize, BigUint, f64)>,
    pub(crate) layers: u64,
    pub(crate) widest: u64,
    /// Totals of serial completions of a truncated search.
    pub(crate) reachable: BTreeSet<u64>,
}

impl Found {
    /// Adds schedules that end this way. Returns the outcome's index.
    pub(crate) fn add(&mut self, key: EndKey, schedules: &BigUint, mass: f64) -> usize {
        let new = (self.ends.len(), BigUint::ZERO, 0.0);
        let (index, count, sum) = self.ends.entry(key).or_insert(new);
        *count += schedules;
        *sum += mass;
        *index
    }

    /// Returns the finished census, given the best schedule of each outcome and its switches.
    pub(crate) fn report(
        &self,
        system: &System,
        witnesses: Option<&[Option<Witness>]>,
        verdict: Verdict,
        gauge: &Gauge<'_>,
    ) -> Census {
        let all: BigUint = self.ends.values().map(|(_, count, _)| count).sum();
        let exhausted = verdict == Verdict::Exhausted;
        let ends = self.ends.iter();
        let outcomes = ends
            .map(|(key, (index, schedules, mass))| {
                let witness = witnesses.and_then(|all| all.get(*index)?.clone());
                let (end, witness) = finished(system, key, witness);
                let (witness, switches) = witness.unzip();
                Outcome {
                    end,
                    schedules: schedules.clone(),
                    share: exhausted.then(|| ratio(schedules, &all)),
                    // Rounding would leave a certain outcome just below 1.
                    fair_share: exhausted.then_some(if self.ends.len() == 1 {
                        1.0
                    } else {
                        mass.min(1.0)
                    }),
                    witness,
                    switches,
                }
            })
            .collect();
        let mut census = Census {
            outcomes,
            schedules: all,
            layers: self.layers,
            widest: self.widest,
            ..Census::nothing(gauge, verdict)
        };
        if !exhausted {
            let mut reachable = self.reachable.clone();
            reachable.extend(census.totals());
            census.reachable = reachable.into_iter().collect();
        }
        census
    }
}

type Witness = (Schedule, u64);

/// Returns the end with its threads named as in the witness, and the witness with `-` where a
/// thread finishes.
pub(crate) fn finished(
    system: &System,
    key: &EndKey,
    witness: Option<Witness>,
) -> (Ending, Option<Witness>) {
    let mut end = match key {
        EndKey::Livelock => Ending::Livelock,
        EndKey::Total(total) => Ending::Total(*total),
        EndKey::Values(values) => {
            Ending::Values(values.iter().map(|v| v.cast_unsigned()).collect())
        }
        EndKey::Deadlock(waits) => Ending::Deadlock(name_threads(system, waits)),
        EndKey::Failed(program, failure) => {
            let named = name_threads(system, &[(*program, *failure)]);
            Ending::Failed(named.first().map_or(0, |&(thread, _)| thread), *failure)
        }
    };
    let witness = witness.map(|(schedule, switches)| {
        let mut plan = ScheduleRun::new(system, schedule.segments().iter(), Completion::Strict);
        if let Ok(reached @ (Ending::Deadlock(_) | Ending::Failed(..))) = plan.end() {
            end = reached;
        }
        (schedule.clone().closed(plan.machine()), switches)
    });
    (end, witness)
}

/// Names threads without a witness: the first threads of each program, which by symmetry can all be
/// meant.
fn name_threads<T: Copy>(system: &System, of_programs: &[(usize, T)]) -> Vec<(usize, T)> {
    let mut taken = vec![false; system.threads()];
    let mut named: Vec<_> = of_programs
        .iter()
        .filter_map(|&(program, told)| {
            let fits = |&thread: &usize| !taken[thread] && system.program_index(thread) == program;
            let thread = (0..system.threads()).find(fits)?;
            taken[thread] = true;
            Some((thread, told))
        })
        .collect();
    named.sort_by_key(|&(thread, _)| thread);
    named
}
