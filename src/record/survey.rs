//! From the result of a search to its record.

use std::time::Duration;

use super::census::{
    CensusRecord, CensusVerdict, CircleRecord, ClaimRecord, ClosestRecord, KnownBy, OutcomeRecord,
    ReachRecord, SmallestRecord, Stop, TotalsRecord,
};
use super::end::EndRecord;
use super::litmus::ConditionRecord;
use super::requests::nanoseconds;
use super::subject::SubjectRecord;
use crate::language::{Claim, Race};
use crate::model::{
    Census, Circle, Completion, Ending, Label, Limit, MemoryModel, Method, Outcome, ReachAnswer,
    Schedule, ScheduleRun, Survey, System, WorstSchedule,
};
use crate::plan::{Exploration, Subject};

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
    /// Returns the record of a survey of this system, which took this time; beside it a census under the
    /// other memory model, for the claims that speak of that one.
    pub fn new(
        plan: &Exploration,
        system: &System,
        survey: &Survey,
        stopped: Option<Stop>,
        took: Duration,
        beside: Option<&Census>,
    ) -> Self {
        let race = plan.subject.race();
        let census = survey.census.as_ref();
        let number = |of: fn(&Census) -> u64| census.map_or(0, of);
        let outcomes = census.map_or(&[][..], |census| &census.outcomes);
        let truncated = stopped.is_some();
        let is_endless = census.is_some_and(|census| census.is_endless);
        let asked = race.zip(plan.question.as_deref()).zip(census);
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
                .filter(|census| !truncated && !census.is_endless)
                .map(|census| census.schedules.to_string()),
            outcomes: outcomes
                .iter()
                .map(|found| OutcomeRecord::new(&plan.subject, system, found, is_endless))
                .collect(),
            memory: plan.subject.memory.name().into(),
            recurrence: census.is_some_and(|census| census.method == Method::Recurrence),
            room: census.and_then(|census| census.room),
            endless: is_endless,
            circle: census.and_then(|census| census.circle.as_ref()).map(circle),
            claims: race.zip(census).map_or_else(Vec::new, |(race, census)| {
                claims(race, plan.subject.memory, census, beside)
            }),
            condition: race
                .zip(census)
                .and_then(|(race, census)| ConditionRecord::new(race, census)),
            reachable: truncated
                .then(|| census.map_or_else(Vec::new, |census| census.reachable.clone())),
            smallest: survey.worst.as_ref().and_then(smallest),
            totals: survey.worst.as_ref().and_then(totals),
            reach: plan
                .reach
                .zip(survey.answer.as_ref())
                .map(|(total, answer)| reach(total, answer, survey))
                .or_else(|| {
                    asked.and_then(|((race, condition), census)| answered(race, condition, census))
                }),
            closest: survey.closest.map(|size| closest(plan, size)),
            memory_bytes: number(|census| census.peak_bytes),
            elapsed_ns: nanoseconds(took),
        }
    }

    /// Returns the outcomes that are wrong: deadlocks, and totals that are not the correct one.
    pub fn wrong(&self) -> impl Iterator<Item = &OutcomeRecord> {
        self.outcomes
            .iter()
            .filter(|outcome| outcome.end.correct == Some(false))
    }
}

impl OutcomeRecord {
    pub(super) fn new(
        subject: &Subject,
        system: &System,
        found: &Outcome,
        is_endless: bool,
    ) -> Self {
        let segments = found.witness.as_ref().map_or(&[][..], Schedule::segments);
        let mut plan = ScheduleRun::new(system, segments.iter(), Completion::Strict);
        // Only a deadlock has more to tell at the end of its witness.
        let is_told = matches!(found.end, Ending::Deadlock(_)) && found.witness.is_some();
        let at_end = is_told && plan.finish(&mut |_, _| {}).is_ok();
        let end = at_end.then(|| plan.machine());
        let end = EndRecord::new(subject, system, &found.end, end);
        Self {
            outcome: subject.race().map(|_| end.condition()),
            end,
            satisfies: subject.race().and_then(|race| race.satisfies(&found.end)),
            schedules: (!is_endless).then(|| found.schedules.to_string()),
            share: found.share,
            fair_share: found.fair_share,
            witness: found.witness.as_ref().map(ToString::to_string),
            switches: found.switches,
        }
    }
}

fn circle(circle: &Circle) -> CircleRecord {
    CircleRecord {
        lead: circle.lead.to_string(),
        round: circle.round.to_string(),
        threads: circle
            .threads
            .iter()
            .map(|&thread| Label(thread).to_string())
            .collect(),
        certain: circle.is_certain,
    }
}

/// Returns what a census under a memory model says of the claims of a race program, and another one
/// of those that speak of the other model.
fn claims(
    race: &Race,
    memory: MemoryModel,
    census: &Census,
    beside: Option<&Census>,
) -> Vec<ClaimRecord> {
    let record = |claim: &Claim| {
        let of_claim = race.memory_of(claim, memory);
        let is_meant = of_claim == memory;
        let census = if is_meant { Some(census) } else { beside };
        let verdict = census.map(|census| race.verdict(claim, census));
        let example = verdict.and_then(|verdict| verdict.example);
        ClaimRecord {
            text: claim.text.clone(),
            memory: of_claim.name().into(),
            holds: verdict.and_then(|verdict| verdict.holds),
            witness: example
                .and_then(|o| o.witness.as_ref())
                .map(ToString::to_string),
        }
    };
    race.program.claims.iter().map(record).collect()
}

/// Answers the question about the outcomes of a race program.
fn answered(race: &Race, condition: &str, census: &Census) -> Option<ReachRecord> {
    let question = race.question.as_ref()?;
    let mut outcomes = census.outcomes.iter();
    let found = outcomes.find(|outcome| race.matches(question, &outcome.end));
    let is_whole = census.is_whole();
    let possible = found.is_some();
    Some(ReachRecord {
        total: None,
        condition: Some(condition.to_owned()),
        possible: (possible || is_whole).then_some(possible),
        witness: found
            .and_then(|o| o.witness.as_ref())
            .map(ToString::to_string),
        switches: found.and_then(|outcome| outcome.switches),
        known_by: match (is_whole, possible) {
            (true, _) => Some(KnownBy::Census),
            (false, true) => Some(KnownBy::Search),
            (false, false) => None,
        },
    })
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
        total: Some(total),
        condition: None,
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
