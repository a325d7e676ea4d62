//! From what a search found to its record.

use std::time::Duration;

use super::census::{
    CensusRecord, ClosestRecord, KnownBy, OutcomeRecord, ReachRecord, SmallestRecord, Stop,
    TotalsRecord, Verdict, WaitingRecord,
};
use crate::model::{
    Answer, Blocked, Census, Comparison, Completion, End, Label, Limit, Outcome, Plan, Schedule,
    Survey, System, Wait, Worst,
};
use crate::strategy::Shape;

/// What was surveyed, and how.
#[derive(Clone, Debug)]
pub struct Surveyed {
    /// The strategy's name.
    pub strategy: &'static str,
    /// The flags by which it differs from its default.
    pub flags: String,
    /// Its threads and increments.
    pub shape: Shape,
    /// The total that was asked for.
    pub reach: Option<u64>,
    /// The flags of the limits that were given, each behind a space.
    pub limits: String,
    /// How long it took.
    pub took: Duration,
}

impl Stop {
    /// Why the search ended early, if it did.
    pub fn of(survey: &Survey, interrupted: bool) -> Option<Self> {
        let answered = matches!(
            survey.answer,
            Some(Answer::Witness(_) | Answer::Examined(_) | Answer::Excluded(_))
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
    /// The schema's name.
    pub const SCHEMA: &'static str = "miscount.census/1";

    /// The record of a survey.
    pub fn new(
        surveyed: &Surveyed,
        system: &System,
        survey: &Survey,
        stopped: Option<Stop>,
    ) -> Self {
        let expected = surveyed.shape.expected();
        let census = survey.census.as_ref();
        let number = |of: fn(&Census) -> u64| census.map_or(0, of);
        let outcomes = census.map_or(&[][..], |census| &census.outcomes);
        let truncated = stopped.is_some();
        Self {
            schema: Self::SCHEMA,
            strategy: surveyed.strategy,
            flags: surveyed.flags.clone(),
            threads: surveyed.shape.threads(),
            increments: surveyed.shape.increments(),
            expected,
            verdict: if truncated {
                Verdict::Truncated
            } else {
                Verdict::Exhausted
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
                .map(|found| outcome(system, found, expected))
                .collect(),
            reachable: truncated
                .then(|| census.map_or_else(Vec::new, |census| census.reachable.clone())),
            smallest: survey.worst.as_ref().and_then(smallest),
            totals: survey.worst.as_ref().and_then(totals),
            reach: surveyed
                .reach
                .zip(survey.answer.as_ref())
                .map(|(total, answer)| reach(total, answer, survey)),
            closest: survey.closest.map(|size| closest(surveyed, size)),
            memory_bytes: number(|census| census.peak_bytes),
            elapsed_ns: u64::try_from(surveyed.took.as_nanos()).unwrap_or(u64::MAX),
        }
    }

    /// The outcomes that end in no correct total.
    pub fn wrong(&self) -> impl Iterator<Item = &OutcomeRecord> {
        self.outcomes.iter().filter(|outcome| !outcome.correct)
    }
}

fn outcome(system: &System, found: &Outcome, expected: u64) -> OutcomeRecord {
    let (total, deadlock) = match &found.end {
        End::Total(total) => (Some(*total), None),
        End::Deadlock(blocked) => (None, Some(waiting(system, blocked, found.witness.as_ref()))),
    };
    OutcomeRecord {
        total,
        deadlock,
        correct: total == Some(expected),
        schedules: found.schedules.to_string(),
        share: found.share,
        fair_share: found.fair_share,
        witness: found.witness.as_ref().map(ToString::to_string),
        switches: found.switches,
    }
}

/// Who waits for what; with a witness, also who holds it.
fn waiting(system: &System, blocked: &[Blocked], witness: Option<&Schedule>) -> Vec<WaitingRecord> {
    let segments = witness.map_or(&[][..], Schedule::segments);
    let mut plan = Plan::new(system, segments.iter(), Completion::Strict);
    let at_end = witness.is_some() && plan.finish(&mut |_, _| {}).is_ok();
    blocked
        .iter()
        .map(|blocked| WaitingRecord {
            thread: Label(blocked.thread).to_string(),
            waits_for: if at_end {
                plan.machine().describe(blocked.wait)
            } else {
                describe(system, blocked.wait)
            },
        })
        .collect()
}

fn describe(system: &System, wait: Wait) -> String {
    let name = |names: &[String], index: usize| names.get(index).cloned().unwrap_or_default();
    match wait {
        Wait::Lock { lock, .. } => format!("lock `{}`", name(system.locks(), lock.index())),
        Wait::Variable {
            variable,
            until,
            value,
        } => {
            let name = name(system.variables(), variable.index());
            format!("`{name}` to be {}{value}", relation(until))
        }
    }
}

fn relation(until: Comparison) -> String {
    match until {
        Comparison::Equal => String::new(),
        other => format!("{other} "),
    }
}

fn smallest(worst: &Worst) -> Option<SmallestRecord> {
    let totals = totals(worst)?;
    Some(SmallestRecord {
        total: totals.from,
        always: totals.from == totals.to,
        witness: worst.schedule.to_string(),
    })
}

fn totals(worst: &Worst) -> Option<TotalsRecord> {
    Some(TotalsRecord {
        from: worst.total?,
        to: worst.most?,
    })
}

fn reach(total: u64, answer: &Answer, survey: &Survey) -> ReachRecord {
    let exhausted = survey.is_exhausted();
    let (possible, witness, known_by) = match answer {
        Answer::Witness(_) if exhausted => (Some(true), true, Some(KnownBy::Census)),
        Answer::Witness(Some(_)) => (Some(true), true, Some(KnownBy::Rule)),
        Answer::Witness(None) => (Some(true), false, Some(KnownBy::Search)),
        Answer::Examined(_) => (Some(false), false, Some(KnownBy::Census)),
        Answer::Excluded(_) => (Some(false), false, Some(KnownBy::Rule)),
        Answer::Incomplete => (None, false, None),
    };
    let schedule = match answer {
        Answer::Witness(Some(schedule)) if witness => Some(schedule),
        _ => None,
    };
    // What the census found before it ended was followed, not put together.
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

fn closest(surveyed: &Surveyed, (threads, increments): (usize, u64)) -> ClosestRecord {
    let flags = if surveyed.flags.is_empty() {
        String::new()
    } else {
        format!(" {}", surveyed.flags)
    };
    ClosestRecord {
        threads,
        increments,
        command: format!(
            "miscount explore {}{flags} -t {threads} -i {increments}{}",
            surveyed.strategy, surveyed.limits
        ),
    }
}
