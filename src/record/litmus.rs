//! Litmus tests: what a census says of a condition, and `miscount.litmus/1`, the verdicts of several tests.

use std::borrow::Cow;
use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::census::{CensusRecord, CensusVerdict};
use super::data::Record;
use super::end::EndKind;
use super::schema::Versioned;
use crate::language::{LitmusQuantifier, Race};
use crate::model::Census;

/// The condition of a litmus test, and what a census says of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ConditionRecord {
    /// The name in the test's header.
    pub test: String,
    /// What is asked of the final states: `exists`, `~exists` or `forall`.
    pub quantifier: Cow<'static, str>,
    /// The condition, as herd prints it.
    pub text: String,
    /// Whether it holds with its quantifier; null if the search ended before that was known.
    pub holds: Option<bool>,
    /// The number of final states of which the condition itself holds.
    pub positive: u64,
    /// The number of the other final states.
    pub negative: u64,
    /// A schedule that shows it, or contradicts it; null if there is none.
    pub witness: Option<String>,
    /// The registers and locations that a state consists of, in herd's order.
    pub places: Vec<String>,
}

/// How often the condition of a test is seen to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Observation {
    /// In no final state.
    Never,
    /// In some.
    Sometimes,
    /// In all.
    Always,
}

impl ConditionRecord {
    /// Returns what a census says of the condition of a litmus test; `None` for any other program.
    pub(super) fn new(race: &Race, census: &Census) -> Option<Self> {
        let test = race.test.as_ref()?;
        let claim = race.program.claims.first()?;
        let verdict = race.verdict(claim, census);
        let witness = verdict.example.and_then(|end| end.witness.as_ref());
        // Behind them are those that only the filter mentions.
        let shown = race.program.shown.len();
        let mut states = [BTreeSet::new(), BTreeSet::new()];
        for outcome in &census.outcomes {
            if let Some(holds) = race.satisfies(&outcome.end)
                && let crate::model::Ending::Values(values) = &outcome.end
            {
                let state = values.iter().take(shown).copied();
                states[usize::from(holds)].insert(state.collect::<Vec<_>>());
            }
        }
        let [negative, positive] = states.map(|states| states.len() as u64);
        Some(Self {
            test: test.name.clone(),
            quantifier: test.quantifier.spelling().into(),
            text: test.herd.clone(),
            holds: verdict.holds,
            positive,
            negative,
            witness: witness.map(ToString::to_string),
            places: race.value_names().into_iter().take(shown).collect(),
        })
    }

    /// Returns how often the condition is seen to hold.
    pub fn observation(&self) -> Observation {
        match (self.positive, self.negative) {
            (0, _) => Observation::Never,
            (_, 0) => Observation::Always,
            _ => Observation::Sometimes,
        }
    }

    /// Returns what the test says of the condition, in herd's words.
    pub fn expectation(&self) -> &'static str {
        match LitmusQuantifier::spelt(&self.quantifier) {
            Some(LitmusQuantifier::Exists) | None => "Allowed",
            Some(LitmusQuantifier::NotExists) => "Forbidden",
            Some(LitmusQuantifier::Forall) => "Required",
        }
    }
}

impl CensusRecord {
    /// Returns the final states that a litmus test looks at, each with a value for each of the places of its
    /// condition, in rising order.
    pub fn states_seen(&self) -> BTreeSet<Vec<i64>> {
        let places = self
            .condition
            .as_ref()
            .map_or(&[][..], |condition| &condition.places);
        let seen = self
            .outcomes
            .iter()
            .filter(|outcome| outcome.end.kind == EndKind::Finished && outcome.satisfies.is_some());
        let state = |values: &std::collections::BTreeMap<String, i64>| {
            let value = |place| values.get(place).copied().unwrap_or_default();
            places.iter().map(value).collect()
        };
        seen.filter_map(|outcome| outcome.end.values.as_ref().map(state))
            .collect()
    }
}

/// The verdicts of several litmus tests.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LitmusRecord {
    /// The memory model.
    pub memory: Cow<'static, str>,
    /// The tests, in their order.
    #[serde(skip_serializing)] // Written beside the rest, or before it line by line.
    pub tests: Vec<TestRecord>,
    /// How many of them there are.
    pub count: u64,
    /// The number of those whose condition holds.
    pub holding: u64,
    /// The number of those whose condition does not hold.
    pub broken: u64,
    /// The number of those whose search ended before that was known.
    pub unknown: u64,
    /// The number of those that could not be read.
    pub refused: u64,
    /// The examined states of all.
    pub states: u64,
    /// Nanoseconds that all searches took together.
    pub elapsed_ns: u64,
    /// Whether the work was interrupted before all tests were judged.
    pub interrupted: bool,
}

