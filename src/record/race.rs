//! The record of a race program on real threads: `miscount.run/1`.

use std::time::Duration;

use schemars::JsonSchema;
use serde::Serialize;

use super::census::OutcomeRecord;
use super::counting::{Environment, StopReason};
use super::data::Record;
use super::end::{EndKind, EndRecord};
use super::requests::nanoseconds;
use super::schema::Versioned;
use super::subject::SubjectRecord;
use super::totals::share_of;
use crate::lab::{FreeOutcome, FreeRuns};
use crate::model::{Census, Ending, Program, System, Verdict};
use crate::plan::{Pinning, RacePlan};
use crate::stats::wilson;
use crate::sync::Observer;

/// A race program that real threads have run freely, again and again.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct RaceRecord {
    /// The program.
    #[serde(flatten)]
    pub subject: SubjectRecord,
    /// Requested runs; null if a time was requested instead.
    pub runs_requested: Option<u64>,
    /// Completed runs.
    pub runs_completed: u64,
    /// Why there were no further runs.
    pub stopped: StopReason,
    /// Meetings at the start line that were repeated because the threads were not on cores together.
    pub meetings_repeated: u64,
    /// Runs with a wrong outcome: an unexpected one, a deadlock, a livelock, a failed assertion or a
    /// fault.
    pub runs_wrong: u64,
    /// Runs whose outcome the program expects.
    pub runs_correct: u64,
    /// The share of runs with a wrong outcome.
    pub runs_wrong_share: Option<f64>,
    /// The 95% Wilson interval of this share.
    pub runs_wrong_interval: Option<[f64; 2]>,
    /// Runs in a second of the whole experiment.
    pub runs_per_second: Option<f64>,
    /// Runs for each meeting at the start line.
    pub stride: usize,
    /// The outcomes: those of the model in its order, then others. An outcome of the model that no run
    /// had has no runs.
    #[serde(skip)] // Written beside the rest, or before it line by line.
    pub outcomes: Vec<RacedOutcome>,
    /// What the model says; null if it could not be asked.
    pub model: Option<ModelRecord>,
    /// Whether a store of the program may take effect after a later load of the same thread, so that
    /// outcomes which no order of steps explains are to be expected on a processor with store buffers.
    pub store_buffers: bool,
    /// Whether the threads should have been pinned to cores but could not be.
    pub pinning_failed: bool,
    /// The environment of the measurement.
    pub environment: Environment,
}

/// The model beside the real threads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ModelRecord {
    /// Whether every schedule was examined. If not, there may be outcomes that are not known.
    pub exhausted: bool,
    /// The number of schedules, an integer of any size; null if not all were counted.
    pub schedules: Option<String>,
    /// Examined states.
    pub states: u64,
    /// Nanoseconds that this took.
    pub elapsed_ns: u64,
}

/// Runs that ended alike.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct RacedOutcome {
    /// How they ended.
    #[serde(flatten)]
    pub end: EndRecord,
    /// The number of these runs.
    pub runs: u64,
    /// Their share of all runs.
    pub runs_share: Option<f64>,
    /// The 95% Wilson interval of this share.
    pub runs_interval: Option<[f64; 2]>,
    /// The number of the first of these runs, counted from 1; null if there is none.
    pub first_run: Option<u64>,
    /// Whether the model allows this outcome.
    pub allowed: Allowed,
    /// The number of schedules with this outcome, an integer of any size; null if it is not known.
    pub schedules: Option<String>,
    /// Their share of all schedules.
    pub share: Option<f64>,
    /// Their probability if each step goes to a thread drawn uniformly from those that can move.
    pub fair_share: Option<f64>,
    /// The schedule with the fewest switches between threads.
    pub witness: Option<String>,
    /// The switches of the witness.
    pub switches: Option<u64>,
}

/// Whether an outcome is possible, by memory model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Allowed {
    /// With sequential consistency: some order of the steps has this outcome. Null if this is not known.
    pub sc: Option<bool>,
}

