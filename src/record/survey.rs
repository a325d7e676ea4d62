//! From the result of a search to its record.

use std::time::Duration;

use super::census::{
    CensusRecord, CensusVerdict, ClosestRecord, KnownBy, OutcomeRecord, ReachRecord,
    SmallestRecord, Stop, TotalsRecord,
};
use super::requests::nanoseconds;
use super::subject::SubjectRecord;
use super::waiting::WaitingRecord;
use crate::model::{
    Blocked, Census, Completion, End, Limit, Outcome, ReachAnswer, Schedule, ScheduleRun, Survey,
    System, WorstSchedule,
};
use crate::plan::Exploration;

impl Stop {
    /// Returns why the search ended early, if it did.
    pub fn of(survey: &Survey, interrupted: bool) -> Option<Self> {
        let answered = matches!(
            survey.answer,
            Some(
                ReachAnswer::Witness(_)
                    | ReachAnswer::Examined(_)
                    | ReachAnswer::Excluded(_)
                    | ReachAnswer::Above
            )
        );
        match survey.limit() {
            _ if survey.is_exhausted() => None,
            Some(Limit::Stopped) if interrupted => Some(Self::Interrupted),
            _ if answered => Some(Self::Answered),
            _ if survey.beyond.is_some() => Some(Self::Beyond),
            Some(Limit::Stopped) => Some(Self::Timeout),
            Some(Limit::States) => Some(Self::States),
            Some(Limit::Memory) | None => Some(Self::Memory),
        }
    }
}

impl CensusRecord {
    /// Returns the record of a survey of this system, which took this time.
    pub fn new(
        plan: &Exploration,
        system: &System,
        survey: &Survey,
        stopped: Option<Stop>,
        took: Duration,
    ) -> Self {
        let expected = plan.subject.expected;
        let census = survey.census.as_ref();
        let number = |of: fn(&Census) -> u64| census.map_or(0, of);
        let outcomes = census.map_or(&[][..], |census| &census.outcomes);
        let truncated = stopped.is_some();
        Self {
            subject: SubjectRecord::new(&plan.subject, system),
            verdict: if truncated {
                CensusVerdict::Truncated
            } else {
                CensusVerdict::Exhausted
            },
            stopped,
            states: number(|census| census.states),
            states_estimated: survey.beyond.map(crate::model::Estimate::at_least),
            layers: number(|census| census.layers),
            widest_layer: number(|census| census.widest),
            schedules: census
                .filter(|_| !truncated)
                .map(|census| census.schedules.to_string()),
            outcomes: outcomes
                .iter()
                .map(|found| OutcomeRecord::new(system, found, expected))
                .collect(),
            reachable: truncated
                .then(|| census.map_or_else(Vec::new, |census| census.reachable.clone())),
            smallest: survey.worst.as_ref().and_then(smallest),
            totals: survey.worst.as_ref().and_then(totals),
            reach: plan
                .reach
                .zip(survey.answer.as_ref())
                .map(|(total, answer)| reach(total, answer, survey)),
            closest: survey.closest.map(|size| closest(plan, size)),
            memory_bytes: number(|census| census.peak_bytes),
            elapsed_ns: nanoseconds(took),
        }
    }

    /// Returns the outcomes that are wrong: deadlocks, and totals that are not the correct one.
    pub fn wrong(&self) -> impl Iterator<Item = &OutcomeRecord> {
        self.outcomes
            .iter()
            .filter(|outcome| outcome.correct == Some(false))
    }
}

impl OutcomeRecord {
    pub(super) fn new(system: &System, found: &Outcome, expected: Option<u64>) -> Self {
        let (total, deadlock) = match &found.end {
            End::Total(total) => (Some(*total), None),
            End::Deadlock(blocked) => {
                (None, Some(waiting(system, blocked, found.witness.as_ref())))
            }
        };
        Self {
            total,
            deadlock,
            correct: match total {
                Some(total) => expected.map(|expected| total == expected),
                None => Some(false),
            },
            schedules: found.schedules.to_string(),
            share: found.share,
            fair_share: found.fair_share,
            witness: found.witness.as_ref().map(ToString::to_string),
            switches: found.switches,
        }
    }
}

/// Returns the waiting threads; with a witness, also the holders of the locks.
fn waiting(system: &System, blocked: &[Blocked], witness: Option<&Schedule>) -> Vec<WaitingRecord> {
    let segments = witness.map_or(&[][..], Schedule::segments);
    let mut plan = ScheduleRun::new(system, segments.iter(), Completion::Strict);
    let at_end = witness.is_some() && plan.finish(&mut |_, _| {}).is_ok();
    let end = at_end.then(|| plan.machine());
    blocked
        .iter()
        .map(|blocked| WaitingRecord::new(system, blocked.thread, blocked.wait, end))
        .collect()
}

fn smallest(worst: &WorstSchedule) -> Option<SmallestRecord> {
    let totals = totals(worst)?;
    Some(SmallestRecord {
        total: totals.from,
        always: totals.from == totals.to,
        witness: worst.schedule.to_string(),
    })
}

fn totals(worst: &WorstSchedule) -> Option<TotalsRecord> {
    Some(TotalsRecord {
        from: worst.total?,
        to: worst.most?,
    })
}

fn reach(total: u64, answer: &ReachAnswer, survey: &Survey) -> ReachRecord {
    let exhausted = survey.is_exhausted();
    let (possible, witness, known_by) = match answer {
        ReachAnswer::Witness(_) if exhausted => (Some(true), true, Some(KnownBy::Census)),
        ReachAnswer::Witness(Some(_)) => (Some(true), true, Some(KnownBy::Rule)),
        ReachAnswer::Witness(None) => (Some(true), false, Some(KnownBy::Search)),
        ReachAnswer::Examined(_) => (Some(false), false, Some(KnownBy::Census)),
        ReachAnswer::Excluded(_) | ReachAnswer::Above => (Some(false), false, Some(KnownBy::Rule)),
        ReachAnswer::Incomplete => (None, false, None),
    };
    let schedule = match answer {
        ReachAnswer::Witness(Some(schedule)) if witness => Some(schedule),
        _ => None,
    };
    // A total that the census found before it ended is known by search, not by rule.
    let followed = survey
        .census
        .as_ref()
        .is_some_and(|census| census.total(total).is_some());
    ReachRecord {
        total,
        possible,
        witness: schedule.map(ToString::to_string),
        switches: schedule.map(|schedule| schedule.switches() as u64),
        known_by: known_by.map(|known| match known {
            KnownBy::Rule if followed => KnownBy::Search,
            known => known,
        }),
    }
}

fn closest(plan: &Exploration, (threads, increments): (usize, u64)) -> ClosestRecord {
    ClosestRecord {
        threads,
        increments,
        command: format!(
            "miscount explore {} -t {threads} -i {increments}{}",
            plan.subject,
            plan.limit_flags()
        ),
    }
}
