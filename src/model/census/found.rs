//! The outcomes as the census adds them up, and the report of them.

use std::collections::{BTreeMap, BTreeSet};

use num_bigint::BigUint;

use super::collapse::Collapse;
use super::outcome::{Blocked, Census, End, Outcome, Verdict, ratio};
use crate::model::effect::Wait;
use crate::model::limits::Gauge;
use crate::model::machine::Ending;
use crate::model::plan::{Completion, ScheduleRun};
use crate::model::schedule::token::Schedule;
use crate::model::system::System;

/// What interchangeable ends have in common.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum EndKey {
    /// All threads are done, with this total.
    Total(u64),
    /// For each waiting thread its program's index and what it waits for, sorted.
    Deadlock(Vec<(usize, Wait)>),
}

impl EndKey {
    /// Classifies a state in which no thread can move.
    pub(crate) fn of(collapse: &Collapse<'_>, locals: &[u32], common: u32) -> Self {
        if let Some(total) = collapse.total(locals, common) {
            return Self::Total(total);
        }
        let wait = |&local: &u32| {
            let (program, wait) = collapse.waits_for(local, common);
            Some((program, wait?))
        };
        let mut waits: Vec<_> = locals.iter().filter_map(wait).collect();
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
            states: gauge.states(),
            layers: self.layers,
            widest: self.widest,
            peak_bytes: gauge.peak(),
            verdict,
            reachable: Vec::new(),
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
fn finished(system: &System, key: &EndKey, witness: Option<Witness>) -> (End, Option<Witness>) {
    let mut end = match key {
        EndKey::Total(total) => End::Total(*total),
        EndKey::Deadlock(waits) => End::Deadlock(name_threads(system, waits)),
    };
    let witness = witness.map(|(schedule, switches)| {
        let mut plan = ScheduleRun::new(system, schedule.segments().iter(), Completion::Strict);
        if let Ok(Ending::Deadlock(waits)) = plan.end() {
            let blocked = |(thread, wait)| Blocked { thread, wait };
            end = End::Deadlock(waits.into_iter().map(blocked).collect());
        }
        (schedule.clone().closed(plan.machine()), switches)
    });
    (end, witness)
}

/// Names the threads of a deadlock without a witness: the first threads of each program, which by
/// symmetry can all be meant.
fn name_threads(system: &System, waits: &[(usize, Wait)]) -> Vec<Blocked> {
    let mut taken = vec![false; system.threads()];
    let mut blocked: Vec<Blocked> = waits
        .iter()
        .filter_map(|&(program, wait)| {
            let fits = |&thread: &usize| !taken[thread] && system.program_index(thread) == program;
            let thread = (0..system.threads()).find(fits)?;
            taken[thread] = true;
            Some(Blocked { thread, wait })
        })
        .collect();
    blocked.sort_by_key(|blocked| blocked.thread);
    blocked
}
