//! The record of a census: `miscount.census/2`.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::data::Record;
use super::end::EndRecord;
use super::litmus::ConditionRecord;
use super::schema::Versioned;
use super::subject::{SubjectName, SubjectRecord};

/// The schedules of a system, as far as a search has counted them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CensusRecord {
    /// The explored system.
    #[serde(flatten)]
    pub subject: SubjectRecord,
    /// Whether every schedule was counted.
    pub verdict: CensusVerdict,
    /// Why the search ended early; null if it did not.
    pub stopped: Option<Stop>,
    /// Examined states, with equal states merged and interchangeable threads folded.
    pub states: u64,
    /// An estimated lower bound of the number of states; null if none was estimated.
    pub states_estimated: Option<u64>,
    /// The number of steps for which all schedules were followed, unless they ended before.
    pub layers: u64,
    /// The most states after the same number of steps.
    pub widest_layer: u64,
    /// The number of schedules, an integer of any size; null if not all were counted.
    pub schedules: Option<String>,
    /// How schedules end: totals in rising order, then deadlocks.
    #[serde(skip_serializing)] // Written beside the rest, or before it line by line.
    pub outcomes: Vec<OutcomeRecord>,
    /// The memory model.
    pub memory: Cow<'static, str>,
    /// Whether they were counted by a recurrence of the program's own instead of a search: then `states` and
    /// `widest_layer` are of that, without values.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub recurrence: bool,
    /// The most stores in a store buffer, where threads may store again and again: an outcome that needs
    /// more is not found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub room: Option<usize>,
    /// Whether some schedules never end, because threads can spin: then schedules can't be counted.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub endless: bool,
    /// How threads can go round for ever though each gets its turn.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub circle: Option<CircleRecord>,
    /// What a race program claims, each claim with its verdict.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<ClaimRecord>,
    /// Of a litmus test: its condition, with its verdict.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub condition: Option<ConditionRecord>,
    /// If not all schedules were counted: the totals of the schedules that were followed to their
    /// end; there may be others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reachable: Option<Vec<u64>>,
    /// If not all schedules were counted: the smallest total, if a rule yields it for any size.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub smallest: Option<SmallestRecord>,
    /// If not all schedules were counted: all totals, if a rule yields them for any size.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub totals: Option<TotalsRecord>,
    /// The answer to `--reach`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reach: Option<ReachRecord>,
    /// The closest smaller size that can be counted, if this one was not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closest: Option<ClosestRecord>,
    /// The most memory held by the search, in bytes, by its own account.
    pub memory_bytes: u64,
    /// Nanoseconds that the search took.
    pub elapsed_ns: u64,
}

/// The record as one JSON object.
#[derive(Serialize, JsonSchema)]
pub(super) struct CensusWhole<'a> {
    #[serde(flatten)]
    pub record: &'a CensusRecord,
    /// How schedules end: totals in rising order, then deadlocks.
    pub outcomes: &'a [OutcomeRecord],
}

/// A line of JSON lines.
#[derive(Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum CensusLine<'a> {
    /// Schedules that end alike.
    Outcome(&'a OutcomeRecord),
    /// The last line: the record without the outcomes.
    Summary(Versioned<&'a CensusRecord>),
}

/// Whether every schedule was counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum CensusVerdict {
    /// All of them.
    Exhausted,
    /// The search ended first.
    Truncated,
}

/// Why a search ended before every schedule was counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Stop {
    /// `--max-states` was reached.
    States,
    /// `--max-memory` was reached.
    Memory,
    /// `--timeout` has passed.
    Timeout,
    /// Interrupted by a signal.
    Interrupted,
    /// The estimated states are more than memory could ever hold; or more than can be examined in
    /// some seconds, and a rule yields the only total.
    Beyond,
    /// The question of `--reach` was answered.
    Answered,
}

/// All schedules that end alike.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OutcomeRecord {
    /// How they end; in a deadlock, the threads that wait at the end of the witness.
    #[serde(flatten)]
    pub end: EndRecord,
    /// Of a race program: the outcome as a condition that `--reach` takes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    /// Of a litmus test: whether its condition holds of this final state; left out where the test does not look at it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub satisfies: Option<bool>,
    /// The number of schedules, an integer of any size; if the search ended early, those found; null
    /// where some schedules never end.
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

/// A schedule that never ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CircleRecord {
    /// The steps before the first round, as a token.
    pub lead: String,
    /// The steps of a round, as a token.
    pub round: String,
    /// The threads that move in it.
    pub threads: Vec<String>,
    /// Whether no step leads out of it.
    pub certain: bool,
}

/// A claim, and what the census says of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ClaimRecord {
    /// The claim, as it is written.
    pub text: String,
    /// The memory model that it speaks of.
    pub memory: Cow<'static, str>,
    /// Whether it holds; null if the search ended before that was known.
    pub holds: Option<bool>,
    /// A schedule that shows it; null if there is none.
    pub witness: Option<String>,
}

/// The smallest total, by rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SmallestRecord {
    /// The total.
    pub total: u64,
    /// Whether every schedule ends in it.
    pub always: bool,
    /// A schedule that ends in it.
    pub witness: String,
}

/// A range of totals: exactly these are reachable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TotalsRecord {
    /// The smallest.
    pub from: u64,
    /// The greatest.
    pub to: u64,
}

/// The answer to `--reach`: whether a total is reachable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReachRecord {
    /// The total in question; null for a condition.
    pub total: Option<u64>,
    /// The condition in question, of a race program.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub condition: Option<String>,
    /// Whether it is reachable; null if the search ended before this was known.
    pub possible: Option<bool>,
    /// A schedule that ends in it; null if there is none, or none was found.
    pub witness: Option<String>,
    /// The switches of the witness.
    pub switches: Option<u64>,
    /// How the answer is known; null if it is not.
    pub known_by: Option<KnownBy>,
}

/// How an answer is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum KnownBy {
    /// All schedules were examined.
    Census,
    /// Schedules were followed to their end.
    Search,
    /// A rule yields it from the program, for any size.
    Rule,
}

/// A smaller size that can be counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ClosestRecord {
    /// Its threads.
    pub threads: usize,
    /// The increments of each.
    pub increments: u64,
    /// The command that explores it.
    pub command: String,
}

impl Record for CensusRecord {
    type Line<'a> = CensusLine<'a>;

    fn columns(&self) -> &'static str {
        match &self.subject.name {
            SubjectName {
                program: Some(_), ..
            } => {
                "kind,program,flags,threads,outcome,correct,schedules,share,fair_share,switches,witness"
            }
            _ => {
                "total,strategy,flags,threads,increments,deadlock,correct,schedules,share,\
                 fair_share,switches,witness"
            }
        }
    }

    fn items(&self) -> impl Iterator<Item = Self::Line<'_>> {
        self.outcomes.iter().map(CensusLine::Outcome)
    }

    fn summary(&self) -> Option<Self::Line<'_>> {
        Some(CensusLine::Summary(Versioned::new(self)))
    }

    fn whole(&self) -> impl Serialize + '_ {
        Versioned::new(CensusWhole {
            record: self,
            outcomes: &self.outcomes,
        })
    }
}