/// A litmus test and its verdict.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TestRecord {
    /// Its file.
    pub program: String,
    /// The name in its header; null if it could not be read.
    pub test: Option<String>,
    /// What is asked of the final states: `exists`, `~exists` or `forall`.
    pub quantifier: Option<Cow<'static, str>>,
    /// The condition.
    pub text: Option<String>,
    /// Whether it holds with its quantifier; null if that is not known.
    pub holds: Option<bool>,
    /// How often the condition itself is seen to hold.
    pub observation: Option<Observation>,
    /// Whether every schedule was counted; null if the test could not be read.
    pub verdict: Option<CensusVerdict>,
    /// The number of its final states.
    pub final_states: u64,
    /// The examined states.
    pub states: u64,
    /// A schedule that shows the verdict; null if there is none.
    pub witness: Option<String>,
    /// Why it could not be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Nanoseconds that the search took.
    pub elapsed_ns: u64,
}

/// The record as one JSON object.
#[derive(Serialize, JsonSchema)]
pub(super) struct LitmusWhole<'a> {
    #[serde(flatten)]
    pub record: &'a LitmusRecord,
    /// The tests, in their order.
    pub tests: &'a [TestRecord],
}

/// A line of JSON lines.
#[derive(Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum LitmusLine<'a> {
    /// A test.
    Test(&'a TestRecord),
    /// The last line: the record without the tests.
    Summary(Versioned<&'a LitmusRecord>),
}

impl TestRecord {
    /// Returns the verdict of a census.
    pub fn judged(program: &str, census: &CensusRecord) -> Self {
        let condition = census.condition.as_ref();
        Self {
            program: program.to_owned(),
            test: condition.map(|condition| condition.test.clone()),
            quantifier: condition.map(|condition| condition.quantifier.clone()),
            text: condition.map(|condition| condition.text.clone()),
            holds: condition.and_then(|condition| condition.holds),
            observation: condition.map(ConditionRecord::observation),
            verdict: Some(census.verdict),
            final_states: condition.map_or(0, |condition| condition.positive + condition.negative),
            states: census.states,
            witness: condition.and_then(|condition| condition.witness.clone()),
            error: None,
            elapsed_ns: census.elapsed_ns,
        }
    }

    /// Returns that a test could not be read, and why.
    pub fn refused(program: &str, error: String) -> Self {
        Self {
            program: program.to_owned(),
            test: None,
            quantifier: None,
            text: None,
            holds: None,
            observation: None,
            verdict: None,
            final_states: 0,
            states: 0,
            witness: None,
            error: Some(error),
            elapsed_ns: 0,
        }
    }
}

impl LitmusRecord {
    /// Returns the record of tests under a memory model.
    pub fn new(memory: &'static str, tests: Vec<TestRecord>, interrupted: bool) -> Self {
        let count =
            |of: fn(&TestRecord) -> bool| tests.iter().filter(|test| of(test)).count() as u64;
        Self {
            memory: memory.into(),
            count: tests.len() as u64,
            holding: count(|test| test.holds == Some(true)),
            broken: count(|test| test.holds == Some(false)),
            unknown: count(|test| test.holds.is_none() && test.error.is_none()),
            refused: count(|test| test.error.is_some()),
            states: tests.iter().map(|test| test.states).sum(),
            elapsed_ns: tests.iter().map(|test| test.elapsed_ns).sum(),
            interrupted,
            tests,
        }
    }
}

impl Record for LitmusRecord {
    type Line<'a> = LitmusLine<'a>;

    fn columns(&self) -> &'static str {
        "program,test,memory,quantifier,holds,observation,final_states,states,elapsed_ns,witness,text,error"
    }

    fn items(&self) -> impl Iterator<Item = Self::Line<'_>> {
        self.tests.iter().map(LitmusLine::Test)
    }

    fn summary(&self) -> Option<Self::Line<'_>> {
        Some(LitmusLine::Summary(Versioned::new(self)))
    }

    fn whole(&self) -> impl Serialize + '_ {
        Versioned::new(LitmusWhole {
            record: self,
            tests: &self.tests,
        })
    }
}
