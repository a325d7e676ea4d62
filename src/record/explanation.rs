//! The record of a strategy or a race program explained: `miscount.explanation/1`.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::data::Record;
use super::interleaving::{Happening, interleaving};
use super::schema::Versioned;
use super::subject::{SubjectName, SubjectRecord};
use crate::error::Error;
use crate::model::{Census, Schedule, Story, System};
use crate::plan::Subject;
use crate::strategy::Strategy;

/// A strategy or a race program explained.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ExplanationRecord {
    /// Its name.
    #[serde(flatten)]
    pub subject: SubjectName,
    /// What it does, in a line.
    pub summary: Cow<'static, str>,
    /// The story and the question of a race program; left out for a strategy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub story: Option<Cow<'static, str>>,
    /// What to look at when it runs; null for a race program.
    pub look_at: Option<Cow<'static, str>>,
    /// Whether every run of it must end with the correct total; null for a race program.
    pub correct: Option<bool>,
    /// Why it is right or wrong.
    pub why: Cow<'static, str>,
    /// What kind of race it has; null if it has none.
    pub race: Option<Marked>,
    /// Its code in essence, in Rust; null for a race program.
    pub code: Option<Cow<'static, str>>,
    /// How the program differs from this code, or what the code does not show; null if there is
    /// nothing to add.
    pub note: Option<Marked>,
    /// The same as instructions of the model; null if there is no program.
    pub listing: Option<Listing>,
    /// Why there is no program; null if there is one.
    pub not_modelled: Option<String>,
    /// A schedule that ends wrongly, step by step; null if there is none.
    pub breaking: Option<Breaking>,
    /// How the schedules of a small size end, all counted; null if there is no program.
    pub counted: Option<Counted>,
    /// What it costs, in words; null for a race program.
    pub costs: Option<Marked>,
    /// What the same thing is called in other languages; null for a race program.
    pub elsewhere: Option<ElsewhereRecord>,
    /// The commands that show it.
    pub commands: Vec<CommandRecord>,
}

/// The result of the model for a subject.
#[derive(Clone, Debug)]
pub struct Found {
    /// Its program.
    pub listing: Listing,
    /// A schedule that ends wrongly, if there is one.
    pub breaking: Option<Breaking>,
    /// How all schedules of a small size end.
    pub counted: Counted,
}

/// A program of the model.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Listing {
    /// The increments that it is the program of; null for a race program.
    pub increments: Option<u64>,
    /// The number of different programs of the threads; this is the first.
    pub programs: usize,
    /// Its instructions.
    pub instructions: Vec<InstructionRecord>,
    /// The other programs; left out for a strategy, whose programs are alike but for a variable.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<ProgramRecord>,
}

/// A further program of the model.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ProgramRecord {
    /// The first thread that runs it.
    pub thread: String,
    /// Its instructions.
    pub instructions: Vec<InstructionRecord>,
}

/// An instruction of the model.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct InstructionRecord {
    /// Its place in the program, from 0, which jumps refer to.
    pub at: usize,
    /// The instruction.
    pub instruction: String,
    /// Whether it accesses shared state, and so is a step that other threads can precede.
    pub step: bool,
}

/// A schedule that ends wrongly.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Breaking {
    /// N, the number of threads.
    pub threads: usize,
    /// M, the increments of each thread; null for a race program.
    pub increments: Option<u64>,
    /// The correct total; null for a race program.
    pub expected: Option<u64>,
    /// The arguments that name the subject at this size.
    #[serde(skip)]
    pub(super) arguments: String,
    /// The total it ends with; null for a deadlock.
    pub total: Option<u64>,
    /// The schedule as a token.
    pub schedule: String,
    /// Its steps.
    pub interleaving: Vec<Happening>,
}

/// How all schedules end.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Counted {
    /// N, the number of threads.
    pub threads: usize,
    /// M, the increments of each thread; null for a race program.
    pub increments: Option<u64>,
    /// The correct total; null for a race program.
    pub expected: Option<u64>,
    /// How many schedules there are, an integer of any size.
    pub schedules: String,
    /// How they end: totals in rising order, then deadlocks.
    pub outcomes: Vec<CountedOutcome>,
}

/// All schedules that end alike.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct CountedOutcome {
    /// The total; null for a deadlock.
    pub total: Option<u64>,
    /// How many schedules, an integer of any size.
    pub schedules: String,
}

/// What a strategy is called in other languages.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ElsewhereRecord {
    /// In Go.
    pub go: Marked,
    /// In Java.
    pub java: Marked,
    /// In C++.
    pub cpp: Marked,
    /// In Python.
    pub python: Marked,
}

/// A command to type.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct CommandRecord {
    /// The purpose of the command.
    pub purpose: Cow<'static, str>,
    /// The command.
    pub command: Cow<'static, str>,
}

impl CommandRecord {
    /// Returns a command with its purpose.
    pub fn new(purpose: &'static str, command: impl Into<Cow<'static, str>>) -> Self {
        Self {
            purpose: purpose.into(),
            command: command.into(),
        }
    }
}

