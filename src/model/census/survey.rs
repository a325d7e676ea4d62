//! A census with foresight: a glance first, and then either the whole of it or, for sizes beyond
//! any search, what can be said without one.

use std::fmt;

use num_bigint::BigUint;

use super::estimate::{Estimate, closest_fit, estimate};
use super::key::MOST_THREADS;
use super::outcome::{Census, Reach, Verdict};
use super::sweep::{Options, census};
use crate::model::error::CensusError;
use crate::model::limits::{Limit, Limits};
use crate::model::schedule::token::Schedule;
use crate::model::schedule::worst::{Proof, Worst, by_rule, to_total};
use crate::model::system::System;

/// How many states a glance looks at: a tenth of a second.
const GLANCE: u64 = 100_000;

/// Fewer bytes than any census ever held for each of its states.
const LEAST_BYTES: u64 = 2;

/// As many states as a census looks at in some seconds.
const SECONDS: u64 = 2_000_000;

/// As many bytes as a census of millions of states holds for each of them, and some more.
const USUAL_BYTES: u64 = 24;

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// Whether this total can come about; the answer may come before the census is done.
    pub reach: Option<u64>,
    /// Whether to search as far as the limits go even where the end is out of reach.
    pub regardless: bool,
    /// How to count.
    pub options: Options<'a>,
}

/// The systems among which the surveyed one is one size, for what smaller sizes tell of it.
#[derive(Clone, Copy, Debug)]
pub struct Family<F> {
    /// The threads of the surveyed system.
    pub threads: usize,
    /// The increments that each of them makes.
    pub increments: u64,
    /// Makes the system with these threads and increments.
    pub system: F,
}

/// What is known when a survey is over.
#[derive(Clone, Debug, PartialEq)]
pub struct Survey {
    /// The census, or the beginning of one; `None` if it could not even begin.
    pub census: Option<Census>,
    /// How many states there are by estimation, where they were not searched: because memory cannot
    /// hold them, or because it would take more than seconds while a rule tells the only total.
    pub beyond: Option<Estimate>,
    /// The worst schedule by rule, where not all were counted.
    pub worst: Option<Worst>,
    /// The answer, if a total was asked for.
    pub answer: Option<Answer>,
    /// Threads and increments of the closest smaller size that can be counted, where this one was
    /// not: in some seconds, or within the limit that was reached.
    pub closest: Option<(usize, u64)>,
}

/// Whether a total can come about.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// Yes; `None` where witnesses were not wanted, or the search ended before it had one.
    Witness(Option<Schedule>),
    /// No: all schedules, so many, were examined.
    Examined(BigUint),
    /// No: by rule no schedule ends below this total, or none in any other than this one.
    Excluded(Worst),
    /// Nobody knows: the search ended first.
    Incomplete,
}

impl Survey {
    /// The limit that ended the census; `None` if none did.
    pub fn limit(&self) -> Option<Limit> {
        match self.census.as_ref()?.verdict {
            Verdict::Exhausted => None,
            Verdict::Truncated(limit) => Some(limit),
        }
    }

    /// Whether every schedule was counted.
    pub fn is_exhausted(&self) -> bool {
        let verdict = self.census.as_ref().map(|census| census.verdict);
        verdict == Some(Verdict::Exhausted)
    }
}

/// Why there is no survey.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SurveyError<E> {
    /// The family has no such member.
    Family(E),
    /// It can't be counted.
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
/// What `family` reports, and what cannot be counted at all.
pub fn survey<F, E>(
    system: &System,
    family: Option<&Family<F>>,
    question: &Question<'_>,
) -> Result<Survey, SurveyError<E>>
where
    F: Fn(usize, u64) -> Result<System, E>,
{
    let mut survey = Survey {
        census: None,
        beyond: None,
        worst: None,
        answer: None,
        closest: None,
    };
    if system.threads() <= MOST_THREADS {
        survey.census = Some(glance(system, question)?);
        if survey.is_exhausted() {
            return Ok(answered(survey, system, question));
        }
    }
    survey.worst = by_rule(system);
    let limits = question.options.limits;
    // What a rule answers needs no search.
    survey = answered(survey, system, question);
    let known = !matches!(survey.answer, None | Some(Answer::Incomplete));
    if known || survey.limit() == Some(Limit::Stopped) {
        return Ok(survey);
    }
    if let Some(states) = beyond(system, family, question, survey.worst.as_ref())? {
        survey.beyond = Some(states);
        let fitting = limits.memory / USUAL_BYTES;
        survey.closest = fit(family, fitting.min(limits.states).min(SECONDS))?;
        return Ok(survey);
    }
    let glanced = survey.limit() == Some(Limit::States) && limits.states > GLANCE;
    if glanced {
        survey.census = Some(census(system, &question.options).map_err(SurveyError::Census)?);
    }
    let states = survey.census.as_ref().map_or(0, |census| census.states);
    match survey.limit() {
        None => survey.worst = None,
        Some(Limit::States) => survey.closest = fit(family, limits.states)?,
        Some(Limit::Memory) => survey.closest = fit(family, states)?,
        Some(Limit::Stopped) => {}
    }
    Ok(answered(survey, system, question))
}

