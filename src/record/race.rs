//! The record of a race program on real threads: `miscount.run/1`.

use std::borrow::Cow;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::census::OutcomeRecord;
use super::counting::{Environment, StopReason};
use super::data::Record;
use super::end::{EndKind, EndRecord};
use super::requests::nanoseconds;
use super::schema::Versioned;
use super::subject::SubjectRecord;
use super::totals::{per_second, share_of};
use crate::lab::{FreeOutcome, FreeRuns};
use crate::model::{Census, Ending, MemoryModel, Outcome, System};
use crate::plan::{Pinning, RacePlan};
use crate::stats::wilson;
use crate::sync::Observer;

/// A race program that real threads have run freely, again and again.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
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
    #[serde(skip_serializing)] // Written beside the rest, or before it line by line.
    pub outcomes: Vec<RacedOutcome>,
    /// What the model says of all orders of steps; null if it could not be asked.
    pub model: Option<ModelRecord>,
    /// What it says with the store buffers of this processor; null where they change nothing, or where
    /// there is no model of this processor.
    pub model_tso: Option<ModelRecord>,
    /// The memory model of this processor: `tso`; null if there is none for it.
    pub memory: Option<Cow<'static, str>>,
    /// Whether the threads should have been pinned to cores but could not be.
    pub pinning_failed: bool,
    /// The environment of the measurement.
    pub environment: Environment,
}

/// The model beside the real threads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Allowed {
    /// With sequential consistency: some order of the steps has this outcome. Null if this is not known.
    pub sc: Option<bool>,
    /// With the store buffers of an x86-64 processor. Null if this is not known, or if the processor is
    /// another one.
    pub tso: Option<bool>,
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

/// A census beside an experiment, and the time that it took.
pub type Beside = (Census, Duration);

/// What the model says beside an experiment.
#[derive(Clone, Debug, Default)]
pub struct Models {
    /// Of all orders of steps.
    pub sc: Option<Beside>,
    /// With the store buffers of this processor, if it has any that matter.
    pub tso: Option<Beside>,
    /// Whether they can matter to the program.
    pub overtakes: bool,
}

/// What is known of the outcomes under one memory model.
#[derive(Clone, Copy)]
struct Judge<'a> {
    census: Option<&'a Census>,
}

impl<'a> Judge<'a> {
    fn of(beside: Option<&'a Beside>) -> Self {
        let census = beside.map(|(census, _)| census);
        Self { census }
    }

    fn outcomes(self) -> &'a [Outcome] {
        self.census.map_or(&[], |census| &census.outcomes)
    }

    /// Returns whether an outcome, with its threads folded, is possible; `None` if that is not known.
    fn allows(self, ending: &Ending, system: &System) -> Option<bool> {
        let census = self.census?;
        let same = |found: &Outcome| found.end.clone().folded(system) == *ending;
        if census.outcomes.iter().any(same) {
            return Some(true);
        }
        match ending {
            // A circle is no end, but it can go on. Without one, the runs have only taken long.
            Ending::Livelock => census.circle.as_ref().map(|_| true),
            // When several threads fail at once, each may be the first to say so.
            Ending::Failed(..) if census.outcomes.iter().any(|found| is_failed(&found.end)) => None,
            _ => census.is_whole().then_some(false),
        }
    }
}