/// Words with code between backticks, as in Markdown.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(inline)]
pub struct Marked(pub Cow<'static, str>);

impl Marked {
    pub(super) const fn new(words: &'static str) -> Self {
        Self(Cow::Borrowed(words))
    }
}

/// A line of JSON lines; there is only one.
#[derive(Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum ExplanationLine<'a> {
    /// The whole record.
    Explanation(Versioned<&'a ExplanationRecord>),
}

impl ExplanationRecord {
    /// Returns the explanation of a strategy, with the result of the model unless it has no program. It is
    /// `traceable` if `trace` can record it.
    pub fn new(
        subject: &Subject,
        strategy: &Strategy,
        found: Result<Found, Error>,
        traceable: bool,
    ) -> Self {
        let words = strategy.words();
        let (found, not_modelled) = match found {
            Ok(found) => (Some(found), None),
            Err(reason) => (None, Some(reason.to_string())),
        };
        let elsewhere = words.elsewhere;
        Self {
            subject: SubjectName::new(subject),
            summary: subject.words.title.clone(),
            story: None,
            look_at: Some(words.look_at.into()),
            correct: Some(strategy.is_correct()),
            why: subject.words.why.clone(),
            race: words.race.map(Marked::new),
            code: Some(words.code.into()),
            note: words.note.map(Marked::new),
            commands: commands(subject, strategy, found.as_ref(), traceable),
            not_modelled,
            listing: found.as_ref().map(|found| found.listing.clone()),
            breaking: found.as_ref().and_then(|found| found.breaking.clone()),
            counted: found.map(|found| found.counted),
            costs: Some(Marked::new(words.costs)),
            elsewhere: Some(ElsewhereRecord {
                go: Marked::new(elsewhere.go),
                java: Marked::new(elsewhere.java),
                cpp: Marked::new(elsewhere.cpp),
                python: Marked::new(elsewhere.python),
            }),
        }
    }
}

fn commands(
    subject: &Subject,
    strategy: &Strategy,
    found: Option<&Found>,
    traceable: bool,
) -> Vec<CommandRecord> {
    let mut commands = Vec::new();
    let mut add = |purpose, command: String| commands.push(CommandRecord::new(purpose, command));
    add("count on real threads", format!("miscount {subject}"));
    if traceable && !strategy.is_correct() {
        add(
            "trace a real run",
            format!("miscount trace {subject} -t 2 -i 50"),
        );
    }
    if let Some(found) = found {
        let arguments = subject.arguments();
        add(
            "every schedule, counted",
            format!("miscount explore {arguments}"),
        );
        let (purpose, arguments, schedule) = match &found.breaking {
            Some(wrong) => (
                "force this interleaving",
                &wrong.arguments,
                &*wrong.schedule,
            ),
            None => ("its steps, on real threads", &arguments, "serial"),
        };
        let command = format!("miscount replay {arguments} --schedule {schedule} --steps");
        add(purpose, command);
    }
    let command = format!("miscount compare {} {subject}", strategy.kind().beside);
    add("its cost on this machine", command);
    commands
}

impl Listing {
    /// Returns the program of the first thread; those of the others differ only in a variable.
    pub fn new(increments: u64, system: &System) -> Self {
        let code = (0..).zip(system.program(0).code());
        let instructions = code.map(|(at, instruction)| InstructionRecord {
            at,
            instruction: system.text(0, at).unwrap_or_default(),
            step: instruction.is_visible(),
        });
        Self {
            increments: Some(increments),
            programs: system.programs().len(),
            instructions: instructions.collect(),
            others: Vec::new(),
        }
    }
}

impl Breaking {
    /// Returns a schedule that ends with this total, or in a deadlock, and its story.
    pub fn new(
        subject: &SubjectRecord,
        total: Option<u64>,
        schedule: &Schedule,
        story: &Story,
    ) -> Self {
        Self {
            threads: subject.threads,
            increments: subject.increments,
            expected: subject.expected,
            arguments: subject.arguments(),
            total,
            schedule: schedule.to_string(),
            interleaving: interleaving(story),
        }
    }
}

impl Counted {
    /// Returns the counts of a complete census.
    pub fn new(subject: &SubjectRecord, census: &Census) -> Self {
        let outcomes = census.outcomes.iter().map(|outcome| CountedOutcome {
            total: outcome.end.total(),
            schedules: outcome.schedules.to_string(),
        });
        Self {
            threads: subject.threads,
            increments: subject.increments,
            expected: subject.expected,
            schedules: census.schedules.to_string(),
            outcomes: outcomes.collect(),
        }
    }
}

impl Record for ExplanationRecord {
    type Line<'a> = ExplanationLine<'a>;

    fn columns(&self) -> &'static str {
        match self.subject.strategy {
            Some(_) => {
                "strategy,flags,correct,summary,why,costs,elsewhere.go,elsewhere.java,\
                 elsewhere.cpp,elsewhere.python"
            }
            None => "program,correct,summary,story,why",
        }
    }

    fn items(&self) -> impl Iterator<Item = Self::Line<'_>> {
        std::iter::empty()
    }

    fn summary(&self) -> Option<Self::Line<'_>> {
        Some(ExplanationLine::Explanation(Versioned::new(self)))
    }
}
