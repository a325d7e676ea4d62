//! A survey: a glance first, then either the whole census or, for sizes beyond any search, what is
//! known without one.

use std::fmt;

use num_bigint::BigUint;

use super::chain::Chains;
use super::estimate::{Estimate, closest_fit, estimate, is_surely_within};
use super::key::MOST_THREADS;
use super::outcome::{Census, Reach, Verdict};
use super::sweep::{Options, Search};
use crate::model::error::CensusError;
use crate::model::limits::{Limit, Limits};
use crate::model::schedule::token::Schedule;
use crate::model::schedule::worst::{Proof, WorstSchedule, by_rule, retell, to_total};
use crate::model::system::System;

/// The number of states a glance looks at: a tenth of a second.
const GLANCE: u64 = 100_000;

/// The additions that the recurrence for counting threads makes in some seconds.
const MOST_WORK: f64 = 5e9;

/// Fewer bytes than any census needs for each of its states.
const LEAST_BYTES: u64 = 2;

/// The number of states a census looks at in some seconds.
const SECONDS: u64 = 2_000_000;

/// A little more than the bytes that a census of millions of states needs for each of them.
const USUAL_BYTES: u64 = 24;

/// What a survey is to find out.
#[derive(Clone, Copy)]
pub struct SurveyQuestion<'a> {
    /// A total whose reachability is asked for; this may spare the census.
    pub reach: Option<u64>,
    /// Whether to search up to the limits even where the end is out of reach.
    pub regardless: bool,
    /// How to count.
    pub options: Options<'a>,
}

/// The systems of which the surveyed one is one size: smaller sizes tell what is beyond any search.
#[derive(Clone, Copy, Debug)]
pub struct Family<F> {
    /// The threads of the surveyed system.
    pub threads: usize,
    /// The increments of each of them.
    pub increments: u64,
    /// Makes the system with these threads and increments.
    pub system: F,
}

/// What a survey found out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Survey {
    /// The census, or the beginning of one; `None` if it could not even begin.
    pub census: Option<Census>,
    /// The estimated number of states where they were not searched: because memory cannot hold
    /// them, or because it would take more than seconds while a rule gives the only total.
    pub beyond: Option<Estimate>,
    /// The worst schedule by rule, where not all schedules were counted.
    pub worst: Option<WorstSchedule>,
    /// The answer, if a total was asked for.
    pub answer: Option<ReachAnswer>,
    /// Whether the caller stopped it between two searches.
    pub stopped: bool,
    /// The threads and increments of the closest smaller size that can be counted in some seconds
    /// or within the limit that was reached, where this size was not counted.
    pub closest: Option<(usize, u64)>,
}

/// Whether a total is reachable.
#[derive(Clone, Debug, PartialEq)]
pub enum ReachAnswer {
    /// Yes; `None` where witnesses were not wanted, or the search ended before it found one.
    Witness(Option<Schedule>),
    /// No: all schedules, this many, were examined.
    Examined(BigUint),
    /// No: by rule, no schedule ends below the total of this one, or none in any other total.
    Excluded(WorstSchedule),
    /// No: it is more than all increments together.
    Above,
    /// Unknown: the search ended first.
    Incomplete,
}

impl Survey {
    /// Returns the limit that ended the survey; `None` if none did.
    pub fn limit(&self) -> Option<Limit> {
        if self.stopped {
            return Some(Limit::Stopped);
        }
        match self.census.as_ref()?.verdict {
            Verdict::Exhausted => None,
            Verdict::Truncated(limit) => Some(limit),
        }
    }

    /// Returns whether every schedule was counted.
    pub fn is_exhausted(&self) -> bool {
        let verdict = self.census.as_ref().map(|census| census.verdict);
        verdict == Some(Verdict::Exhausted)
    }
}

/// Why there is no survey.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SurveyError<E> {
    /// The family has no system of this size.
    Family(E),
    /// Its schedules can't be counted.
    Census(CensusError),
}

impl<E: fmt::Display> fmt::Display for SurveyError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Family(error) => error.fmt(f),
            Self::Census(error) => error.fmt(f),
        }
    }
}