impl RaceCollector {
    /// Returns the record of the experiment, which took this time in all.
    pub fn finish(
        self,
        plan: &RacePlan,
        system: &System,
        outcome: &FreeOutcome,
        took: Duration,
        models: &Models,
    ) -> RaceRecord {
        let runs = outcome.runs;
        let outcomes = self.outcomes(plan, system, runs, models);
        let sum = |correct| {
            let such = outcomes
                .iter()
                .filter(|one| one.end.correct == Some(correct));
            such.map(|one| one.runs).sum::<u64>()
        };
        let (runs_wrong, runs_correct) = (sum(false), sum(true));
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
            runs_per_second: per_second(runs, took),
            stride: outcome.stride,
            outcomes,
            model: models.sc.as_ref().map(ModelRecord::new),
            model_tso: models.tso.as_ref().map(ModelRecord::new),
            memory: MemoryModel::of_this_machine().map(|model| model.name().into()),
            pinning_failed: plan.pinning == Pinning::Spread && !outcome.setup.pinned,
            environment: (&outcome.setup).into(),
        }
    }

    /// Returns the outcomes of the model, those that only store buffers allow after the others, then
    /// those that it does not have.
    fn outcomes(
        &self,
        plan: &RacePlan,
        system: &System,
        runs: u64,
        models: &Models,
    ) -> Vec<RacedOutcome> {
        let [sc, tso] = [&models.sc, &models.tso].map(|beside| Judge::of(beside.as_ref()));
        let allowed = |ending: &Ending| {
            let in_order = sc.allows(ending, system);
            let buffered = match MemoryModel::of_this_machine() {
                Some(MemoryModel::Tso) if models.overtakes && in_order != Some(true) => {
                    tso.allows(ending, system)
                }
                Some(_) => in_order,
                None => None,
            };
            Allowed {
                sc: in_order,
                tso: buffered,
            }
        };
        let record = |end: EndRecord, ending: &Ending| {
            let place = self.endings.iter().position(|known| known == ending);
            let counts = place.and_then(|place| self.counts.get(place));
            let (count, first) = counts.copied().unwrap_or_default();
            RacedOutcome {
                end,
                runs: count,
                runs_share: share_of(count as f64, runs as f64),
                runs_interval: wilson(count, runs),
                first_run: (count > 0).then_some(first),
                allowed: allowed(ending),
                schedules: None,
                share: None,
                fair_share: None,
                witness: None,
                switches: None,
            }
        };
        let is_endless = sc.census.is_some_and(|census| census.is_endless);
        let mut seen = Vec::new();
        let mut outcomes = Vec::new();
        for (judge, is_sc) in [(sc, true), (tso, false)] {
            for found in judge.outcomes() {
                let ending = found.end.clone().folded(system);
                if seen.contains(&ending) {
                    continue;
                }
                let told = OutcomeRecord::new(&plan.subject, system, found, is_endless);
                let mut outcome = record(told.end, &ending);
                seen.push(ending);
                // The numbers are shares of all orders of the steps, deliveries left out.
                if is_sc {
                    outcome.schedules = told.schedules;
                    outcome.share = told.share;
                    outcome.fair_share = told.fair_share;
                }
                outcome.witness = told.witness;
                outcome.switches = told.switches;
                outcomes.push(outcome);
            }
        }
        // Those of runs after the last one that counts have no runs.
        let counted = self.endings.iter().zip(&self.counts);
        for (ending, _) in counted.filter(|(ending, counts)| counts.0 > 0 && !seen.contains(ending))
        {
            let end = EndRecord::new(&plan.subject, system, ending, None);
            outcomes.push(record(end, ending));
        }
        outcomes
    }
}

impl ModelRecord {
    fn new((census, took): &Beside) -> Self {
        let is_whole = census.is_whole();
        Self {
            exhausted: is_whole,
            schedules: (is_whole && !census.is_endless).then(|| census.schedules.to_string()),
            states: census.states,
            elapsed_ns: nanoseconds(*took),
        }
    }
}

impl RacedOutcome {
    /// Returns whether only the store buffers explain it.
    pub fn is_buffered(&self) -> bool {
        self.allowed.sc == Some(false) && self.allowed.tso == Some(true)
    }
}

fn is_failed(ending: &Ending) -> bool {
    matches!(ending, Ending::Failed(..))
}

impl RaceRecord {
    /// Returns the outcomes that real threads showed and only the store buffers explain.
    pub fn buffered(&self) -> impl Iterator<Item = &RacedOutcome> {
        let outcomes = self.outcomes.iter();
        outcomes.filter(|outcome| outcome.runs > 0 && outcome.is_buffered())
    }

    /// Returns the outcomes that real threads showed and nothing explains: a fault of this program's.
    pub fn unexplained(&self) -> impl Iterator<Item = &RacedOutcome> {
        let outcomes = self.outcomes.iter();
        outcomes.filter(|outcome| outcome.runs > 0 && outcome.allowed.tso == Some(false))
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
        "kind,program,flags,threads,values,line,correct,runs,runs_share,allowed.sc,allowed.tso,schedules,share,\
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