/// The census, if it is a small one.
fn glance<E>(system: &System, question: &Question<'_>) -> Result<Census, SurveyError<E>> {
    let limits = question.options.limits;
    let options = Options {
        limits: Limits {
            states: limits.states.min(GLANCE),
            ..limits
        },
        progress: &|_| {},
        ..question.options
    };
    census(system, &options).map_err(SurveyError::Census)
}

/// The number of states, if a search could never hold them, or is not worth its time.
fn beyond<F, E>(
    system: &System,
    family: Option<&Family<F>>,
    question: &Question<'_>,
    worst: Option<&Worst>,
) -> Result<Option<Estimate>, SurveyError<E>>
where
    F: Fn(usize, u64) -> Result<System, E>,
{
    if system.threads() > MOST_THREADS {
        return Ok(Some(Estimate::AtLeast(GLANCE)));
    }
    let Some(family) = family.filter(|_| !question.regardless) else {
        return Ok(None);
    };
    let estimate =
        estimate(&family.system, family.threads, family.increments).map_err(SurveyError::Family)?;
    let is_proven = worst.is_some_and(|worst| worst.most.is_some() && worst.most == worst.total);
    let is_beyond = if is_proven {
        // Only how many schedules there are is left to be found out.
        estimate.at_most().is_none_or(|states| states > SECONDS)
    } else {
        estimate.at_least() > question.options.limits.memory / LEAST_BYTES
    };
    Ok(is_beyond.then_some(estimate))
}

/// The closest smaller size with at most this many states, where there are sizes.
fn fit<F, E>(
    family: Option<&Family<F>>,
    states: u64,
) -> Result<Option<(usize, u64)>, SurveyError<E>>
where
    F: Fn(usize, u64) -> Result<System, E>,
{
    let Some(family) = family else {
        return Ok(None);
    };
    let own = (family.threads, family.increments);
    closest_fit(&family.system, own.0, own.1, states)
        .map_err(SurveyError::Family)
        .map(|size| size.filter(|&size| size != own))
}

/// The survey with the best answer that can be given now.
fn answered(mut survey: Survey, system: &System, question: &Question<'_>) -> Survey {
    if let Some(total) = question.reach {
        survey.answer = Some(answer(&survey, system, total));
    }
    survey
}

fn answer(survey: &Survey, system: &System, total: u64) -> Answer {
    let reach = survey.census.as_ref().map(|census| census.reach(total));
    match reach {
        Some(Reach::Witness(outcome)) => return Answer::Witness(outcome.witness.clone()),
        Some(Reach::Impossible(schedules)) => return Answer::Examined(schedules.clone()),
        Some(Reach::Reachable | Reach::Incomplete(_)) | None => {}
    }
    if let Some(schedule) = to_total(system, total) {
        return Answer::Witness(Some(schedule));
    }
    let excluded = |worst: &&Worst| match (worst.proof, worst.total) {
        (Proof::Constructed, Some(least)) => total < least,
        (Proof::Same, Some(same)) => total != same,
        _ => false,
    };
    if let Some(worst) = survey.worst.as_ref().filter(excluded) {
        return Answer::Excluded(worst.clone());
    }
    match (&survey.worst, reach) {
        (Some(worst), _) if worst.total == Some(total) => {
            Answer::Witness(Some(worst.schedule.clone()))
        }
        (_, Some(Reach::Reachable)) => Answer::Witness(None),
        _ => Answer::Incomplete,
    }
}