/// Counts the schedules of a system as far as it makes sense. Where it has a family, the sizes of
/// that tell beforehand what is beyond any search, and which size is not.
///
/// # Errors
/// The errors of the family, and the reason why nothing can be counted at all.
pub fn survey<F, E>(
    system: &System,
    family: Option<&Family<F>>,
    question: &SurveyQuestion<'_>,
) -> Result<Survey, SurveyError<E>>
where
    F: Fn(usize, u64) -> Result<System, E>,
{
    let (options, limits) = (question.options, question.options.limits);
    let answer = |survey: &Survey| Some(answer(survey, system, question.reach?));
    let fit = |states| closest(family, states, limits.stop).map_err(SurveyError::Family);
    let mut survey = Survey::default();
    let glance = Options {
        limits: Limits {
            states: limits.states.min(GLANCE),
            ..limits
        },
        progress: &|_| {},
        ..options
    };
    let mut search = Search::new(system, &glance);
    if let Ok(search) = &mut search {
        let mut found = search.run().map_err(SurveyError::Census)?;
        retell(&mut found, system);
        survey.census = Some(found);
        if survey.is_exhausted() {
            survey.answer = answer(&survey);
            return Ok(survey);
        }
    }
    survey.worst = by_rule(system);
    // What a rule answers needs no search.
    survey.answer = answer(&survey);
    let known = !matches!(survey.answer, None | Some(ReachAnswer::Incomplete));
    if known || survey.limit() == Some(Limit::Stopped) {
        return Ok(survey);
    }
    let chains = Chains::of(system);
    let most_work = if question.regardless {
        f64::MAX
    } else {
        MOST_WORK
    };
    match &chains {
        Some(chains) if chains.work() <= most_work => {
            if let Ok(census) = chains.count(&options) {
                survey.census = Some(census);
                survey.worst = None;
                survey.answer = answer(&survey);
                return Ok(survey);
            }
        }
        Some(chains) if family.is_some() => {
            survey.beyond = Some(chains.states());
            survey.closest = chains.closest(MOST_WORK);
        }
        _ => {}
    }
    if survey.beyond.is_none() {
        survey.beyond =
            beyond(system, family, question, survey.worst.as_ref()).map_err(SurveyError::Family)?;
        if survey.beyond.is_some() {
            let fitting = limits.memory / USUAL_BYTES;
            survey.closest = fit(fitting.min(limits.states).min(SECONDS))?;
        }
    }
    if (limits.stop)() {
        // What was estimated meanwhile means nothing.
        (survey.beyond, survey.closest) = (None, None);
        survey.stopped = true;
    }
    if survey.beyond.is_some() || survey.stopped {
        return Ok(survey);
    }
    if let Ok(search) = &mut search
        && survey.limit() == Some(Limit::States)
        && limits.states > GLANCE
    {
        search.extend(&options);
        let mut found = search.run().map_err(SurveyError::Census)?;
        retell(&mut found, system);
        survey.census = Some(found);
    }
    let states = survey.census.as_ref().map_or(0, |census| census.states);
    match survey.limit() {
        None => survey.worst = None,
        Some(Limit::States) => survey.closest = fit(limits.states)?,
        Some(Limit::Memory) => survey.closest = fit(states)?,
        Some(Limit::Stopped) => {}
    }
    survey.closest = survey.closest.filter(|_| !(limits.stop)());
    survey.answer = answer(&survey);
    Ok(survey)
}

/// Returns the estimated number of states if memory cannot hold them, or if the search is not worth
/// its time.
fn beyond<F, E>(
    system: &System,
    family: Option<&Family<F>>,
    question: &SurveyQuestion<'_>,
    worst: Option<&WorstSchedule>,
) -> Result<Option<Estimate>, E>
where
    F: Fn(usize, u64) -> Result<System, E>,
{
    if system.threads() > MOST_THREADS {
        return Ok(Some(Estimate::AtLeast(GLANCE)));
    }
    let Some(family) = family.filter(|_| !question.regardless) else {
        return Ok(None);
    };
    let stop = question.options.limits.stop;
    let size = (family.threads, family.increments);
    let is_proven = worst.is_some_and(|worst| worst.most.is_some() && worst.most == worst.total);
    let in_memory = question.options.limits.memory / LEAST_BYTES;
    let enough = if is_proven { SECONDS } else { in_memory };
    if is_surely_within(&family.system, size, enough, stop)? {
        return Ok(None);
    }
    let estimate = estimate(&family.system, size.0, size.1, stop)?;
    let is_beyond = if is_proven {
        // Only the number of schedules remains to be found out.
        estimate.at_most().is_none_or(|states| states > SECONDS)
    } else {
        estimate.at_least() > in_memory
    };
    Ok(is_beyond.then_some(estimate))
}

/// Returns the closest smaller size with at most this many states, if there is one.
fn closest<F, E>(
    family: Option<&Family<F>>,
    states: u64,
    stop: &(dyn Fn() -> bool + Sync),
) -> Result<Option<(usize, u64)>, E>
where
    F: Fn(usize, u64) -> Result<System, E>,
{
    let Some(family) = family else {
        return Ok(None);
    };
    let own = (family.threads, family.increments);
    let size = closest_fit(&family.system, own.0, own.1, states, stop)?;
    Ok(size.filter(|&size| size != own))
}

fn answer(survey: &Survey, system: &System, total: u64) -> ReachAnswer {
    let reach = survey.census.as_ref().map(|census| census.reach(total));
    match reach {
        Some(Reach::Witness(outcome)) => return ReachAnswer::Witness(outcome.witness.clone()),
        Some(Reach::Impossible(schedules)) => return ReachAnswer::Examined(schedules.clone()),
        Some(Reach::Reachable | Reach::Incomplete(_)) | None => {}
    }
    if let Some(schedule) = to_total(system, total) {
        return ReachAnswer::Witness(Some(schedule));
    }
    let excluded = |worst: &&WorstSchedule| match (worst.proof, worst.total) {
        (Proof::Constructed, Some(least)) => total < least,
        (Proof::Same, Some(same)) => total != same,
        _ => false,
    };
    if let Some(worst) = survey.worst.as_ref().filter(excluded) {
        return ReachAnswer::Excluded(worst.clone());
    }
    match (&survey.worst, reach) {
        (Some(worst), _) if worst.total == Some(total) => {
            ReachAnswer::Witness(Some(worst.schedule.clone()))
        }
        (_, Some(Reach::Reachable)) => ReachAnswer::Witness(None),
        _ => ReachAnswer::Incomplete,
    }
}