/// The record as one JSON object.
#[derive(Serialize, JsonSchema)]
pub(super) struct RaceWhole<'a> {
    #[serde(flatten)]
    pub record: &'a RaceRecord,
    /// The outcomes: those of the model in its order, then others. An outcome of the model that no run
    /// had has no runs.
    pub outcomes: &'a [RacedOutcome],
}

/// A line of JSON lines.
#[derive(Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum RaceLine<'a> {
    /// Runs that ended alike.
    Outcome(&'a RacedOutcome),
    /// The last line: the record without the outcomes.
    Summary(Versioned<&'a RaceRecord>),
}

/// The observer that counts how runs end.
#[derive(Clone, Debug, Default)]
pub struct RaceCollector {
    endings: Vec<Ending>,
    /// For each end the number of runs and the first of them.
    counts: Vec<(u64, u64)>,
}

impl Observer<FreeRuns> for RaceCollector {
    fn observe(&mut self, event: &FreeRuns) {
        let known = self.endings.len();
        self.endings.extend_from_slice(&event.endings[known..]);
        self.counts.resize(self.endings.len(), (0, 0));
        for (run, &end) in (event.runs.first..).zip(&event.runs.actuals) {
            let counts = usize::try_from(end).ok();
            if let Some((runs, first)) = counts.and_then(|end| self.counts.get_mut(end)) {
                if *runs == 0 {
                    *first = run;
                }
                *runs += 1;
            }
        }
    }
}

/// The census beside an experiment, and the time that it took.
pub type Beside = (Census, Duration);

impl RaceCollector {
    /// Returns the record of the experiment, which took this time in all.
    pub fn finish(
        self,
        plan: &RacePlan,
        system: &System,
        outcome: &FreeOutcome,
        took: Duration,
        beside: Option<&Beside>,
    ) -> RaceRecord {
        let runs = outcome.runs;
        let census = beside.map(|(census, _)| census);
        let outcomes = self.outcomes(plan, system, runs, census);
        let sum = |correct| {
            let such = outcomes
                .iter()
                .filter(|one| one.end.correct == Some(correct));
            such.map(|one| one.runs).sum::<u64>()
        };
        let (runs_wrong, runs_correct) = (sum(false), sum(true));
        let arch_is_modelled = cfg!(target_arch = "x86_64");
        RaceRecord {
            subject: SubjectRecord::new(&plan.subject, system),
            runs_requested: plan.runs,
            runs_completed: runs,
            stopped: outcome.stopped.into(),
            meetings_repeated: outcome.setup.repeated,
            runs_wrong,
            runs_correct,
            runs_wrong_share: share_of(runs_wrong as f64, runs as f64),
            runs_wrong_interval: wilson(runs_wrong, runs),
            runs_per_second: share_of(runs as f64, took.as_secs_f64()).filter(|_| runs > 0),
            stride: outcome.stride,
            outcomes,
            model: beside.map(|(census, took)| ModelRecord {
                exhausted: census.verdict == Verdict::Exhausted,
                schedules: (census.verdict == Verdict::Exhausted && !census.is_endless)
                    .then(|| census.schedules.to_string()),
                states: census.states,
                elapsed_ns: nanoseconds(*took),
            }),
            store_buffers: !arch_is_modelled || system.programs().iter().any(Program::may_overtake),
            pinning_failed: plan.pinning == Pinning::Spread && !outcome.setup.pinned,
            environment: (&outcome.setup).into(),
        }
    }

    /// Returns the outcomes of the model, then those that it does not have.
    fn outcomes(
        &self,
        plan: &RacePlan,
        system: &System,
        runs: u64,
        census: Option<&Census>,
    ) -> Vec<RacedOutcome> {
        let record = |end: EndRecord, place: Option<usize>, allowed| {
            let counts = place.and_then(|place| self.counts.get(place));
            let (count, first) = counts.copied().unwrap_or_default();
            RacedOutcome {
                end,
                runs: count,
                runs_share: share_of(count as f64, runs as f64),
                runs_interval: wilson(count, runs),
                first_run: (count > 0).then_some(first),
                allowed: Allowed { sc: allowed },
                schedules: None,
                share: None,
                fair_share: None,
                witness: None,
                switches: None,
            }
        };
        let of_model = census.map_or(&[][..], |census| &census.outcomes);
        let is_endless = census.is_some_and(|census| census.is_endless);
        let mut seen = vec![false; self.endings.len()];
        let mut outcomes = Vec::new();
        for found in of_model {
            let end = found.end.clone().folded(system);
            let place = self.endings.iter().position(|ending| *ending == end);
            if let Some(place) = place {
                seen[place] = true;
            }
            let told = OutcomeRecord::new(&plan.subject, system, found, is_endless);
            outcomes.push(RacedOutcome {
                schedules: told.schedules,
                share: told.share,
                fair_share: told.fair_share,
                witness: told.witness,
                switches: told.switches,
                ..record(told.end, place, Some(true))
            });
        }
        let is_known = census.is_some_and(|census| census.verdict == Verdict::Exhausted);
        let others = self
            .endings
            .iter()
            .enumerate()
            .filter(|(place, _)| !seen[*place]);
        // Those of runs after the last one that counts have no runs.
        for (place, ending) in others.filter(|(place, _)| self.counts[*place].0 > 0) {
            let allowed = match ending {
                // A circle is no end, but it can go on. Without one, the runs have only taken long.
                Ending::Livelock => census
                    .and_then(|census| census.circle.as_ref())
                    .map(|_| true),
                // When several threads fail at once, each may be the first to say so.
                Ending::Failed(..) if of_model.iter().any(|found| is_failed(&found.end)) => None,
                _ => is_known.then_some(false),
            };
            let end = EndRecord::new(&plan.subject, system, ending, None);
            outcomes.push(record(end, Some(place), allowed));
        }
        outcomes
    }
}

fn is_failed(ending: &Ending) -> bool {
    matches!(ending, Ending::Failed(..))
}

impl RaceRecord {
    /// Returns the outcomes that no order of steps explains.
    pub fn disallowed(&self) -> impl Iterator<Item = &RacedOutcome> {
        let outcomes = self.outcomes.iter();
        outcomes.filter(|outcome| outcome.allowed.sc == Some(false))
    }

    /// Returns the outcomes that nothing explains: a fault of this program's.
    pub fn unexplained(&self) -> impl Iterator<Item = &RacedOutcome> {
        self.disallowed().filter(|_| !self.store_buffers)
    }

    /// Returns whether runs were given up because they took long, though nothing shows that they would
    /// not have ended.
    pub fn has_given_up(&self) -> bool {
        let livelock = |outcome: &&RacedOutcome| outcome.end.kind == EndKind::Livelock;
        let mut livelocks = self.outcomes.iter().filter(livelock);
        livelocks.any(|outcome| outcome.runs > 0 && outcome.allowed.sc.is_none())
    }
}

impl Record for RaceRecord {
    type Line<'a> = RaceLine<'a>;

    fn columns(&self) -> &'static str {
        "kind,program,flags,threads,values,line,correct,runs,runs_share,allowed.sc,schedules,share,\
         fair_share,switches,witness"
    }

    fn items(&self) -> impl Iterator<Item = Self::Line<'_>> {
        self.outcomes.iter().map(RaceLine::Outcome)
    }

    fn summary(&self) -> Option<Self::Line<'_>> {
        Some(RaceLine::Summary(Versioned::new(self)))
    }

    fn whole(&self) -> impl Serialize + '_ {
        Versioned::new(RaceWhole {
            record: self,
            outcomes: &self.outcomes,
        })
    }
}
