//! The subject of a record: a strategy or a race program.

use std::borrow::Cow;
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::language::in_gallery;
use crate::model::System;
use crate::plan::{Maker, Subject};
use crate::strategy::{Shape, Strategy};

/// A strategy by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StrategyRecord {
    /// The strategy's name.
    #[serde(rename = "strategy")]
    pub name: Cow<'static, str>,
    /// The flags by which the strategy differs from its default.
    pub flags: String,
}

/// The name of a strategy or a race program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SubjectName {
    /// The strategy's name; null for a race program.
    pub strategy: Option<Cow<'static, str>>,
    /// The race program's name: of the gallery, of its file, or `-`; left out for others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub program: Option<Cow<'static, str>>,
    /// The flags by which it differs from its default.
    pub flags: String,
    /// The text of a program that is not of the gallery, so that the record can be shown without its file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// A strategy or a race program, and what is known of it beforehand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SubjectRecord {
    /// Its name.
    #[serde(flatten)]
    pub name: SubjectName,
    /// N, the number of threads.
    pub threads: usize,
    /// The names of the threads in a race program, from A on, each empty if it has none; left out if no thread has
    /// one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub thread_names: Vec<String>,
    /// M, the increments of each thread; null for a race program.
    pub increments: Option<u64>,
    /// The correct total, N x M for a strategy; null for a race program.
    pub expected: Option<u64>,
    /// The condition of the correct outcomes; left out where a race program states none, and for a strategy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expect: Option<String>,
}

impl StrategyRecord {
    /// Returns the name of a strategy.
    pub fn new(strategy: &Strategy) -> Self {
        Self {
            name: strategy.kind().name.into(),
            flags: strategy.flags(),
        }
    }
}

impl SubjectName {
    /// Returns the name of a subject.
    pub fn new(subject: &Subject) -> Self {
        let name = Some(subject.name.clone());
        let (strategy, program) = match subject.maker {
            Maker::Strategy(..) => (name, None),
            Maker::Program(_) => (None, name),
        };
        Self {
            strategy,
            program,
            flags: subject.flags.clone(),
            text: subject.own_source().map(Into::into),
        }
    }
}

impl SubjectRecord {
    /// Returns the record of a subject, which has this system.
    pub fn new(subject: &Subject, system: &System) -> Self {
        Self {
            name: SubjectName::new(subject),
            threads: system.threads(),
            thread_names: subject
                .race()
                .map_or_else(Vec::new, |race| race.program.thread_names()),
            increments: subject.shape().map(Shape::increments),
            expected: subject.expected,
            expect: subject
                .race()
                .and_then(|race| race.program.expectation.clone()),
        }
    }

    /// Returns the name of the repaired form, if the gallery has one.
    pub fn repaired(&self) -> Option<String> {
        let program = self.name.program.as_deref()?;
        let repaired = format!("{program}-fixed");
        in_gallery(&repaired).map(|_| repaired)
    }

    /// Returns the number of lost increments at a total; `None` if the total does not count them.
    pub fn lost(&self, total: u64) -> Option<u64> {
        let expected = self.expected.filter(|_| self.name.strategy.is_some())?;
        Some(expected.saturating_sub(total))
    }

    /// Returns the arguments that name the subject again: `unsynced -t 2 -i 5`.
    pub fn arguments(&self) -> String {
        match self.increments {
            Some(increments) => format!("{} -t {} -i {increments}", self.name, self.threads),
            None => self.name.to_string(),
        }
    }
}

/// The name with the flags, as the reader types them.
impl fmt::Display for StrategyRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        typed(f, &self.name, &self.flags)
    }
}

/// The name with the flags, as the reader types them.
impl fmt::Display for SubjectName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.strategy.as_deref().or(self.program.as_deref());
        typed(f, name.unwrap_or_default(), &self.flags)
    }
}

fn typed(f: &mut fmt::Formatter<'_>, name: &str, flags: &str) -> fmt::Result {
    let gap = if flags.is_empty() { "" } else { " " };
    write!(f, "{name}{gap}{flags}")
}
